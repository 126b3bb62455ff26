// `npm start`: builds what is not built, runs the demo over a market that is made up, and shows what came out. Needs no data, no
// account and no network.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMAND = join(ROOT, 'packages/engine/bin/bookrunner.js');
const DEMO = join(ROOT, 'examples/demo/engine.yaml');
/** The paper session replays these 48 hours (parts of three trading days of currencies) at full speed. */
const PAPER_RANGE = ['--from', '2024-03-20', '--to', '2024-03-22', '--speed', 'max'];

/** Runs Node and gives its exit code and standard output; what it says on standard error is shown. */
function node(words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], ...options });
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.on('error', (error) => resolve({ code: 1, stdout: String(error.message) }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout }));
  });
}

/** Builds; the compiler leaves alone what is up to date. */
async function build() {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  if (!existsSync(compiler)) return 'The compiler is missing. Run `npm install` first.';
  console.log('Building (nothing to do if it is built) ...');
  for (const words of [[compiler, '-b'], [join(ROOT, 'scripts/bundle.mjs')]]) {
    const { code, stdout } = await node(words);
    if (code === 0) continue;
    process.stdout.write(stdout);
    return 'The build failed; the lines above say where.';
  }
  return undefined;
}

/** Runs a command with --json and gives its document; undefined where it did not come to one. */
async function run(title, words) {
  console.log(`${title} ...`);
  const { stdout } = await node([COMMAND, ...words, '--json', '--quiet', '--fills', '0']);
  try {
    const document = JSON.parse(stdout);
    return document.error === undefined ? document : undefined;
  } catch {
    return undefined;
  }
}

function isCommand(name) {
  return existsSync(join(ROOT, `packages/engine/dist/cli/commands/${name}.js`));
}

function figures({ kind, metrics, bars, ticks, elapsedMs, currency }) {
  const percent = (share) => (share === null ? 'n/a' : `${(share * 100).toFixed(2)} %`);
  const number = (value, digits = 2) =>
    value === null ? 'n/a' : value.toLocaleString('en-US', { maximumFractionDigits: digits });
  return {
    Run: kind,
    [`Final equity (${currency})`]: number(metrics.finalEquity),
    Return: percent(metrics.totalReturn),
    'Max drawdown': percent(metrics.maxDrawdown),
    Sharpe: number(metrics.sharpe),
    Trades: number(metrics.trades, 0),
    Fees: number(metrics.fees),
    Bars: number(bars, 0),
    Ticks: number(ticks, 0),
    Seconds: number(elapsedMs / 1000),
  };
}

/** One column per run, figures to the right. */
function table(columns) {
  const labels = Object.keys(columns[0]);
  const width = Math.max(...labels.map((label) => label.length));
  const widths = columns.map((column) => Math.max(...labels.map((label) => (column[label] ?? '').length)));
  return labels
    .map((label) =>
      [label.padEnd(width), ...columns.map((column, k) => (column[label] ?? '').padStart(widths[k]))].join('   '),
    )
    .join('\n');
}

async function main() {
  const fault = await build();
  if (fault !== undefined) {
    console.error(fault);
    return 1;
  }
  // Calendars have different holidays: 60 days of each lie in the 62 of the report.
  const title =
    'Backtest over a made-up market, 60 trading days of each instrument (62 in all), two strategies, two books';
  const backtest = await run(title, ['backtest', DEMO]);
  if (backtest === undefined) {
    console.error(
      'The backtest did not finish; the lines above say why. `npx bookrunner doctor` looks at this machine.',
    );
    return 1;
  }
  const paper = isCommand('paper')
    ? await run('Paper trading, accelerated: the same engine over 48 hours of that market', [
        'paper',
        DEMO,
        ...PAPER_RANGE,
      ])
    : undefined;
  const runs = [backtest, paper].filter((document) => document !== undefined);
  console.log(`\n${table(runs.map(figures))}\n`);
  console.log(`Report: ${relative(process.cwd(), join(backtest.runDir, 'report.html'))}`);
  console.log('Next:   edit examples/demo/engine.yaml and run `npx bookrunner backtest examples/demo/engine.yaml`');
  return 0;
}

process.exitCode = await main();
