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
  return {
    feed: new MyFeed({ name: 'my-feed', configDir: folder, path: 'trades.csv', symbols: ['AAA', 'BBB'] }),
    instruments: [anInstrument({ symbol: 'AAA' }), anInstrument({ symbol: 'BBB' })],
    unknown: anInstrument({ symbol: 'NO-SUCH' }),
    source: {
      publish: (symbol, { last }) => appendFile(path, `${symbol},${(ts += 1_000)},${last},1\n`),
      malformed: (symbol) => appendFile(path, `${symbol},${(ts += 1_000)},,1\n`),
    },
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    dispose: () => rm(folder, { recursive: true }),
  };
}

export const contractFixtures: ContractFixtures = { feeds: { 'my-feed': createFixture } };
