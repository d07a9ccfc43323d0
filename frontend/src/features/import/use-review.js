import { useEffect, useReducer } from 'react';
import { inspectUnder } from '../../api/imports.js';
import { beginReview, isChecking, reviewMachine } from './review-machine.js';

/** So long nothing more has to be changed before the file is looked at again. */
const PAUSE_MS = 300;

/**
 * @param {string} id
 * @param {import('../../api/types').Inspection} first
 */
export function useReview(id, first) {
  const [state, dispatch] = useReducer(reviewMachine, first, beginReview);
  const { mapping, version, asking } = state;
  const due = isChecking(state) && !asking;
  useEffect(() => {
    if (!due) return undefined;
    const timer = setTimeout(() => {
      dispatch({ type: 'ask' });
      inspectUnder(id, mapping).then(
        (inspection) => dispatch({ type: 'answer', version, inspection }),
        (error) => dispatch({ type: 'failed', error }),
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [id, due, mapping, version]);
  return {
    state,
    /** @param {import('../../api/types').Mapping} next @param {string} [about] the question that this answers */
    edit: (next, about) => dispatch({ type: 'edit', mapping: next, about }),
    retry: () => dispatch({ type: 'retry' }),
  };
}
