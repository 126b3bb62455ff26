import type { EpochMs, Feed, HistoryBlock, ReadRange } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import { noData } from './no-data.js';
import { RejectedRows, type RunStream } from './run-data.js';

const START = Date.UTC(2024, 0, 2);

const blockOf = (times: readonly EpochMs[]): HistoryBlock =>
  ({
    kind: 'ticks',
    columns: { length: times.length, ts: Float64Array.from([...times, 0]) },
  }) as unknown as HistoryBlock;

/** A feed that has these blocks of rows by symbol, and throws for others. */
function feedOf(rows: Readonly<Record<string, readonly (readonly EpochMs[])[]>>): Feed {
  return {
    capabilities: { finite: true },
    read: ([instrument]: readonly [{ readonly symbol: string }], range: ReadRange) => {
      expect(range).toEqual({});
      const blocks = rows[instrument.symbol];
      if (blocks === undefined) throw new Error('no file');
      return [{ symbol: instrument.symbol, blocks: blocks.map(blockOf) }];
    },
  } as unknown as Feed;
}

const messageOf = async (feed: Feed, symbols: readonly string[], isRanged = true, bad = 0): Promise<string> => {
  const streams = symbols.map((symbol): RunStream => ({ feed: 'f', instrument: instrumentOf({ symbol }), blocks: [] }));
  const rejected = new RejectedRows();
  for (let line = 1; line <= bad; line++) rejected.add({ source: 'a.csv', line, reason: `reason ${line}` }, 'f');
  const run = { parts: { feeds: new Map([['f', feed]]) }, ...(isRanged ? { from: 0 } : {}) };
  const error = await noData({ streams, rejected, run });
  expect(error).toMatchObject({ code: 'RUN_NO_DATA' });
  return error.message;
};

it('says from when to when there are rows, as far as they can be read', async () => {
  const feed = feedOf({ AAA: [[START, START + 1], [START + 60_000]], BBB: [] });
  expect(await messageOf(feed, ['AAA', 'BBB', 'CCC'])).toBe(
    'The feeds gave no row in the range asked for. AAA has rows from 2024-01-02T00:00:00Z to 2024-01-02T00:01:00Z; BBB has none.',
  );
});

it('asks whether times that are no dates are in another unit', async () => {
  const feed = feedOf({ AAA: [[START * 1e6]] });
  expect(await messageOf(feed, ['AAA'])).toMatch(/rows from 17\d+ to 17\d+: are the times in nanoseconds\?/);
});

it('waits for no feed that does not answer', async () => {
  const feed = { capabilities: { finite: true }, read: () => [{ blocks: silent() }] } as unknown as Feed;
  expect(await messageOf(feed, ['AAA'])).toBe('The feeds gave no row in the range asked for.');
}, 20_000);

it('says of a run without a range how many rows were bad, and reads none again', async () => {
  const bad = ' (2 rows left out as bad, the first of a.csv: reason 1)';
  expect(await messageOf(feedOf({}), ['AAA', 'BBB'], false, 2)).toBe(
    `The feeds gave no row. AAA has none${bad}; BBB has none.`,
  );
});

it('looks at the first symbols only', async () => {
  const symbols = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  const feed = feedOf(Object.fromEntries(symbols.map((symbol) => [symbol, [[START]]])));
  expect(await messageOf(feed, symbols)).toMatch(/; E has rows from [^;]*\. 2 more were not looked at\.$/);
});

it('does not read a large file to its end', async () => {
  const feed = {
    capabilities: { finite: true },
    *read() {
      yield { blocks: endless() };
    },
  } as unknown as Feed;
  expect(await messageOf(feed, ['AAA', 'BBB'])).toMatch(
    /AAA has rows from 2024-01-02T00:00:00Z to \S+ and later; BBB has/,
  );
}, 20_000);

async function* silent(): AsyncGenerator<HistoryBlock> {
  await new Promise(() => {});
  yield blockOf([]);
}

async function* endless(): AsyncGenerator<HistoryBlock> {
  for (let at = START; ; at += 1_000) {
    yield blockOf([at]);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
