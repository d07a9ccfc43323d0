/** Words for what an import is about. */

/** @type {Record<import('../api/types').Field, string>} */
export const FIELD_TITLES = {
  sale_id: 'Id', customer_name: 'Customer', product: 'Product', region: 'Region', amount: 'Amount', stage: 'Stage', status: 'Status', sale_date: 'Date',
};

export const FIELDS = /** @type {import('../api/types').Field[]} */ (Object.keys(FIELD_TITLES));

/** @type {Record<import('../api/types').ImportState, string>} */
export const STATE_WORDS = {
  inspecting: 'Being looked at', waiting: 'Waits for you', importing: 'Importing', publishing: 'Publishing', done: 'Imported', failed: 'Failed',
  undoing: 'Being undone', undone: 'Undone', discarded: 'Discarded',
};

export const REQUESTED_BY = { person: 'Somebody here', command: 'Command line', watch: 'Watched folder' };

/** @type {Record<import('../api/types').Mapping['date_order'], string>} */
export const DATE_ORDERS = {
  year_month_day: 'Year, month, day: 2026-11-22', month_day_year: 'Month, day, year: 11/22/2026', day_month_year: 'Day, month, year: 22.11.2026',
};

/** @type {Record<import('../api/types').Mapping['decimal_mark'], string>} */
export const DECIMAL_MARKS = { point: 'Point: 1,234.50', comma: 'Comma: 1.234,50' };

/** @type {Record<import('../api/types').TakeMode, { title: string, text: string }>} */
export const MODES = {
  replace: { title: 'Replace everything', text: 'The table will have these rows alone.' },
  append: { title: 'Add', text: 'These rows come on top of those that are there.' },
  upsert: { title: 'Update by id', text: 'Rows with a known id are replaced, new ones are added, all others stay.' },
};

/** The way past the table. */
export const HISTORY = {
  title: 'Numbers of an earlier day', text: 'They become that day’s snapshot, to compare with. The table and today’s numbers stay as they are.',
};

/** @type {import('../api/types').Status[]} */
export const STATUSES = ['open', 'won', 'lost', 'closed', 'unknown'];

export const STATUS_TITLES = { open: 'Open', won: 'Won', lost: 'Lost', closed: 'Closed, outcome not recorded', unknown: 'Not known' };

const FORMATS = { csv: 'CSV', xlsx: 'Excel workbook', parquet: 'Parquet', jsonl: 'JSON lines' };
const DELIMITERS = /** @type {Record<string, string>} */ ({ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' });

/** @param {import('../api/types').Inspection} inspection */
export const formatName = ({ format }) => FORMATS[format];

/** @param {string} delimiter */
export const delimiterName = (delimiter) => DELIMITERS[delimiter] ?? delimiter;

/** "1 row", "1,200 rows". @param {number} count @param {string} one @param {import('./format.js').Format} format */
export const counted = (count, one, format) => `${format.count(count)} ${count === 1 ? one : `${one}s`}`;
