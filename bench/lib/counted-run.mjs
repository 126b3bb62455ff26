// A process of `bench/instructions.mjs`: runs a configuration over W1's bars, or W2's quotes, until V8 has compiled it, then once more while
// valgrind counts.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { provideBars } from './bar-runs.mjs';
import { configFile, engineRun } from './engine-run.mjs';
import { QuoteData, quoteBlocks } from './quote-data.mjs';
import { provide } from './reference-feed.mjs';

const [config, rows, warmups] = process.argv.slice(2);

function provideQuotes(count) {
  const data = new QuoteData({ rows: count });
  provide('W2', { blocks: () => quoteBlocks(data, 'W2') });
}

/** Asynchronous, since valgrind answers only while this process runs. */
async function count(state) {
  await promisify(execFile)('callgrind_control', ['-i', state, String(process.pid)]);
}

if (config === 'w2.yaml') provideQuotes(Number(rows));
else provideBars(Number(rows));
for (let i = 0; i < Number(warmups); i++) await engineRun(configFile(config));
await count('on');
await engineRun(configFile(config));
await count('off');
