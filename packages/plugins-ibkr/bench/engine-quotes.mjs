// How many quotes a second a whole engine takes from a gateway in another process, with its journal, and what they cost: prints JSON.
//   node packages/plugins-ibkr/bench/engine-quotes.mjs [--rate 100000] [--seconds 20]
// Needs `npm run build` and Linux: processor time and memory are read from /proc. The session is `bookrunner paper` of three symbols.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SYMBOLS = ['AAPL', 'MSFT', 'SPY'];
const WARM_UP_MS = 2_000;
/** Clock ticks of /proc in a second. */
const PROC_HZ = 100;
const PAGE_BYTES = 4_096;

const STRATEGY = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const still = defineStrategy({ name: 'still', params: z.strictObject({}), state: () => ({}), warmup: () => 1, onBar: () => undefined });
export default definePlugin({ id: 'still', apiVersion: API_VERSION, strategies: { still } });
`;

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '100000' }, seconds: { type: 'string', default: '20' } },
});
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
const folder = mkdtempSync(join(tmpdir(), 'bookrunner-quotes-'));
const gateway = fork(new URL('quotes.mjs', import.meta.url), ['gateway']);
try {
  const [{ port }] = await once(gateway, 'message');
  process.stdout.write(`${JSON.stringify(await measure(port))}\n`);
} finally {
  gateway.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(port) {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'still.mjs'), STRATEGY);
  writeFileSync(join(folder, 'engine.yaml'), yaml(port));
  const engine = spawn(
    process.execPath,
    [join(ROOT, 'packages/engine/bin/bookrunner.js'), 'paper', '--json', '--report', 'none'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let told = '';
  engine.stdout.setEncoding('utf8').on('data', (text) => (told += text));
  const ended = once(engine, 'close');
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  const start = { at: performance.now(), ...usage(engine.pid) };
  gateway.send({ rate, durationMs: seconds * 1_000, kind: 'top-of-book', symbols: SYMBOLS.length });
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  const warm = usage(engine.pid);
  const [{ sent }] = await once(gateway, 'message');
  const stop = await idle(engine.pid);
  engine.kill('SIGINT');
  await ended;
  const { ticks } = JSON.parse(told);
  const cpuSeconds = stop.cpuSeconds - start.cpuSeconds;
  return {
    ...{
      askedPerSecond: rate,
      sent,
      ticks,
      seconds: round((stop.at - start.at) / 1_000),
      cpuSeconds: round(cpuSeconds),
    },
    /** What one core could take, were it all there. */
    quotesPerCoreSecond: Math.round(ticks / cpuSeconds),
    rssGrowthMB: round((stop.rssBytes - warm.rssBytes) / 2 ** 20),
    rssMB: round(stop.rssBytes / 2 ** 20),
  };
}

/** Waits until the engine has taken all that lies in its socket: then it does next to nothing. */
async function idle(pid) {
  let last = { at: performance.now(), ...usage(pid) };
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = { at: performance.now(), ...usage(pid) };
    if (now.cpuSeconds - last.cpuSeconds < 0.1) return last;
    last = now;
  }
}

function yaml(port) {
  const instruments = SYMBOLS.map(
    (symbol) => `  ${symbol}: { assetClass: equity, quote: USD, priceStep: 0.01, calendar: 24x7, venues: { ib: {} } }`,
  );
  return `
engine: { name: quotes, baseCurrency: USD, dataDir: ./var }
plugins: ["@bookrunner/plugins-ibkr", ./still.mjs]
instruments:
${instruments.join('\n')}
feeds: { ib: { use: ibkr, options: { port: ${port}, restart: false, trades: none } } }
venues: { paper: { use: simulated } }
accounts: { main: { venue: paper } }
books: { CORE: { account: main, capital: 1000000, dayCalendar: 24x7 } }
strategies:
  still: { use: still, book: CORE, symbols: [${SYMBOLS.join(', ')}], bars: { use: time, options: { seconds: 60, price: mid } } }
`;
}

/** Processor time of all threads, and resident memory. */
function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / PROC_HZ, rssBytes: Number(fields[21]) * PAGE_BYTES };
}

function round(value) {
  return Math.round(value * 1_000) / 1_000;
}
