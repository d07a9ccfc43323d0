/** An invented company for development and pictures: the same rows for the same seed and day. */

const DAY = 86_400_000;
const PRODUCTS = [['Sage Intacct', 0.42, 41_000], ['Sage Payroll', 0.26, 18_000], ['Sage HR', 0.2, 14_500], ['Sage 50', 0.12, 9_000]];
const REGIONS = [['North', 0.38], ['South', 0.27], ['East', 0.2], ['West', 0.15]];
const STAGES = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'];
const FIRST = ['Blue', 'North', 'Silver', 'Cedar', 'Harbour', 'Granite', 'Willow', 'Summit', 'Amber', 'Meridian', 'Copper', 'Juniper', 'Atlas', 'Orchard', 'Falcon', 'Lakeside'];
const SECOND = ['Foods', 'Logistics', 'Dental', 'Partners', 'Textiles', 'Energy', 'Bakery', 'Software', 'Interiors', 'Pharma', 'Motors', 'Media', 'Supply', 'Labs', 'Hotels', 'Works'];

/** A small seeded generator (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @param {() => number} next @param {any[][]} weighted */
function pick(next, weighted) {
  let rest = next();
  for (const entry of weighted) {
    rest -= entry[1];
    if (rest < 0) return entry;
  }
  return weighted.at(-1);
}

/** @param {string} day @param {number} days */
export const addDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** Deals with the whole of their future; `rowsOn` cuts it at a day. @param {string} today @param {number} [count] */
export function makeDeals(today, count = 2418) {
  const next = random(20_261_122);
  return Array.from({ length: count }, (_, index) => {
    const [product, , size] = pick(next, PRODUCTS);
    const [region] = pick(next, REGIONS);
    const age = Math.floor(730 * next() ** 1.5);
    const amount = Math.round(size * Math.exp((next() + next() + next() - 1.5) * 0.9) * 100);
    return {
      id: 1000 + count - index, product, region, amount, age, created: addDays(today, -age),
      closesAfter: next() < 0.72 ? 20 + Math.floor(next() * 200) : 9999,
      pace: 12 + Math.floor(next() * 40), slip: next(), odd: next(),
      customer: `${FIRST[Math.floor(next() * FIRST.length)]} ${SECOND[Math.floor(next() * SECOND.length)]}`,
    };
  }).sort((a, b) => b.age - a.age).map((deal, index) => ({ ...deal, id: index + 1 }));
}

/** The table as it stood at the end of a day. @param {ReturnType<typeof makeDeals>} deals @param {string} day */
export function rowsOn(deals, day) {
  return deals.filter((deal) => deal.created <= day).map((deal) => {
    const lived = (Date.parse(day) - Date.parse(deal.created)) / DAY;
    const closed = lived >= deal.closesAfter;
    const stage = STAGES[Math.min(3, Math.floor(Math.min(lived, deal.closesAfter) / deal.pace))];
    const amount = lived > 30 && deal.slip > 0.7 ? Math.round(deal.amount * (0.6 + deal.slip)) : deal.amount;
    return {
      sale_id: String(deal.id), product: deal.odd < 0.004 ? null : deal.product, region: deal.odd > 0.994 ? null : deal.region,
      amount: deal.odd > 0.99 && deal.odd < 0.994 ? null : (amount / 100).toFixed(2), stage,
      customer_name: deal.customer, sale_date: deal.created, status: closed ? 'Closed' : 'Open',
    };
  });
}

const SAMPLE = [
  ['Sage Intacct', 'North', '150000.00', 'Negotiation', 'Acme Corp', 15, 'Closed'],
  ['Sage Intacct', 'North', '75000.00', 'Proposal', 'TechStart', 20, 'Open'],
  ['Sage Payroll', 'South', '45000.00', 'Qualification', 'MidCorp', 10, 'Open'],
  ['Sage HR', 'East', '30000.00', 'Negotiation', 'SmallBiz', 5, 'Closed'],
  ['Sage 50', 'West', '22000.00', 'Prospecting', 'Startup', 8, 'Closed'],
  ['Sage Intacct', 'North', '95000.00', 'Negotiation', 'BigEnterprise', 3, 'Closed'],
  ['Sage Payroll', 'South', '42000.00', 'Proposal', 'RetailCo', 2, 'Open'],
  ['Sage HR', 'West', '31000.00', 'Qualification', 'ServiceInc', 4, 'Closed'],
];

/** The eight rows that come with the product. @param {string} today */
export const sampleRows = (today) =>
  SAMPLE.map(([product, region, amount, stage, customer_name, ago, status], index) => ({
    sale_id: String(index + 1), product, region, amount, stage, customer_name, sale_date: addDays(today, -ago), status,
  }));
