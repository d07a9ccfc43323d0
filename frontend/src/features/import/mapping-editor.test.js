import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allQuestions, answerOf, dimensionName, distinctWords, freeColumns, openQuestions, usualMode, withAnswer, withColumn, withDimension, withDimensionChanged,
  withStageMoved, withStatus, withoutDimension,
} from './mapping-editor.js';

/** @type {import('../../api/types').Mapping} */
const MAPPING = {
  name: 'deals', shape: '0123456789abcdef',
  columns: { sale_id: 'Id', product: null, region: null, amount: 'Amount', stage: 'Stage', customer_name: 'Account', sale_date: 'Close Date', status: 'Stage' },
  dimensions: [], text_ids: true, date_order: 'month_day_year', decimal_mark: 'point', currency: null, currency_column: null,
  stages: ['Prospecting', 'Proposal', 'Closed Won'], statuses: { 'closed won': 'won' },
};
const column = (/** @type {string} */ name) => ({ name, filled: 1, samples: [], values: null });

describe('a mapping that is edited', () => {
  it('takes a column for a field, or none', () => {
    expect(withColumn(MAPPING, 'region', 'Territory').columns.region).toBe('Territory');
    expect(withColumn(MAPPING, 'amount', null).columns.amount).toBeNull();
    expect(MAPPING.columns.region).toBeNull();
  });

  it('names a further dimension after its column, and never twice', () => {
    const twice = withDimension(withDimension(MAPPING, 'Opportunity Owner'), 'opportunity-owner');
    expect(twice.dimensions.map(({ name }) => name)).toEqual(['OPPORTUNITY_OWNER', 'OPPORTUNITY_OWNER_2']);
    expect(withDimension(MAPPING, 'Region').dimensions[0]?.name).toBe('REGION_2');
    expect(withDimension(MAPPING, '2026 €').dimensions[0]?.name).toBe('DIMENSION');
    expect(withoutDimension(twice, 0).dimensions.map(({ name }) => name)).toEqual(['OPPORTUNITY_OWNER_2']);
  });

  it('keeps the name of a dimension whose column changes', () => {
    const one = withDimension(MAPPING, 'Owner');
    expect(withDimensionChanged(one, 0, { column: 'Owner Role' }).dimensions).toEqual([{ name: 'OWNER', column: 'Owner Role' }]);
    expect(withDimensionChanged(one, 0, { name: 'account manager' }).dimensions[0]?.name).toBe('ACCOUNT_MANAGER');
  });

  it('gives every text a name that the table takes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { name = '' } = withDimension(MAPPING, text).dimensions[0] ?? {};
      expect(name).toMatch(/^[A-Z][A-Z0-9_]{0,62}$/);
      expect(dimensionName(dimensionName(text))).toBe(dimensionName(text));
    }));
  });

  it('offers the columns that nothing reads', () => {
    const columns = ['Id', 'Stage', 'Owner', 'Segment'].map(column);
    expect(freeColumns(withDimension(MAPPING, 'Owner'), columns).map(({ name }) => name)).toEqual(['Segment']);
  });

  it('moves a stage by one place and loses none', () => {
    expect(withStageMoved(MAPPING, 1, -1).stages).toEqual(['Proposal', 'Prospecting', 'Closed Won']);
    expect(withStageMoved(MAPPING, 0, -1)).toBe(MAPPING);
    fc.assert(fc.property(fc.nat(2), fc.constantFrom(/** @type {-1 | 1} */ (-1), /** @type {1} */ (1)), (from, step) => {
      expect([...withStageMoved(MAPPING, from, step).stages].sort()).toEqual([...MAPPING.stages].sort());
    }));
  });

  it('says what a word means however it is written', () => {
    expect(withStatus(MAPPING, ' In Progress ', 'open').statuses).toEqual({ 'closed won': 'won', 'in progress': 'open' });
    expect(withStatus(MAPPING, 'CLOSED WON', 'unknown').statuses).toEqual({});
  });

  it('answers questions about keys and about columns', () => {
    expect(withAnswer(MAPPING, 'date_order', 'day_month_year').date_order).toBe('day_month_year');
    expect(withAnswer(MAPPING, 'columns.amount', 'ACV').columns.amount).toBe('ACV');
    expect(withAnswer(MAPPING, 'amount', 'ACV').columns.amount).toBe('ACV');
    expect(answerOf(MAPPING, 'columns.amount')).toBe('Amount');
    expect(answerOf(MAPPING, 'currency')).toBeNull();
  });
});

describe('questions', () => {
  const dates = { about: 'date_order', text: 'Which?', choices: ['month_day_year', 'day_month_year'] };
  const money = { about: 'currency', text: 'Which?', choices: ['EUR', 'USD'] };

  it('stay open until they are answered here, also when they are not asked again', () => {
    const asked = allQuestions([dates], [money]);
    expect(openQuestions(asked, new Set()).map(({ about }) => about)).toEqual(['date_order', 'currency']);
    expect(openQuestions(asked, new Set(['date_order']))).toEqual([money]);
    expect(allQuestions(asked, [dates])).toHaveLength(2);
  });
});

it('counts a word once however it is written, most frequent first', () => {
  expect(distinctWords([{ text: 'Won', rows: 2 }, { text: 'Lost', rows: 3 }, { text: 'WON ', rows: 5 }, { text: ' ', rows: 9 }]))
    .toEqual([{ word: 'Won', rows: 7 }, { word: 'Lost', rows: 3 }]);
});

it('replaces a demo, and updates by id what is one\u2019s own', () => {
  expect(usualMode({ mapping: MAPPING, hasOwnRows: false })).toBe('replace');
  expect(usualMode({ mapping: MAPPING, hasOwnRows: true })).toBe('upsert');
  expect(usualMode({ mapping: withColumn(MAPPING, 'sale_id', null), hasOwnRows: true })).toBe('replace');
});
