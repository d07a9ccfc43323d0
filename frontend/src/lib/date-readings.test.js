import { expect, test } from 'vitest';
import { dateReadings } from './date-readings.js';

test.each([
  ['3/4/2026', '2026-04-03', '2026-03-04'],
  ['11.12.2026 09:30', '2026-12-11', '2026-11-12'],
  [' 01-02-26', '2026-02-01', '2026-01-02'],
])('%s can be %s and %s', (text, dayFirst, monthFirst) => {
  expect(dateReadings(text)).toEqual({ day_month_year: dayFirst, month_day_year: monthFirst });
});

test.each(['22/11/2026', '11/22/2026', '5/5/2026', '2026-03-04', '3/4', '0/4/2026', 'soon', ''])('%s can be one day at most', (text) => {
  expect(dateReadings(text)).toBeNull();
});
