// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { ReceiptPanel } from './ReceiptPanel.jsx';

const costs = { statements: 12, execution_ms: 184_000, rows: 1234, bytes: 5_600_000, avoided: { live_questions: 3, digests: 1, months: 23 } };

/** @param {number} count */
const daysOf = (count) => Array.from({ length: count }, (_, index) => ({ day: `2026-11-${String(30 - index).padStart(2, '0')}`, ...costs }));

/** @param {any} data @param {any} [query] */
const show = (data, query) =>
  render(<ReceiptPanel query={{ data: { data }, error: null, refetch: () => {}, ...query }} warehouse="Snowflake" />);

/** @param {HTMLElement} row */
const texts = (row) => within(row).getAllByRole('cell').map(({ textContent }) => textContent);

describe('the cost receipt', () => {
  afterEach(cleanup);

  it('lists days and their totals', () => {
    show({ days: daysOf(2), totals: { ...costs, statements: 24, execution_ms: 368_000 } });
    const [, first, , total] = screen.getAllByRole('row');
    expect(within(/** @type {HTMLElement} */ (first)).getByRole('rowheader').textContent).toBe('30 Nov');
    expect(texts(/** @type {HTMLElement} */ (first))).toEqual(['12', '4', '23', '3 min 4 s', '1,234', '5.6 MB']);
    expect(within(/** @type {HTMLElement} */ (total)).getByRole('rowheader').textContent).toBe('2 days');
    expect(texts(/** @type {HTMLElement} */ (total))[0]).toBe('24');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows a week, and all days when asked', async () => {
    show({ days: daysOf(29), totals: costs });
    expect(screen.getAllByRole('row')).toHaveLength(7 + 2);
    await userEvent.click(screen.getByRole('button', { name: 'Show all (29)' }));
    expect(screen.getAllByRole('row')).toHaveLength(29 + 2);
  });

  it('says when nothing was asked, and when nobody counts', () => {
    show({ days: [], totals: costs });
    expect(screen.getByText('Nothing was asked yet')).toBeDefined();
    cleanup();
    show(null);
    expect(screen.getByText('Nobody counts here')).toBeDefined();
    expect(screen.getByText(/query history has all of them/).textContent).toContain('revops');
  });

  it('says when it cannot be loaded', () => {
    show(null, { data: undefined, error: new Error('No answer.') });
    expect(screen.getByRole('alert').textContent).toContain('Could not load the cost receipt. No answer.');
  });
});
