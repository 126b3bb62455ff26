import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import type { RejectedRow } from '@bookrunner/sdk';
import { DuckdbSession } from '../../catalog/duckdb-session.js';
import {
  aFeedContext,
  allBlocks,
  anInstrument,
  columnOf,
  raised,
  rowsOf,
  temporaryFolder,
} from '../feed-context.fixture.js';
import type { RecordedSourceFeed } from '../recorded-source-feed.js';
import { parquetFeed, parquetFeedOptions } from './parquet-feed.js';
import type { ParquetFormatInput } from './parquet-format.js';
import { readParquetColumns } from './parquet-reading.js';

const T0 = Date.UTC(2024, 0, 2, 14, 30);
let folder = '';
let remove = (): void => {};
let session: DuckdbSession;
let files = 0;

beforeAll(() => {
  ({ path: folder, remove } = temporaryFolder());
  session = new DuckdbSession({ tempDirectory: folder, threads: 1 });
});

afterAll(async () => {
  await session.close();
  remove();
});

async function read(query: string, format: ParquetFormatInput, request: { from?: number; to?: number } = {}) {
  const path = join(folder, `f${(files += 1)}.parquet`);
  await session.rows(`copy (${query}) to '${path}' (format parquet)`);
  const rejections: RejectedRow[] = [];
  const calendar = marketCalendar('XNYS');
  const reading = readParquetColumns({ session, paths: [path] }, format, {
    symbol: 'TEST',
    calendar,
    onRejected: (row) => rejections.push(row),
    ...request,
  });
  const blocks = await allBlocks(reading.blocks);
  return {
    blocks,
    rejections,
    totals: reading.totals(),
    spec: reading.spec,
    column: (name: Parameters<typeof columnOf>[1]) => columnOf(blocks, name),
  };
}

const PRICES = '1 as open, 2.5::decimal(9,2) as high, 0.5::float as low, 1.5 as close, 10 as Volume';

describe('reading Parquet files of other tools', () => {
  it.each([
    ['bigint milliseconds', `${T0}::bigint`, 'epoch-ms'],
    ['double seconds', `${T0 / 1000}::double`, 'epoch-s'],
    ['integer seconds', `${T0 / 1000}::integer`, 'epoch-s'],
    ['microseconds', `${T0}999::bigint`, 'epoch-us'],
    ['nanoseconds', `${T0}999999::bigint`, 'epoch-ns'],
    ['timestamps', `make_timestamp(${T0}999)`, 'epoch-ms'],
    ['timestamps with time zone', `to_timestamp(${T0 / 1000})`, 'epoch-ms'],
    ['nanosecond timestamps', `make_timestamp(${T0}999)::timestamp_ns`, 'epoch-ms'],
  ] as const)('takes times as %s', async (_, expression, time) => {
    const { column } = await read(`select ${expression} as Timestamp, ${PRICES}`, { time });
    expect(column('ts')).toEqual([T0]);
    expect([column('high'), column('low'), column('volume')].flat()).toEqual([2.5, 0.5, 10]);
  });

  it('takes dates as trading days', async () => {
    const query = `select date '2024-07-03' as date, ${PRICES}`;
    const { column, spec } = await read(query, { timeframe: '1d' });
    expect([column('ts'), column('endTs')].flat()).toEqual([Date.UTC(2024, 6, 3, 13, 30), Date.UTC(2024, 6, 3, 17)]);
    expect(spec).toEqual({ use: 'time', options: { seconds: 86_400 } });
    expect((await raised(() => read(query, {}))).message).toContain('set timeframe: 1d');
  });

  it('judges rows as it does those of CSV files, with the number of the row', async () => {
    const query = `select ${T0} + i * 60000 as ts, 1.0 as open, case when i = 1 then null else 2.0 end as high, 0.5 as low, 1.5 as close from range(4) t(i)`;
    const error = await raised(() => read(query, {}));
    expect(error.code).toBe('DATA_BAD_ROW');
    expect(error.message).toMatch(/\.parquet:2: a price is missing/);
    const { rejections, totals, column } = await read(query, { onBadRow: 'skip' }, { from: T0, to: T0 + 180_000 });
    expect(rejections).toMatchObject([{ line: 2 }]);
    expect(totals).toMatchObject({ rows: 2, rejected: 1, byReason: { 'price-missing': 1 } });
    expect(column('ts')).toEqual([T0, T0 + 120_000]);
  });

  it('takes each of several files with the columns it has', async () => {
    const paths = ['more', 'fewer'].map((name) => join(folder, `${name}.parquet`));
    await session.rows(`copy (select ${T0} as ts, ${PRICES}, 7 as nTicks) to '${paths[0]}' (format parquet)`);
    await session.rows(`copy (select ${T0 + 60_000} as ts, ${PRICES}) to '${paths[1]}' (format parquet)`);
    const blocks = await allBlocks(readParquetColumns({ session, paths }, {}, { symbol: 'TEST' }).blocks);
    expect(columnOf(blocks, 'ts')).toEqual([T0, T0 + 60_000]);
    expect(blocks.map(({ columns }) => ('nTicks' in columns ? [...columns.nTicks!] : undefined))).toEqual([
      [7],
      undefined,
    ]);
  });

  it('reads ticks of one symbol of a file with several', async () => {
    const query = `select ${T0} + i as ts, i + 1 as bid, null::double as ask, case when i % 2 = 0 then 'TEST' else 'x' end as ticker from range(5) t(i)`;
    const { column } = await read(query, { kind: 'ticks', columns: { symbol: 'ticker' } });
    expect(column('bid')).toEqual([1, 3, 5]);
    expect(column('ask')).toEqual([NaN, NaN, NaN]);
  });

  it('refuses columns it cannot read', async () => {
    expect((await raised(() => read(`select 'x' as ts, ${PRICES}`, {}))).message).toContain('cannot be read as a time');
    expect(
      (await raised(() => read(`select 1 as ts, ${PRICES.replace('1 as open', "'a' as open")}`, {}))).message,
    ).toContain('cannot be read as a number');
    expect((await raised(() => read(`select 1 as ts, ${PRICES.replace('open', 'opn')}`, {}))).message).toContain(
      "Did you mean 'opn'?",
    );
  });

  it('asks of numbers whether they are in another unit, and of timestamps not', async () => {
    const asked = await raised(() => read(`select ${T0}000 as ts, ${PRICES}`, {}));
    expect(asked.message).toContain('are the times in microseconds? Then say `--time epoch-us`');
    const stamp = `select make_timestamp(1970, 1, 20, 0, 0, 0) as ts, ${PRICES}`;
    expect((await read(stamp, {})).column('open')).toEqual([1]);
  });

  it('is a feed', async () => {
    await session.rows(
      `copy (select ${T0} + i * 60000 as ts, ${PRICES} from range(50000) t(i)) to '${join(folder, 'AAA.parquet')}' (format parquet)`,
    );
    const feed = parquetFeed.create(aFeedContext(parquetFeedOptions.parse({ path: '{symbol}.parquet' }), folder));
    await feed.open();
    for await (const stream of feed.read([anInstrument({ symbol: 'AAA' })], {}))
      expect(rowsOf(await allBlocks(stream.blocks))).toBe(50_000);
    const probed = feed as RecordedSourceFeed;
    await probed.probe(anInstrument({ symbol: 'AAA' }));
    await session.rows(
      `copy (select 1 as ts, ${PRICES} where false) to '${join(folder, 'AAC.parquet')}' (format parquet)`,
    );
    const empty = await raised(() => probed.probe(anInstrument({ symbol: 'AAC' })));
    expect([empty.code, empty.message]).toEqual([
      'DATA_NO_USABLE_ROWS',
      expect.stringMatching(/AAC\.parquet has no rows\.$/),
    ]);
    await feed.close();
    expect((await raised(() => feed.resolve(anInstrument({ symbol: 'AAB' })))).message).toContain(
      "Did you mean 'AAA.parquet'?",
    );
  });
});
