// The command line as a cold process over W1's CSV.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BarData } from './bar-data.mjs';
import { csvPieces } from './bar-files.mjs';

const COMMAND = new URL('../../packages/engine/bin/bookrunner.js', import.meta.url).pathname;
const PROCESS_USAGE = new URL('process-usage.mjs', import.meta.url).href;
const STRATEGY = new URL('../../strategies/ma-cross', import.meta.url).pathname;

const CONFIG = {
  engine: { name: 'w1', dataDir: './var' },
  plugins: [STRATEGY],
  instruments: { W1: { assetClass: 'future', quote: 'USD', priceStep: 0.25 } },
  feeds: { bars: { use: 'csv', options: { path: 'w1.csv', kind: 'bars', seconds: 60 } } },
  venues: { paper: { use: 'simulated', options: { fill: 'next-open', fees: { model: 'per-unit', amount: 0.125 } } } },
  books: { MAIN: { capital: 10_000_000 } },
  strategies: { 'ma-cross': { use: 'ma-cross', symbols: ['W1'], sizing: { use: 'fixed', options: { units: 100 } } } },
  risk: { use: 'standard', options: { maxLeverage: 1_000, maxLossDayBps: 10_000 } },
};

/** Without certificates of the machine's own: Node reads them at every start, and a backtest speaks to nobody. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** A folder with W1 as CSV and the engine.yaml for it. */
export class CommandLineProject {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-bench-'));

  /** @param {number} rows */
  constructor(rows) {
    const file = openSync(join(this.folder, 'w1.csv'), 'w');
    for (const piece of csvPieces(new BarData({ rows }))) writeSync(file, piece);
    closeSync(file);
    writeFileSync(join(this.folder, 'engine.yaml'), JSON.stringify(CONFIG));
  }

  /**
   * Runs a backtest and waits for its end. Rejects where it fails.
   * @param {{ report: 'html' | 'none', isUsageMeasured?: boolean }} options whether memory and CPU time are measured: that takes some time itself
   */
  run({ report, isUsageMeasured = false }) {
    const preload = isUsageMeasured ? ['--import', PROCESS_USAGE] : [];
    const words = [...preload, COMMAND, 'backtest', 'engine.yaml', '--json', '--fills', '0', '--report', report];
    const started = performance.now();
    const child = spawn(process.execPath, words, {
      cwd: this.folder,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe', ...(isUsageMeasured ? ['pipe'] : [])],
    });
    const texts = child.stdio.slice(1).map(textOf);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        const seconds = (performance.now() - started) / 1_000;
        const [stdout, stderr, usage = '{}'] = texts.map((text) => text());
        if (code !== 0) reject(new Error(`The command line ended with ${code}: ${stderr}${stdout.slice(0, 2_000)}`));
        else resolve({ seconds, document: JSON.parse(stdout), ...JSON.parse(usage) });
      });
    });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Collects a stream; the answer gives what came so far. */
function textOf(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece) => (text += piece));
  return () => text;
}
