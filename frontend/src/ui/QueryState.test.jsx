// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { QueryState } from './QueryState.jsx';

const failure = Object.assign(new Error('The warehouse did not answer in time.'), { requestId: 'req-1' });

/** @param {any} query @param {any} [props] */
function show(query, props = {}) {
  return render(
    <QueryState query={{ data: undefined, error: null, refetch: () => {}, ...query }} what="regions" skeleton={<i>bones</i>} empty={<p>Nothing</p>} {...props}>
      {(data) => <p>{String(data)}</p>}
    </QueryState>,
  );
}

describe('every data view', () => {
  afterEach(cleanup);

  it('shows a skeleton while there is nothing', () => {
    show({});
    expect(screen.getByText('bones')).toBeDefined();
    expect(screen.getByText('Loading regions')).toBeDefined();
  });

  it('shows data, and the empty text when there is none', () => {
    show({ data: 'North' });
    expect(screen.getByText('North')).toBeDefined();
    cleanup();
    show({ data: '' }, { isEmpty: (/** @type {string} */ data) => data === '' });
    expect(screen.getByText('Nothing')).toBeDefined();
  });

  it('says what failed, with a retry and the request id', async () => {
    const refetch = vi.fn();
    show({ error: failure, refetch });
    expect(screen.getByRole('alert').textContent).toContain('Could not load regions.');
    expect(screen.getByRole('alert').textContent).toContain('req-1');
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it('keeps old data with its age when an update fails', () => {
    show({ data: 'North', error: failure }, { held: 'data from 14:58' });
    expect(screen.getByRole('alert').textContent).toContain('Could not update regions. Showing data from 14:58.');
    expect(screen.getByText('North')).toBeDefined();
  });

  it('dims data that answers an earlier question', () => {
    const { container } = show({ data: 'North' }, { dimmed: true });
    expect(container.querySelector('.dimmed')?.getAttribute('aria-busy')).toBe('true');
  });
});
