import { useId } from 'react';
import { dateReadings } from '../../lib/date-readings.js';
import { DATE_ORDERS, DECIMAL_MARKS } from '../../lib/import-words.js';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import './Review.css';

const WORDS = /** @type {Record<string, string>} */ ({ ...DATE_ORDERS, ...DECIMAL_MARKS });

/**
 * "Month, day, year: 3/4/2026 is 4 Mar 2026": the choice by what it makes of a date of the file.
 * @param {string} choice @param {string[]} dates @param {import('../../lib/format.js').Format} format
 */
function wordsFor(choice, dates, format) {
  const words = WORDS[choice] ?? choice;
  const date = dates.find((text) => dateReadings(text) !== null);
  const on = date && dateReadings(date)?.[choice];
  return on ? `${words.split(':')[0]}: ${date} is ${format.day(on, '')}` : words;
}

/**
 * What only a person can tell; nothing is chosen until somebody does.
 * @param {{
 *   asked: import('../../api/types').Inspection['questions'], answered: ReadonlySet<string>,
 *   answerOf: (about: string) => string | null, onAnswer: (about: string, choice: string) => void, dates: string[],
 * }} props `dates` of the file, as it has them
 */
export function Questions({ asked, answered, answerOf, onAnswer, dates }) {
  const id = useId();
  const format = useFormat();
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
              {wordsFor(choice, dates, format)}
            </label>
          ))}
        </fieldset>
      ))}
    </Panel>
  );
}
