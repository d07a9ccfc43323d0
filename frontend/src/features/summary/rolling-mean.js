const DAYS = 7;

/**
 * The mean of each value and up to six before it: sales have a weekday saw-tooth that drowns a daily line.
 * @param {number[]} values oldest first
 */
export function rollingMean(values) {
  return values.map((_, index) => {
    const window = values.slice(Math.max(0, index - DAYS + 1), index + 1);
    return window.reduce((sum, value) => sum + value, 0) / window.length;
  });
}
