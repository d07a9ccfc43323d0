/**
 * Rows that update under a reader's eyes must not jump: new ones wait behind a pill until the reader asks for
 * them, except when nothing can be disturbed (then they are applied at once and marked for a moment).
 *
 * @typedef {import('../../api/types').LastMonthAnswer} LastMonthAnswer
 * @typedef {import('../../api/types').Sale} Sale
 * @typedef {{ shown: LastMonthAnswer | null, latest: LastMonthAnswer | null, fresh: ReadonlySet<string> }} LiveRows
 * @typedef {{ type: 'received', answer: LastMonthAnswer, apply: boolean } | { type: 'apply' } | { type: 'settle' }} LiveEvent
 */

/** @type {LiveRows} */
export const NO_ROWS = { shown: null, latest: null, fresh: new Set() };

/** A row as it stands, all columns that its table has; ids need not be there nor be unique. @param {Sale} sale */
export const rowKey = (sale) => JSON.stringify(sale);

/**
 * Keys of rows that `next` has and `shown` has not.
 * @param {LastMonthAnswer | null} shown
 * @param {LastMonthAnswer} next
 */
function newRows(shown, next) {
  if (shown === null) return new Set();
  const known = new Set(shown.data.map(rowKey));
  return new Set(next.data.map(rowKey).filter((key) => !known.has(key)));
}

/** How many rows wait behind the pill. @param {LiveRows} state */
export function waitingCount({ shown, latest }) {
  return latest === null || latest === shown ? 0 : newRows(shown, latest).size;
}

/** @param {LiveRows} state @param {LiveEvent} event @returns {LiveRows} */
export function liveRows(state, event) {
  switch (event.type) {
    case 'received': {
      if (event.answer === state.latest && !event.apply) return state;
      const fresh = newRows(state.shown, event.answer);
      if (event.apply || state.shown === null || fresh.size === 0) {
        return { shown: event.answer, latest: event.answer, fresh: fresh.size > 0 ? fresh : state.fresh };
      }
      return { ...state, latest: event.answer };
    }
    case 'apply':
      return state.latest === null || state.latest === state.shown
        ? state
        : { shown: state.latest, latest: state.latest, fresh: newRows(state.shown, state.latest) };
    case 'settle':
      return { ...state, fresh: new Set() };
  }
}
