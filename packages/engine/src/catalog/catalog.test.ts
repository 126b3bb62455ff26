import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import type { BarColumns, BarSpec, TickColumns } from '@bookrunner/sdk';
import fc from 'fast-check';
import { catalogFeed, catalogFeedOptions } from '../feeds/catalog-feed.js';
import {
  aFeedContext,
  allBlocks,
  anInstrument,
  columnOf,
  raised,
  rowsOf,
  temporaryFolder,
} from '../feeds/feed-context.fixture.js';
import { Catalog } from './catalog.js';
import { openTimeBetween } from './gap-meter.js';
import { timeframeLabel } from './timeframe-label.js';
import { verifyDataset } from './verify-dataset.js';

const MINUTE: BarSpec = { use: 'time', options: { seconds: 60 } };
const MAY = Date.UTC(2014, 4, 1);
const HOUR = 3_600_000;

let folder = '';
let remove = (): void => {};
let catalog: Catalog;

beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
  catalog = new Catalog({ root: join(folder, "cat[1]'s *"), threads: 1 });
});

afterEach(async () => {
  await catalog.close();
  remove();
});

function bars(times: readonly number[], price = 1, more: Partial<BarColumns> = {}): BarColumns {
  const filled = (value: number): Float64Array => new Float64Array(times.length).fill(value);
  return {
    symbol: 'EURUSD',
    length: times.length,
    ts: Float64Array.from(times),
    open: filled(price),
    high: filled(price + 1),
    low: filled(price / 2),
    close: filled(price),
    volume: filled(10),
    ...more,
  };
}

function ticks(times: readonly number[], more: Partial<TickColumns> = {}): TickColumns {
  return {
    symbol: 'EURUSD',
    length: times.length,
    ts: Float64Array.from(times),
    bid: Float64Array.from(times, (_, i) => i + 1),
    ...more,
  };
}

const target = { symbol: 'EURUSD', spec: MINUTE } as const;
const timesOf = async (range = {}): Promise<number[]> =>
  columnOf(await allBlocks(catalog.readBars('EURUSD', '1m', range)), 'ts');

describe('the catalog', () => {
  it('writes months as files and reads them back in order', async () => {
    const times = [MAY - HOUR, MAY, MAY + HOUR, MAY + 40 * 24 * HOUR];
    const result = await catalog.writeBars([bars(times.slice(0, 3)), bars(times.slice(3))], target);
    expect(result).toEqual({
      rows: 4,
      first: times[0],
      last: times[3],
      replaced: 0,
      partitions: [
        { month: '2014-04', rows: 1 },
        { month: '2014-05', rows: 2 },
        { month: '2014-06', rows: 1 },
      ],
    });
    expect(readdirSync(join(catalog.root, 'bars', 'symbol=EURUSD', 'timeframe=1m')).sort()).toEqual([
      '2014-04.parquet',
      '2014-05.parquet',
      '2014-06.parquet',
      '_manifest.json',
    ]);
    const blocks = await allBlocks(catalog.readBars('EURUSD', '1m'));
    expect(columnOf(blocks, 'ts')).toEqual(times);
    expect(blocks[0]).toMatchObject({ kind: 'bars', spec: MINUTE });
    expect(blocks[0]!.columns).not.toHaveProperty('vwap');
    expect(await timesOf({ from: MAY, to: MAY + HOUR })).toEqual([MAY]);
  });

  it('loads bars in one piece, and the last one', async () => {
    const vwap = Float64Array.from([Number.NaN, 1.25]);
    await catalog.writeBars([bars([MAY - 60_000]), bars([MAY, MAY + 60_000], 1, { vwap })], target);
    const loaded = await catalog.loadBars('EURUSD', MAY - 60_000, MAY + 120_000, '1m');
    expect(loaded).toMatchObject({ symbol: 'EURUSD', length: 3, vwap: Float64Array.from([NaN, NaN, 1.25]) });
    expect(await catalog.lastBar('EURUSD', '1m')).toMatchObject({
      ts: MAY + 60_000,
      endTs: MAY + 120_000,
      close: 1,
      vwap: 1.25,
      nTicks: NaN,
    });
    expect(await catalog.lastBar('EURUSD', '5m')).toBeUndefined();
  });

  it('lists what it holds, with symbols of any spelling', async () => {
    await catalog.writeBars([bars([MAY])], {
      symbol: 'BRK/B 50%',
      spec: { use: 'time', options: { seconds: 300, price: 'bid' } },
    });
    await catalog.writeTicks([ticks([MAY, MAY])], { symbol: '..' });
    expect(await catalog.list()).toMatchObject([
      { kind: 'bars', symbol: 'BRK/B 50%', timeframe: '5m-bid', rows: 1, first: MAY, last: MAY, files: 1 },
      { kind: 'ticks', symbol: '..', rows: 2, files: 1 },
    ]);
    expect(rowsOf(await allBlocks(catalog.readTicks('..')))).toBe(2);
  });

  it('names the near miss of a data set it does not hold', async () => {
    await catalog.writeBars([bars([MAY])], target);
    const error = await raised(() => allBlocks(catalog.readBars('EURUSD', '2m')));
    expect(error).toMatchObject({
      code: 'DATA_SET_MISSING',
      message: "The catalog has no EURUSD 2m. Did you mean 'EURUSD 1m'?",
    });
  });

  it('keeps ticks of several venues apart, and ticks without one', async () => {
    await catalog.writeTicks(
      [ticks([1, 2], { venue: "it's" }), ticks([3]), ticks([4, 5], { venue: 'ib' }), ticks([6], { venue: "it's" })],
      { symbol: 'EURUSD' },
    );
    const blocks = await allBlocks(catalog.readTicks('EURUSD'));
    expect(blocks.map(({ columns }) => [(columns as TickColumns).venue, [...columns.ts]])).toEqual([
      ["it's", [1, 2]],
      [undefined, [3]],
      ['ib', [4, 5]],
      ["it's", [6]],
    ]);
  });

  it('orders ticks by when they were received', async () => {
    const recvTs = Float64Array.from([MAY - 2, MAY - 1, MAY + 1]);
    await catalog.writeTicks([ticks([MAY - 10, MAY - 20, MAY - 5], { recvTs })], { symbol: 'EURUSD' });
    expect((await catalog.list())[0]).toMatchObject({ files: 2, first: MAY - 2, last: MAY + 1 });
    const blocks = await allBlocks(catalog.readTicks('EURUSD', { from: MAY - 1 }));
    expect(columnOf(blocks, 'ts')).toEqual([MAY - 20, MAY - 5]);
  });

  it('gives back every value, NaN included', async () => {
    const value = fc.oneof(fc.double(), fc.constant(Number.NaN));
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 * 24 * HOUR }), value, value, value), {
      minLength: 1,
      maxLength: 60,
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), async (values, split) => {
        const symbol = `S${(count += 1)}`;
        let ts = MAY;
        const times = values.map(([step]) => (ts += step));
        const column = (index: 1 | 2 | 3): Float64Array => Float64Array.from(values, (row) => row[index]);
        const all: TickColumns = {
          symbol,
          length: times.length,
          ts: Float64Array.from(times),
          bid: column(1),
          askSize: column(2),
          last: column(3),
        };
        const part = (from: number, to: number): TickColumns => ({
          symbol,
          length: Math.max(0, Math.min(to, all.length) - from),
          ts: all.ts.subarray(from, to),
          bid: all.bid!.subarray(from, to),
          askSize: all.askSize!.subarray(from, to),
          last: all.last!.subarray(from, to),
        });
        await catalog.writeTicks([part(0, split), part(Math.min(split, all.length), all.length)], { symbol });
        const blocks = await allBlocks(catalog.readTicks(symbol));
        const read = (name: 'bid' | 'askSize' | 'last'): number[] =>
          blocks.flatMap(({ columns }) => [
            ...((columns as TickColumns)[name] ?? new Float64Array(columns.length).fill(Number.NaN)),
          ]);
        expect(columnOf(blocks, 'ts')).toEqual(times);
        // Minus zero and zero are the same price.
        for (const [name, index] of [
          ['bid', 1],
          ['askSize', 2],
          ['last', 3],
        ] as const) {
          expect(read(name).map((x) => x + 0)).toEqual([...column(index)].map((x) => x + 0));
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('writing over stored data', () => {
  const T = [0, 1, 2, 3, 4, 5].map((i) => MAY + i * 60_000);

  beforeEach(async () => {
    await catalog.writeBars([bars([T[1]!, T[2]!, T[3]!])], target);
  });

  it('refuses rows inside the stored range, and leaves everything as it was', async () => {
    const far = bars([MAY + 40 * 24 * HOUR]);
    const error = await raised(() => catalog.writeBars([bars([T[0]!, T[2]! + 1]), far], target));
    expect(error).toMatchObject({
      code: 'DATA_OVERLAP',
      message: 'EURUSD 1m: 3 rows of 2014-05 are already stored inside the imported time range.',
    });
    expect(await timesOf()).toEqual([T[1], T[2], T[3]]);
    expect(readdirSync(join(catalog.root, 'bars', 'symbol=EURUSD', 'timeframe=1m')).sort()).toEqual([
      '2014-05.parquet',
      '_manifest.json',
    ]);
  });

  it('takes rows before and after the stored ones', async () => {
    await catalog.writeBars([bars([T[5]!])], target);
    await catalog.writeBars([bars([T[0]!])], target);
    expect(await timesOf()).toEqual([T[0], T[1], T[2], T[3], T[5]]);
  });

  it('replaces the stored rows of the written range, and is the same when done twice', async () => {
    for (const replaced of [2, 2]) {
      const result = await catalog.writeBars([bars([T[2]!, T[3]!], 7)], { ...target, overlap: 'replace' });
      expect(result).toMatchObject({ rows: 2, replaced, partitions: [{ month: '2014-05', rows: 3 }] });
    }
    expect(await timesOf()).toEqual([T[1], T[2], T[3]]);
    expect((await catalog.loadBars('EURUSD', T[0]!, T[5]!, '1m')).close).toEqual(Float64Array.from([1, 7, 7]));
  });

  it('takes out months inside the written range that get no rows', async () => {
    const later = [MAY + 31 * 24 * HOUR, MAY + 62 * 24 * HOUR];
    await catalog.writeBars([bars(later)], target);
    expect((await raised(() => catalog.writeBars([bars([T[4]!, later[1]! - 1])], target))).code).toBe('DATA_OVERLAP');
    const result = await catalog.writeBars([bars([T[4]!, later[1]! - 1])], { ...target, overlap: 'replace' });
    expect(result.replaced).toBe(1);
    expect(await timesOf()).toEqual([T[1], T[2], T[3], T[4], later[1]! - 1, later[1]!]);
  });

  it('appends after the last stored row only', async () => {
    await catalog.writeBars([bars([T[4]!])], { ...target, overlap: 'append' });
    expect((await raised(() => catalog.writeBars([bars([T[4]!])], { ...target, overlap: 'append' }))).code).toBe(
      'DATA_OVERLAP',
    );
    await catalog.writeTicks([ticks([5, 6])], { symbol: 'T', overlap: 'append' });
    await catalog.writeTicks([ticks([6, 6, 7])], { symbol: 'T', overlap: 'append' });
    expect(columnOf(await allBlocks(catalog.readTicks('T')), 'ts')).toEqual([5, 6, 6, 6, 7]);
    expect(columnOf(await allBlocks(catalog.readTicks('T')), 'bid')).toEqual([1, 2, 1, 2, 3]);
  });

  it('refuses what it could not give back', async () => {
    for (const [columns, code] of [
      [bars([T[4]!, T[4]!]), 'DATA_NOT_ASCENDING'],
      [bars([T[5]!, T[4]!]), 'DATA_NOT_ASCENDING'],
      [bars([T[4]! + 0.5]), 'DATA_VALUE_INVALID'],
      [bars([Number.NaN]), 'DATA_VALUE_INVALID'],
      [bars([1e17]), 'DATA_VALUE_INVALID'],
      [bars([T[4]!], 1, { open: new Float64Array(0) }), 'DATA_VALUE_INVALID'],
    ] as const) {
      expect((await raised(() => catalog.writeBars([columns], target))).code).toBe(code);
    }
    expect((await raised(() => catalog.writeBars([bars([T[4]!]), bars([T[4]!])], target))).code).toBe(
      'DATA_NOT_ASCENDING',
    );
    expect(await timesOf()).toHaveLength(3);
  });

  it('keeps a second writer out, and takes over from one that died', async () => {
    const lock = join(catalog.root, 'bars', 'symbol=EURUSD', 'timeframe=1m', '_lock');
    const other = new Catalog({ root: catalog.root, threads: 1 });
    async function* slow(): AsyncGenerator<BarColumns> {
      yield bars([T[4]!]);
      expect(existsSync(lock)).toBe(true);
      expect((await raised(() => other.writeBars([bars([T[5]!])], target))).code).toBe('DATA_CATALOG_BUSY');
    }
    await catalog.writeBars(slow(), target);
    await other.close();
    writeFileSync(lock, `999999999 ${(await import('node:os')).hostname()}`);
    await catalog.writeBars([bars([T[5]!])], target);
    expect(existsSync(lock)).toBe(false);
    expect(await timesOf()).toHaveLength(5);
  });
});

describe('verifying', () => {
  const key = { kind: 'bars', symbol: 'EURUSD', timeframe: '1m' } as const;
  const file = (month: string): string =>
    join(catalog.root, 'bars', 'symbol=EURUSD', 'timeframe=1m', `${month}.parquet`);

  it('finds nothing wrong with what was just written, and measures gaps', async () => {
    // Thursday 2014-05-01 to Friday; the weekend is no gap, the missing hour is.
    const friday = Date.UTC(2014, 4, 2, 20, 59);
    const sunday = Date.UTC(2014, 4, 4, 21);
    await catalog.writeBars([bars([friday - 60_000, friday, sunday, sunday + HOUR])], target);
    const verdict = await verifyDataset(catalog, key, { calendar: marketCalendar('24x5') });
    expect(verdict).toMatchObject({
      isSound: true,
      rows: 4,
      gaps: { gaps: 1, openMs: 59 * 60_000, outsideSession: 0, longest: [{ from: sunday + 60_000 }] },
    });
    expect(verdict.findings).toEqual([
      { level: 'warning', what: '1 gap in market hours: from 2014-05-04 21:01 to 2014-05-04 22:00 (UTC)' },
    ]);
  });

  it('says of many gaps when the longest are', async () => {
    const sunday = Date.UTC(2014, 4, 4, 21);
    const hours = [0, 1, 3, 4, 7, 9].map((hour) => sunday + hour * HOUR);
    await catalog.writeBars([bars(hours)], target);
    const { findings } = await verifyDataset(catalog, key, { calendar: marketCalendar('24x5') });
    const places = ['04 22:01 to 2014-05-05 00:00', '05 01:01 to 2014-05-05 04:00', '05 04:01 to 2014-05-05 06:00'];
    const text = places.map((place) => `from 2014-05-${place}`).join('; ');
    expect(findings).toEqual([
      { level: 'warning', what: `5 gaps in market hours, the longest of them: ${text} (UTC)` },
    ]);
  });

  it('finds files changed, gone, unknown and unreadable', async () => {
    const months = [0, 31, 62, 93].map((day) => MAY + day * 24 * HOUR);
    await catalog.writeBars([bars(months)], target);
    renameSync(file('2014-06'), file('2014-09'));
    writeFileSync(file('2014-07'), 'no parquet');
    rmSync(file('2014-08'));
    writeFileSync(`${file('2014-05')}.tmp-1`, '');
    const verdict = await verifyDataset(catalog, key);
    expect(verdict.isSound).toBe(false);
    expect(verdict.findings.map(({ month, what }) => `${month ?? ''}: ${what.split('(')[0]!.trim()}`)).toEqual(
      expect.arrayContaining([
        ': 2014-05.parquet.tmp-1 was left behind by a writer that did not finish; it can be removed',
        '2014-06: the file is gone',
        '2014-08: the file is gone',
        '2014-07: the file is not the one that was written',
        '2014-09: the manifest does not know the file',
        ': 1 block is in the file of another month',
      ]),
    );
    const corrupt = await raised(() => allBlocks(catalog.readBars('EURUSD', '1m')));
    expect(corrupt.code).toBe('DATA_CATALOG_CORRUPT');
    expect(corrupt.message).toMatch(/[^.]\.$/);
  });

  it('counts crossed quotes and rows that another tool put out of order', async () => {
    await catalog.writeTicks([ticks([1, 2, 3], { ask: Float64Array.from([0.5, 3, NaN]) })], { symbol: 'EURUSD' });
    const path = join(catalog.root, 'ticks', 'symbol=EURUSD', '1970-01.parquet');
    const quoted = path.replaceAll('[', '[[]').replaceAll('*', '[*]').replaceAll("'", "''");
    const plain = path.replaceAll("'", "''");
    await catalog.session.rows(`create table t as select * from read_parquet('${quoted}') order by ts desc`);
    await catalog.session.rows(`copy t to '${plain}' (format parquet)`);
    const verdict = await verifyDataset(catalog, { kind: 'ticks', symbol: 'EURUSD' });
    expect(verdict.rowFindings).toMatchObject({ outOfOrder: 2, crossed: 1 });
    expect(verdict.isSound).toBe(false);
  });
});

describe('open time', () => {
  it('adds up sessions only', () => {
    const calendar = marketCalendar('XNYS');
    const friday = Date.UTC(2024, 0, 5, 20);
    expect(openTimeBetween(calendar, friday, Date.UTC(2024, 0, 8, 15))).toBe(1.5 * HOUR);
    expect(openTimeBetween(calendar, Date.UTC(2024, 0, 6), Date.UTC(2024, 0, 7))).toBe(0);
  });
});

describe('labels of bars', () => {
  it.each([
    [{ use: 'time', options: { seconds: 60 } }, '1m'],
    [{ use: 'time', options: { seconds: 86_400, price: 'mid' } }, '1d-mid'],
    [{ use: 'time', options: { timeframe: '5m', price: 'last', vwap: true } }, '5m'],
    [{ use: 'tick', options: { ticks: 100 } }, 'tick-100'],
    [{ use: 'range', options: { range: 0.5, price: 'bid' } }, 'range-0.5-bid'],
  ])('%j is %s', (spec, label) => {
    expect(timeframeLabel(spec)).toBe(label);
  });
});

describe('the catalog feed', () => {
  it('reads bars and ticks, and knows what it lacks', async () => {
    await catalog.writeBars([bars([MAY, MAY + 60_000])], target);
    await catalog.writeTicks([ticks([MAY])], { symbol: 'EURUSD' });
    const instrument = anInstrument({ symbol: 'EURUSD' });
    const feed = (options: object) =>
      catalogFeed.create(aFeedContext(catalogFeedOptions.parse({ path: catalog.root, ...options }), folder));
    for (const [options, rows] of [
      [{}, 2],
      [{ kind: 'ticks' }, 1],
    ] as const) {
      const reading = feed(options);
      await reading.open();
      for await (const stream of reading.read([instrument], {}))
        expect(rowsOf(await allBlocks(stream.blocks))).toBe(rows);
      await reading.close();
    }
    expect(feed({}).capabilities).toEqual({ barSeconds: [60], historyBars: true, finite: true });
    expect((await raised(() => feed({ timeframe: '5m' }).resolve(instrument))).code).toBe('DATA_SYMBOL_MISSING');
  });
});
