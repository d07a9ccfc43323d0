/** Names for the shapes of contracts/openapi.yaml; `npm run types` generates openapi.d.ts from it. */

import type { components } from './openapi';

type Schemas = components['schemas'];

export type Tally = Schemas['Tally'];
export type Totals = Schemas['Totals'];
export type SnapshotMeta = Schemas['SnapshotMeta'];
export type SummaryAnswer = Schemas['SummaryAnswer'];
export type Summary = SummaryAnswer['data'];
export type Facet = Schemas['Facet'][number];
export type Ledger = Schemas['Ledger'];
export type LedgerReason = Ledger['reasons'][number];
export type Sale = Schemas['Sale'];
export type LastMonthAnswer = Schemas['LastMonthAnswer'];
export type SalesAnswer = Schemas['SalesAnswer'];
export type SnapshotsAnswer = Schemas['SnapshotsAnswer'];
export type SnapshotEntry = SnapshotsAnswer['data'][number];
export type Job = Schemas['Job'];
export type JobStep = Schemas['Step'];
export type DataVersion = Schemas['DataVersion'];
export type MetricsAnswer = Schemas['MetricsAnswer'];
export type Metric = Schemas['Metric'];
export type Polarity = Metric['polarity'];
export type Level = Metric['level'];
export type Definitions = MetricsAnswer['definitions'];
export type Deployment = MetricsAnswer['deployment'];
export type ReceiptAnswer = Schemas['ReceiptAnswer'];
export type ReceiptDay = Schemas['ReceiptDay'];
export type Costs = Schemas['Costs'];

export type Import = Schemas['Import'];
export type ImportState = Import['state'];
export type Mapping = Schemas['Mapping'];
export type Inspection = Schemas['Inspection'];
export type FileColumn = Inspection['columns'][number];
export type PreviewRow = Inspection['preview'][number];
export type Field = keyof Mapping['columns'];
export type Status = Schemas['Status'];
export type Take = Schemas['Take'];
export type TakeMode = Take['mode'];
export type Meaning = Schemas['MeaningOfWords'];

/** region, product, stage, status, or a further one of the snapshot's: "owner". */
export type Dimension = string;

/** A group: the totals with a member of the dimension's name; null = unknown. */
export type Group = Totals;

export interface PipelineAnswer {
  data: Group[];
  totals: Totals;
  meta: SnapshotMeta;
}

/** Included values of each dimension under its name, excluded ones under "not_" and it; null is the unknown group. */
export type Filter = Record<string, (string | null)[]>;
