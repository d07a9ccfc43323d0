import { allQuestions, openQuestions } from './mapping-editor.js';

/**
 * The file under a mapping that is being changed. What was changed is shown at once; the answer belongs to one version of
 * it, and one that came too late is dropped. Nothing new is asked before the last question was answered, so that the
 * server's last word is about the newest mapping.
 *
 * @typedef {import('../../api/types').Mapping} Mapping
 * @typedef {import('../../api/types').Inspection} Inspection
 * @typedef {{
 *   inspection: Inspection, mapping: Mapping, version: number, seen: number, asking: boolean, error: Error | null,
 *   asked: Inspection['questions'], answered: ReadonlySet<string>,
 * }} Review `version` of the mapping shown; `seen`: the one that `inspection` is about
 * @typedef {{ type: 'edit', mapping: Mapping, about?: string } | { type: 'ask' } | { type: 'retry' }
 *   | { type: 'answer', version: number, inspection: Inspection } | { type: 'failed', error: Error }} ReviewEvent
 */

/** @param {Inspection} inspection @returns {Review} */
export const beginReview = (inspection) => ({
  inspection, mapping: inspection.mapping, version: 0, seen: 0, asking: false, error: null, asked: inspection.questions, answered: new Set(),
});

/** @param {Review} state @param {ReviewEvent} event @returns {Review} */
export function reviewMachine(state, event) {
  switch (event.type) {
    case 'edit':
      return {
        ...state, mapping: event.mapping, version: state.version + 1, error: null,
        answered: event.about === undefined ? state.answered : new Set([...state.answered, event.about]),
      };
    case 'ask':
      return { ...state, asking: true };
    case 'retry':
      return { ...state, error: null };
    case 'answer': {
      if (event.version !== state.version) return { ...state, asking: false };
      const { inspection } = event;
      return {
        ...state, asking: false, inspection, mapping: inspection.mapping, seen: event.version, asked: allQuestions(state.asked, inspection.questions),
      };
    }
    case 'failed':
      return { ...state, asking: false, error: event.error };
  }
}

/** Whether the newest mapping was not looked at yet. @param {Review} state */
export const isChecking = (state) => state.seen !== state.version && state.error === null;

/** Whether it can be imported as it is shown. @param {Review} state */
export const isReady = (state) =>
  state.seen === state.version && state.inspection.findings.every(({ level }) => level !== 'problem') &&
  openQuestions(state.asked, state.answered).length === 0 && state.inspection.ready && state.inspection.outcome.taken > 0;
