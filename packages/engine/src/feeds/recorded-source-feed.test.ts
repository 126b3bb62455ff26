import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HistoryBlock, ReadRange, RecordedStream } from '@bookrunner/sdk';
import { csvFeed, csvFeedOptions } from './csv/csv-feed.js';
import {
  aFeedContext,
  allBlocks,
  anInstrument,
  columnOf,
  KeepingSink,
  raised,
  rowsOf,
  sharedDataFile,
  temporaryFolder,
} from './feed-context.fixture.js';
import { syntheticFeed } from './synthetic/synthetic-feed.js';
import { syntheticOptions } from './synthetic/synthetic-options.js';

const T0 = Date.UTC(2024, 0, 2, 14, 30);
let folder = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: folder, remove } = temporaryFolder());
  const rows = (count: number, offset: number): string =>
    Array.from({ length: count }, (_, i) => `${T0 + (2 * i + offset) * 60_000},1,2,0.5,1.5,${i}\n`).join('');
  writeFileSync(join(folder, 'bars-AAA.csv'), `ts,open,high,low,close,volume\n${rows(40_000, 0)}`);
  writeFileSync(join(folder, 'bars-BBB-1.csv'), `ts,open,high,low,close,volume\n${rows(10, 1)}`);
  writeFileSync(
    join(folder, 'bars-BBB-2.csv'),
    `ts,open,high,low,close,volume\nbad\n${T0 + 8_640_000},1,2,0.5,1.5,1\n`,
  );
});

afterAll(() => remove());

const AAA = anInstrument({ symbol: 'AAA' });
const BBB = anInstrument({ symbol: 'BBB' });

function csv(options: object) {
  return csvFeed.create(
    aFeedContext(csvFeedOptions.parse({ path: 'bars-{symbol}*.csv', onBadRow: 'skip', ...options }), folder),
  );
}

async function streamsOf(
  feed: ReturnType<typeof csv>,
  symbols = [AAA],
  range: ReadRange = {},
): Promise<RecordedStream[]> {
  const streams: RecordedStream[] = [];
  for await (const stream of feed.read(symbols, range)) streams.push(stream);
  return streams;
}

async function readAll(feed: ReturnType<typeof csv>, symbols = [AAA], range: ReadRange = {}): Promise<HistoryBlock[]> {
  const streams = await streamsOf(feed, symbols, range);
  return (await Promise.all(streams.map((stream) => allBlocks(stream.blocks)))).flat();
}

describe('a feed of recorded files', () => {
  it('reads each instrument from its files, in order, reporting bad rows', async () => {
    const rejections: unknown[] = [];
    const blocks = await readAll(csv({}), [AAA, BBB], { onRejected: (row) => rejections.push(row) });
    expect(rowsOf(blocks.filter(({ columns }) => columns.symbol === 'AAA'))).toBe(40_000);
    expect(
      columnOf(
        blocks.filter(({ columns }) => columns.symbol === 'BBB'),
        'volume',
      ),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
    expect(rejections).toMatchObject([{ source: join(folder, 'bars-BBB-2.csv'), line: 2 }]);
  });

  it('delivers the same blocks through a sink, the earliest first, then ends', async () => {
    const feed = csv({});
    await feed.open();
    const sink = new KeepingSink();
    await feed.subscribe([BBB, AAA, AAA], sink);
    await sink.finished();
    expect(sink.statuses.map(({ state }) => state)).toEqual(['live', 'ended']);
    expect(rowsOf(sink.blocks)).toBe(40_011);
    expect(sink.blocks[0]!.columns.symbol).toBe('AAA');
    expect(sink.rejections).toHaveLength(1);
    await feed.close();
    await feed.close();
  });

  it('says failed, with code and remedy, where a file cannot be used', async () => {
    const feed = csv({ onBadRow: 'fail' });
    await feed.open();
    const sink = new KeepingSink();
    await feed.subscribe([BBB], sink);
    await sink.finished();
    expect(sink.statuses.at(-1)).toMatchObject({ state: 'failed', reason: 'DATA_BAD_ROW', feed: 'test' });
  });

  it('delivers nothing after close, of subscription or feed', async () => {
    for (const what of ['subscription', 'feed']) {
      const feed = csv({});
      await feed.open();
      const sink = new KeepingSink();
      const subscription = await feed.subscribe([AAA], sink);
      await (what === 'feed' ? feed.close() : subscription.close());
      const before = sink.blocks.length + sink.statuses.length;
      await new Promise((settle) => setTimeout(settle, 20));
      expect(sink.blocks.length + sink.statuses.length).toBe(before);
      expect(sink.statuses.map(({ state }) => state)).not.toContain('ended');
      await subscription.close();
      await feed.close();
    }
  });

  it('refuses to subscribe before open', async () => {
    expect((await raised(() => csv({}).subscribe([AAA], new KeepingSink()))).code).toBe('DATA_FEED_NOT_OPEN');
  });

  it('resolves what it holds and names the near miss of what it does not', async () => {
    expect(await csv({}).resolve(AAA)).toMatchObject({ instrument: AAA, sourceId: join(folder, 'bars-AAA.csv') });
    const file = await raised(() => csv({ path: 'bar-AAA.csv' }).resolve(AAA));
    expect(file).toMatchObject({ code: 'DATA_FILE_MISSING' });
    expect(file.message).toContain("Did you mean 'bars-AAA.csv'?");
    const symbol = await raised(() => csv({ path: { AAB: 'x.csv' } }).resolve(AAA));
    expect(symbol).toMatchObject({
      code: 'DATA_SYMBOL_MISSING',
      message: "The feed has no file for 'AAA'. Did you mean 'AAB'?",
    });
  });

  it('answers history inside the range and refuses other bars', async () => {
    const request = {
      instrument: AAA,
      from: T0 + 120_000,
      to: T0 + 360_000,
      bars: { use: 'time', options: { seconds: 60 } },
    };
    const history = csv({}).history!(request);
    expect(columnOf(await allBlocks(history), 'ts')).toEqual([T0 + 120_000, T0 + 240_000]);
    for (const bars of [
      { use: 'time', options: { seconds: 300 } },
      { use: 'time', options: { seconds: 60, price: 'mid' } },
    ]) {
      expect((await raised(() => allBlocks(csv({}).history!({ ...request, bars })))).code).toBe('DATA_KIND_MISMATCH');
    }
    const { bars: _, ...ticks } = request;
    expect((await raised(() => allBlocks(csv({}).history!(ticks)))).message).toContain('ticks were asked for');
  });

  it('answers history of synthetic ticks', async () => {
    const feed = syntheticFeed.create(aFeedContext(syntheticOptions.parse({ from: '2024-01-02', days: 1 })));
    const from = Date.UTC(2024, 0, 2, 12);
    const ts = columnOf(await allBlocks(feed.history!({ instrument: AAA, from, to: from + 60_000 })), 'ts');
    expect(ts.length).toBeGreaterThan(10);
    expect(ts.every((value) => value >= from && value < from + 60_000)).toBe(true);
  });
});

/** A test on a file of real data kept beside the project; where it is absent the skip shows in the report. */
function withShared(name: string, title: string, run: (path: string) => Promise<void>): void {
  const path = sharedDataFile(name);
  if (path === undefined) it.skip(`${title} (skipped: ${name} is not beside the project)`, () => {});
  else it(title, () => run(path));
}

describe('real market data', () => {
  const read = (path: string, options: object, instrument = AAA): Promise<HistoryBlock[]> =>
    readAll(csv({ path, onBadRow: 'fail', ...options }), [instrument], { from: Date.UTC(2000, 0, 1) });

  withShared('eurusd-quotes-2014-05.csv.gz', 'reads EURUSD quotes without a bad row', async (path) => {
    const blocks = await read(path, { kind: 'ticks' });
    expect(rowsOf(blocks)).toBe(532_903);
    expect(columnOf(blocks.slice(0, 1), 'ask').slice(0, 2)).toEqual([1.38686, 1.38687]);
  });

  withShared('usdjpy-m1-bid-2013.csv.gz', 'reads USDJPY bars with ISO times', async (path) => {
    const blocks = await read(path, { time: 'iso', price: 'bid' });
    expect(rowsOf(blocks)).toBe(28_761);
    expect(columnOf(blocks, 'ts')[1]).toBe(Date.UTC(2013, 1, 1, 0, 1));
    expect(blocks[0]).toMatchObject({ spec: { use: 'time', options: { seconds: 60, price: 'bid' } } });
  });

  withShared('spy-m1-2013-10.csv.gz', 'leaves out what SPY traded before and after the session', async (path) => {
    const spy = anInstrument({ symbol: 'SPY', calendar: 'XNYS' });
    expect(rowsOf(await read(path, {}, spy))).toBe(4839);
    // Six sessions of 390 minutes, each with a trade.
    expect(rowsOf(await read(path, { outsideSession: 'drop' }, spy))).toBe(6 * 390);
  });

  withShared('spy-daily-1998-2021.csv.gz', 'finds a session for every day of SPY from 2000 on', async (path) => {
    const spy = anInstrument({ symbol: 'SPY', calendar: 'XNYS' });
    const blocks = await read(path, { time: 'date' }, spy);
    expect(columnOf(blocks, 'ts')[0]).toBe(Date.UTC(2000, 0, 3, 14, 30));
    expect(columnOf(blocks, 'endTs').at(-1)).toBe(Date.UTC(2021, 2, 31, 20));
  });
});
