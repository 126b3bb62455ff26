// Folders in which an engine trades at practice brokers: a strategy that notes what it is asked, and a door for commands.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BOOK_CAPITAL, MOST_UNITS, REPOSITORY } from '../crash/project.mjs';

/** Bars a strategy here sees before it is asked. */
export const WARMUP = 2;
const WHOLE = { assetClass: 'equity', quote: 'USD', priceStep: 0.01, lotStep: 1, calendar: '24x7' };

/** Ticks of its bars. */
export const TICKS_A_BAR = 2;

/**
 * Long with protection, short by limit with protection, flat, and so on: something works at nearly all times. What it is asked it notes in
 * `calls.txt`, in the engine's process only: a replay asks it too.
 */
export function turner({ reach = 0.3 } = {}) {
  return `
import { appendFileSync } from 'node:fs';
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const note = (entry) => process.env.NOTES === undefined || appendFileSync(process.env.NOTES, JSON.stringify(entry) + '\\n');
const turner = defineStrategy({
  name: 'turner',
  params: z.strictObject({ name: z.string(), every: z.int().min(1), first: z.int().min(0), unit: z.number().default(1) }),
  state: () => ({ bars: 0 }),
  warmup: () => ${WARMUP},
  onReset({ params }, gap) { note({ strategy: params.name, pid: process.pid, reset: gap.reason, isLater: gap.to >= gap.from }); },
  onBar({ state, params, bar, position }) {
    state.bars += 1;
    note({ strategy: params.name, pid: process.pid, bars: state.bars, every: params.every, reach: ${reach}, qty: position.qty });
    if ((state.bars + params.first) % params.every !== 0) return undefined;
    const { close } = bar;
    const { unit } = params;
    const round = Math.floor((state.bars + params.first) / params.every);
    switch (round % 4) {
      case 0: return { units: ${MOST_UNITS} * unit, protect: { stop: close - ${reach}, takeProfit: close + ${reach} } };
      case 1: return { units: ${MOST_UNITS - 3} * unit, entry: { limit: close - 0.02, tif: 'GTC' }, protect: { stop: close - ${reach}, takeProfit: close + ${reach} } };
      case 2: return { units: -${MOST_UNITS - 4} * unit, entry: { limit: close + 0.02, tif: 'GTC' }, protect: { stop: close + ${reach} } };
      default: return { units: -${MOST_UNITS} * unit, protect: { stop: close + ${reach}, takeProfit: close - ${reach} } };
    }
  },
});
/** Trades nothing: its symbol is there to be known the price of. */
const watcher = defineStrategy({ name: 'watcher', params: z.strictObject({}), onBar: () => undefined });
export default definePlugin({ id: 'turner', apiVersion: API_VERSION, strategies: { turner, watcher } });
`;
}

/** Carries out what is in `command.json`, confirms it, and leaves what came of it in `answer.json`. */
const DOOR = `
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
const create = () => {
  let timer;
  let isBusy = false;
  const look = async (engine) => {
    if (isBusy || !existsSync('command.json')) return;
    isBusy = true;
    const command = { ts: 0, actor: 'door', ...JSON.parse(readFileSync('command.json', 'utf8')) };
    rmSync('command.json');
    let answer = await engine.command(command);
    if (answer.kind === 'confirm') answer = await engine.command(command, answer.token);
    writeFileSync('answer.tmp', JSON.stringify(answer));
    renameSync('answer.tmp', 'answer.json');
    isBusy = false;
  };
  return {
    open(engine) {
      timer = setInterval(() => void look(engine), 50);
      return Promise.resolve();
    },
    close() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
};
export default definePlugin({ id: 'door', apiVersion: API_VERSION, controls: { door: { create } } });
`;

const MANIFEST = (version) =>
  JSON.stringify({
    ...{
      name: 'turner-plugin',
      version,
      type: 'module',
      exports: { '.': './index.mjs', './package.json': './package.json' },
    },
    peerDependencies: { '@bookrunner/sdk': '>=0.1.0 <1.0.0', zod: '^4.0.0' },
    bookrunner: { plugin: { id: 'turner', apiVersion: 1, provides: ['strategy'] } },
  });

/** Accounts of the first and the second broker: nobody can have two connections to one. */
export const ACCOUNT_IDS = ['practice', 'practice-b'];

/** One broker of two books, or one of two brokers with a book each. */
export function yaml({
  ports,
  every = 3,
  plugin = './turner.mjs',
  use = 'practice',
  instrument = WHOLE,
  unit = 1,
  rate,
}) {
  const [first, second = first] = ports;
  const names = ports.map((_, place) => (place === 0 ? 'a' : 'b'));
  const bars = `bars: { use: tick, options: { ticks: ${TICKS_A_BAR}, price: mid } }`;
  const strategy = (name, book, params) =>
    `  ${name}: { use: turner, book: ${book}, symbols: [ACME], ${bars}, params: { name: ${name}, unit: ${unit}, ${params} } }`;
  return `
engine: { name: brokers, baseCurrency: USD, dataDir: ./var, reconcile: { settleMs: 150 } }
plugins: ["@bookrunner/practice-broker", ./door.mjs, ${plugin}]
instruments:
  ACME: ${JSON.stringify(instrument)}
${rate === undefined ? '' : `  ${rate.symbol}: ${JSON.stringify({ ...rate, symbol: undefined })}`}
feeds: { market: { use: practice, options: { port: ${second} } } }
venues: { ${names.map((name, place) => `${name}: { use: ${use}, options: { port: ${[first, second][place]}, account: ${ACCOUNT_IDS[place]}, retryLongestMs: 500 } }`).join(', ')} }
accounts: { ${names.map((name, place) => `main-${name}: { venue: ${name}, id: ${ACCOUNT_IDS[place]}, exclusive: true }`).join(', ')} }
books:
  ONE: { account: main-${names[0]}, capital: ${BOOK_CAPITAL}, dayCalendar: 24x7 }
  TWO: { account: main-${names.at(-1)}, capital: ${BOOK_CAPITAL}, dayCalendar: 24x7 }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20, stale: { feedMs: 600000 } } }
strategies:
${strategy('first', 'ONE', `every: ${every}, first: 0`)}
${strategy('second', 'TWO', 'every: 4, first: 7')}
${rate === undefined ? '' : `  rates: { use: watcher, book: ONE, symbols: [${rate.symbol}], ${bars} }`}
controls: { door: { use: door } }
`;
}

/** A folder with all of it; what is in it can be written anew. */
export class BrokersProject {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-brokers-'));
  dataDir = join(this.folder, 'var');
  notes = join(this.folder, 'calls.txt');

  constructor(files) {
    this.#link('@bookrunner/sdk', 'packages/sdk');
    this.#link('@bookrunner/practice-broker', 'packages/practice-broker');
    this.#link('zod', 'node_modules/zod');
    this.write('door.mjs', DOOR);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path, text) {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** The strategy as an installed package. */
  install(version) {
    this.write('node_modules/turner-plugin/package.json', MANIFEST(version));
    this.write('node_modules/turner-plugin/index.mjs', turner());
  }

  /** Everything the strategies were asked so far. */
  calls() {
    const lines = this.#read('calls.txt')?.trim().split('\n') ?? [];
    return lines.map((line) => JSON.parse(line));
  }

  /** Puts a command before the door. */
  say(command) {
    this.write('command.tmp', JSON.stringify(command));
    renameSync(join(this.folder, 'command.tmp'), join(this.folder, 'command.json'));
  }

  /** What came of the last command; undefined while nothing has. */
  answer() {
    const text = this.#read('answer.json');
    return text === undefined ? undefined : JSON.parse(text);
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #read(name) {
    try {
      return readFileSync(join(this.folder, name), 'utf8');
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #link(name, target) {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
  }
}
