// The columns of the catalog's Parquet files, and how columns of the model become rows of them and back.
import type { BarColumns, BarSpec, EpochMs, HistoryBlock, TickColumns } from '@bookrunner/sdk';

/** A column of the model and of the files. Times are BIGINT epoch milliseconds, numbers DOUBLE; unknown is NULL. */
export interface CatalogColumn {
  readonly model: string;
  readonly file: string;
  readonly type: 'BIGINT' | 'DOUBLE';
  /** Whether a block always has it. */
  readonly required: boolean;
}

const time = (model: string, file: string, required = false): CatalogColumn => ({
  model,
  file,
  type: 'BIGINT',
  required,
});
const number = (model: string, file: string, required = false): CatalogColumn => ({
  model,
  file,
  type: 'DOUBLE',
  required,
});

/** Columns by kind, in file order. Ticks have a text column `venue` as well. */
export const CATALOG_COLUMNS: Readonly<Record<'bars' | 'ticks', readonly CatalogColumn[]>> = {
  bars: [
    time('ts', 'ts', true),
    number('open', 'open', true),
    number('high', 'high', true),
    number('low', 'low', true),
    number('close', 'close', true),
    number('volume', 'volume', true),
    time('endTs', 'end_ts'),
    number('nTicks', 'n_ticks'),
    number('vwap', 'vwap'),
  ],
  ticks: [
    time('ts', 'ts', true),
    time('recvTs', 'recv_ts'),
    number('bid', 'bid'),
    number('ask', 'ask'),
    number('bidSize', 'bid_size'),
    number('askSize', 'ask_size'),
    number('last', 'last'),
    number('size', 'size'),
  ],
};

/** SQL of the time that orders the rows of a file and decides their month: of ticks, when they were received if that is known. */
export function orderingTime(kind: 'bars' | 'ticks'): string {
  return kind === 'bars' ? 'ts' : 'coalesce(recv_ts, ts)';
}

/** SQL of the rows inside `[from, to)`, empty where there are no bounds. */
export function rangeCondition(
  kind: 'bars' | 'ticks',
  { from, to }: { readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined },
): string {
  const at = orderingTime(kind);
  const conditions: string[] = [];
  if (from !== undefined && from > -Infinity) conditions.push(`${at} >= ${from}`);
  if (to !== undefined && to < Infinity) conditions.push(`${at} < ${to}`);
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

/** SQL expressions that read the columns as doubles without nulls. */
export function selectDoubles(columns: readonly CatalogColumn[]): string {
  return columns.map(({ file }) => `coalesce("${file}"::double, 'nan'::double) as "${file}"`).join(', ');
}

/** SQL expressions that turn the doubles of a staging table into the file's columns. */
export function selectFileColumns(columns: readonly CatalogColumn[]): string {
  return columns
    .map(
      ({ file, type }) =>
        `case when isnan("${file}") then null else "${file}"${type === 'BIGINT' ? '::bigint' : ''} end as "${file}"`,
    )
    .join(', ');
}

/** The columns of a block in file order; undefined for an absent one. */
export function arraysOf(
  columns: BarColumns | TickColumns,
  kind: 'bars' | 'ticks',
): readonly (Float64Array | undefined)[] {
  const byName = columns as unknown as Readonly<Record<string, Float64Array | undefined>>;
  return CATALOG_COLUMNS[kind].map(({ model }) => byName[model]);
}

/** What a block is of. */
export interface BlockHead {
  readonly symbol: string;
  /** Absent for ticks. */
  readonly spec?: BarSpec | undefined;
  readonly venue?: string | undefined;
}

/** A block of the given columns. */
export function blockOf(
  head: BlockHead,
  columns: readonly CatalogColumn[],
  rows: { readonly length: number; readonly columns: readonly Float64Array[] },
): HistoryBlock {
  const named = Object.fromEntries(columns.map(({ model }, i) => [model, rows.columns[i]]));
  const base = { symbol: head.symbol, length: rows.length, ...named };
  if (head.spec !== undefined) return { kind: 'bars', columns: base as unknown as BarColumns, spec: head.spec };
  const venue = head.venue === undefined ? {} : { venue: head.venue };
  return { kind: 'ticks', columns: { ...base, ...venue } as unknown as TickColumns };
}
