import { useId } from 'react';
import { DATE_ORDERS, DECIMAL_MARKS } from '../../lib/import-words.js';
import { Panel } from '../../ui/Panel.jsx';
import './Review.css';

const WORDS = /** @type {Record<string, string>} */ ({ ...DATE_ORDERS, ...DECIMAL_MARKS });

/**
 * What only a person can tell; nothing is chosen until somebody does.
 * @param {{
 *   asked: import('../../api/types').Inspection['questions'], answered: ReadonlySet<string>,
 *   answerOf: (about: string) => string | null, onAnswer: (about: string, choice: string) => void,
 * }} props
 */
export function Questions({ asked, answered, answerOf, onAnswer }) {
  const id = useId();
  const open = asked.filter(({ about }) => !answered.has(about)).length;
  const title = open === 0 ? 'Answered' : open === 1 ? 'One question first' : `${open} questions first`;
  return (
    <Panel title={title} className={open > 0 ? 'review-asks' : ''}>
      {asked.map(({ about, text, choices }) => (
        <fieldset key={about} className="review-question">
          <legend>{text}</legend>
          {choices.map((choice) => (
            <label key={choice} className="review-choice">
              <input type="radio" name={`${id}-${about}`} checked={answered.has(about) && answerOf(about) === choice} onChange={() => onAnswer(about, choice)} />
              {WORDS[choice] ?? choice}
            </label>
          ))}
        </fieldset>
      ))}
    </Panel>
  );
}
