import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import type { BarColumns, HistoryBlock, TickColumns } from '@bookrunner/sdk';
import fc from 'fast-check';
import { Catalog } from '../../catalog/catalog.js';
import type { DatasetKey } from '../../catalog/catalog-layout.js';
import { allBlocks, columnOf, temporaryFolder } from '../../feeds/feed-context.fixture.js';
import { exportData } from './export-data.js';
import { importData } from './import-data.js';

const T0 = Date.UTC(2024, 0, 31, 23, 50);
const MINUTE_MS = 60_000;
const MARKET = { calendar: (id: string) => marketCalendar(id) };
const BARS: DatasetKey = { kind: 'bars', symbol: 'AAA', timeframe: '1m' };
const TICKS: DatasetKey = { kind: 'ticks', symbol: 'AAA' };
const BAR_NAMES = ['ts', 'open', 'high', 'low', 'close', 'volume', 'endTs', 'nTicks', 'vwap'] as const;
const TICK_NAMES = ['ts', 'recvTs', 'bid', 'ask', 'bidSize', 'askSize', 'last', 'size'] as const;

let folder = '';
let remove = (): void => {};
let round = 0;

beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
});

afterEach(() => remove());

const price = fc.double({ min: 1e-3, max: 1e6, noNaN: true, minExcluded: true });
const amount = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e12, noNaN: true }));
const KNOWN = ['nowhere', 'here and there', 'everywhere'] as const;
/** A column that may be absent, and may have values that are not known. */
const optional = (value: fc.Arbitrary<number>, known: readonly (typeof KNOWN)[number][] = KNOWN) =>
  fc.constantFrom(...known).chain((kind) =>
    fc.record({
      isAbsent: fc.constant(kind === 'nowhere'),
      values: fc.array(kind === 'here and there' ? fc.oneof(value, fc.constant(Number.NaN)) : value, {
        minLength: 12,
        maxLength: 12,
      }),
    }),
  );
type Optional = { readonly isAbsent: boolean; readonly values: readonly number[] };

/** Makes columns over the rows at these times. */
function columnsOf(ts: readonly number[]) {
  const column = (of: (i: number) => number): Float64Array => Float64Array.from(ts, (_, i) => of(i));
  const given = (name: string, { isAbsent, values }: Optional, from: (i: number) => number = () => 0) =>
    isAbsent ? {} : { [name]: column((i) => from(i) + values[i]!) };
  return { column, given };
}

const minutes = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 });
const someBars = (ends: (typeof KNOWN)[number]) =>
  fc
    .record({
      minutes,
      prices: fc.array(fc.tuple(price, price, price, price), { minLength: 12, maxLength: 12 }),
      volume: fc.array(amount, { minLength: 12, maxLength: 12 }),
      lengths: optional(fc.integer({ min: 1, max: MINUTE_MS }), [ends]),
      nTicks: optional(fc.nat()),
      vwap: optional(price),
    })
    .map(({ prices, volume, lengths, nTicks, vwap, ...rest }): BarColumns => {
      const ts = rest.minutes.toSorted((a, b) => a - b).map((minute) => T0 + minute * MINUTE_MS);
      const { column, given } = columnsOf(ts);
      return {
        ...{ symbol: 'AAA', length: ts.length, ts: column((i) => ts[i]!), volume: column((i) => volume[i]!) },
        open: column((i) => prices[i]![0]),
        close: column((i) => prices[i]![1]),
        high: column((i) => Math.max(...prices[i]!)),
        low: column((i) => Math.min(...prices[i]!)),
        ...given('endTs', lengths, (i) => ts[i]!),
        ...given('nTicks', nTicks),
        ...given('vwap', vwap),
      };
    });

const someTicks = fc
  .record({ minutes, last: price, bid: optional(price), bidSize: optional(amount), delays: optional(fc.constant(5)) })
  .map(({ last, bid, bidSize, delays, ...rest }): TickColumns => {
    const ts = rest.minutes.toSorted((a, b) => a - b).map((minute) => T0 + minute * MINUTE_MS);
    const { column, given } = columnsOf(ts);
    return {
      ...{ symbol: 'AAA', length: ts.length, ts: column((i) => ts[i]!), last: column((i) => last + i) },
      ...given('bid', bid),
      ...given('bidSize', bidSize),
      ...given('recvTs', delays, (i) => ts[i]!),
    };
  });

async function stored(root: string, key: DatasetKey): Promise<HistoryBlock[]> {
  const catalog = new Catalog({ root });
  try {
    return await allBlocks(catalog.read(key));
  } finally {
    await catalog.close();
  }
}

/** Rows of the columns; what is absent and what is not known are the same. */
function rowsOf(blocks: readonly HistoryBlock[], names: readonly Parameters<typeof columnOf>[1][]): number[][] {
  return blocks.flatMap((block) =>
    Array.from({ length: block.columns.length }, (_, i) =>
      names.map((name) => columnOf([block], name)[i] ?? Number.NaN),
    ),
  );
}

const FORMS = [
  { name: 'out.parquet', parquet: {} },
  { name: 'out.csv', csv: {} },
  { name: 'out.csv.gz', csv: { time: 'iso' } },
] as const;

/** Exports a data set in every form, imports each elsewhere, and compares. */
async function checkRoundTrip(root: string, key: DatasetKey): Promise<void> {
  const names = key.kind === 'bars' ? BAR_NAMES : TICK_NAMES;
  const expected = rowsOf(await stored(root, key), names);
  const { kind, symbol } = key;
  for (const { name, ...format } of FORMS) {
    const file = join(root, name);
    const time = 'csv' in format && 'time' in format.csv ? format.csv.time : undefined;
    await exportData({ catalog: root, symbol, kind, file, time });
    const options = 'csv' in format ? { csv: { ...format.csv, kind } } : { parquet: { kind } };
    const second = join(root, `second-${name}`);
    const { rows, rejected } = await importData({ catalog: second, file, symbol, ...options }, MARKET);
    expect({ name, rows, rejected }).toEqual({ name, rows: expected.length, rejected: 0 });
    expect(rowsOf(await stored(second, key), names)).toEqual(expected);
  }
}

async function write(key: DatasetKey, columns: BarColumns | TickColumns): Promise<string> {
  const root = join(folder, String((round += 1)));
  const catalog = new Catalog({ root });
  try {
    if (key.kind === 'ticks') await catalog.writeTicks([columns as TickColumns], { symbol: 'AAA' });
    else {
      const spec = { use: 'time', options: { seconds: 60 } };
      await catalog.writeBars([columns as BarColumns], { symbol: 'AAA', spec });
    }
  } finally {
    await catalog.close();
  }
  return root;
}

describe('an import of an export', () => {
  it.each(KNOWN)(
    'has the same bars, with ends known %s',
    async (ends) => {
      await fc.assert(
        fc.asyncProperty(someBars(ends), async (bars) => checkRoundTrip(await write(BARS, bars), BARS)),
        { numRuns: 6, endOnFailure: true },
      );
    },
    120_000,
  );

  it('has the same ticks, whatever is not known of them', async () => {
    await fc.assert(
      fc.asyncProperty(someTicks, async (ticks) => checkRoundTrip(await write(TICKS, ticks), TICKS)),
      { numRuns: 10, endOnFailure: true },
    );
  }, 120_000);
});
