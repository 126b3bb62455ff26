import { dataError } from '../data-errors.js';
import { hintFor } from '../../config/near-miss.js';

/** Usual names of each column, tried in order and without regard to case, `_`, `-`, blanks and `<…>`. */
const USUAL_NAMES: Readonly<Record<string, readonly string[]>> = {
  ts: ['ts', 'timestamp', 'time', 'datetime', 'date', 'opentime'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume', 'vol'],
  endTs: ['endts'],
  nTicks: ['nticks'],
  vwap: ['vwap'],
  bid: ['bid', 'bidprice'],
  ask: ['ask', 'askprice'],
  bidSize: ['bidsize'],
  askSize: ['asksize'],
  last: ['last', 'price'],
  size: ['size', 'quantity', 'qty'],
  recvTs: ['recvts'],
  symbol: [],
};

/** Columns a kind of row can have, and those it cannot do without. */
export const COLUMNS_OF = {
  bars: {
    all: ['ts', 'open', 'high', 'low', 'close', 'volume', 'endTs', 'nTicks', 'vwap', 'symbol'],
    required: ['ts', 'open', 'high', 'low', 'close'],
  },
  ticks: { all: ['ts', 'bid', 'ask', 'last', 'bidSize', 'askSize', 'size', 'recvTs', 'symbol'], required: ['ts'] },
} as const;

/** Where a source's columns are looked up. */
export interface ColumnSource {
  /** Name of the file for messages. */
  readonly file: string;
  readonly kind: 'bars' | 'ticks';
  /** Names the source has, in order. */
  readonly names: readonly string[];
  /** Names a person gave, by column. */
  readonly given: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Index of each column of the kind in the source; two for a time in two columns.
 * Errors: DATA_COLUMN_MISSING with the near miss; DATA_OPTIONS_INVALID for a column of the other kind.
 */
export function locateColumns(source: ColumnSource): ReadonlyMap<string, readonly number[]> {
  const { all, required } = COLUMNS_OF[source.kind];
  for (const name of Object.keys(source.given)) {
    if (source.given[name] !== undefined && !(all as readonly string[]).includes(name)) {
      throw dataError(
        'DATA_OPTIONS_INVALID',
        `columns.${name}: ${source.kind} have no such column. Known: ${all.join(', ')}.`,
      );
    }
  }
  const found = new Map<string, readonly number[]>();
  for (const name of all) {
    const indexes = locate(source, name);
    if (indexes !== undefined) found.set(name, indexes);
    else if ((required as readonly string[]).includes(name)) throw missing(source, name, name);
  }
  if (source.kind === 'ticks' && !['bid', 'ask', 'last'].some((name) => found.has(name)))
    throw missing(source, 'bid', 'bid, ask or last');
  return found;
}

function locate(source: ColumnSource, name: string): readonly number[] | undefined {
  const given = source.given[name];
  if (given !== undefined) {
    return (typeof given === 'string' ? [given] : given).map((text) => {
      const index = indexOf(source.names, text);
      if (index < 0) throw missing(source, text, `'${text}' (columns.${name})`);
      return index;
    });
  }
  for (const usual of USUAL_NAMES[name] ?? []) {
    const index = source.names.findIndex((candidate) => plain(candidate) === usual);
    if (index >= 0) return [index];
  }
  return undefined;
}

/** Exact spelling first, then without regard to case. */
function indexOf(names: readonly string[], text: string): number {
  const exact = names.indexOf(text);
  return exact >= 0 ? exact : names.findIndex((name) => name.toLowerCase() === text.toLowerCase());
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_<>-]/g, '');
}

function missing(source: ColumnSource, name: string, what: string): Error {
  const hint = hintFor(
    name,
    source.names.filter((candidate) => candidate !== ''),
  );
  return dataError('DATA_COLUMN_MISSING', `${source.file} has no column ${what}.${hint}`, {
    details: { file: source.file, column: name, columns: [...source.names] },
  });
}
