// A process of `bench/instructions.mjs`: runs a workload until V8 has compiled it, then once more while valgrind counts.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { tuneForLongRuns } from '../../packages/engine/dist/runtime/session/v8-options.js';
import { provideBars } from './bar-runs.mjs';
import { configFile, engineRun } from './engine-run.mjs';
import { QuoteData, quoteBlocks } from './quote-data.mjs';
import { provide } from './reference-feed.mjs';
import { provideSymbols } from './symbol-runs.mjs';
import { tickLatencies } from './tick-latency.mjs';

const [name, rowsText, warmups] = process.argv.slice(2);
const rows = Number(rowsText);

/** Asynchronous, since valgrind answers only while this process runs. */
async function count(state) {
  await promisify(execFile)('callgrind_control', ['-i', state, String(process.pid)]);
}

/** Puts up what the workload needs, and gives what runs it once. */
function workload() {
  switch (name) {
    case 'latency':
      tuneForLongRuns();
      return () => tickLatencies({ ticks: rows, warmup: 0 });
    case 'symbols': {
      const { config, remove } = provideSymbols(rows);
      process.on('exit', remove);
      return () => engineRun(config);
    }
    case 'w2': {
      const data = new QuoteData({ rows });
      provide('W2', { blocks: () => quoteBlocks(data, 'W2') });
      return () => engineRun(configFile('w2.yaml'));
    }
    default:
      provideBars(rows);
      return () => engineRun(configFile(`${name}.yaml`));
  }
}

const run = workload();
for (let i = 0; i < Number(warmups); i++) await run();
await count('on');
await run();
await count('off');
