// How the contract suite drives this plugin: `bookrunner plugins check` reads this entry, and so does the test.
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anInstrument, TEST_EPOCH_MS } from '@bookrunner/sdk/testing';
import type { ContractFixtures, FeedFixture } from '@bookrunner/sdk/testing';
import { MyFeed } from './my-feed.js';

async function createFixture(): Promise<FeedFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'my-feed-'));
  const path = join(folder, 'trades.csv');
  await writeFile(path, '');
  let ts = TEST_EPOCH_MS;
  const line = (symbol: string, price: number | string, at = (ts += 1_000)): string => `${symbol},${at},${price},1\n`;
  return {
    feed: new MyFeed({ name: 'my-feed', configDir: folder, path: 'trades.csv', symbols: ['AAA', 'BBB'] }),
    instruments: [anInstrument({ symbol: 'AAA' }), anInstrument({ symbol: 'BBB' })],
    unknown: anInstrument({ symbol: 'NO-SUCH' }),
    source: {
      publish: (symbol, { last }) => appendFile(path, line(symbol, last)),
      malformed: (symbol) => appendFile(path, line(symbol, '')),
    },
    faults: {
      publishTwice: async (symbol, { last }) => {
        await appendFile(path, line(symbol, last).repeat(2));
        return ts;
      },
      publishAt: async (symbol, { last }, offsetMs) => {
        const at = (ts += 1_000) + offsetMs;
        await appendFile(path, line(symbol, last, at));
        return at;
      },
      // The writer died in the middle of the price, and goes on in a new line.
      publishTorn: (symbol, { last }) => appendFile(path, `${line(symbol, last).slice(0, -4)}\n`),
    },
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    dispose: () => rm(folder, { recursive: true }),
  };
}

export const contractFixtures: ContractFixtures = {
  feeds: { 'my-feed': { create: createFixture, faults: ['publishTwice', 'publishAt', 'publishTorn'] } },
};
