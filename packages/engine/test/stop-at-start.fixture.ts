// Test support: a live project whose start waits, for certain, where a file says so; its broker writes down every order it is sent.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TICKER } from './live-feed.fixture.js';
import { LIVE, PaperProject } from './paper-project.fixture.js';

export const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));

/** Where a start can be made to wait: the file `var/wait-PLACE` makes it, `var/at-PLACE` says that it does. */
export type WaitingPlace =
  | 'import'
  | 'feed-open'
  | 'venue-open'
  | 'resolve'
  | 'subscribe'
  | 'history'
  | 'recovery'
  | 'controls'
  | 'close';

/** Waits by not answering; `block` keeps the thread. */
const WAITING = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { TradingError } from '@bookrunner/sdk';
const isAt = (place) => {
  if (!existsSync('var/wait-' + place)) return false;
  writeFileSync('var/at-' + place, '');
  return true;
};
export const wait = (place) => (isAt(place) ? new Promise(() => {}) : Promise.resolve());
/** Opens, or throws what the file says. */
export const opening = (part) => {
  appendFileSync('var/openings-' + part, process.pid + '\\n');
  if (existsSync('var/refuse-' + part)) throw new Function('TradingError', 'return ' + readFileSync('var/refuse-' + part, 'utf8'))(TradingError);
};
/** Waits until the file is gone. */
export const held = async (place) => { if (isAt(place)) while (existsSync('var/wait-' + place)) await new Promise((done) => setTimeout(done, 20)); };
export const block = (place) => { if (isAt(place)) while (existsSync('var/wait-' + place)); };
`;

const PARTS = `
import { appendFileSync } from 'node:fs';
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { PAPER_CAPABILITIES, PaperVenue } from '@bookrunner/sdk/testing';
import { z } from 'zod';
import { block, held, opening, wait } from './waiting.mjs';
await wait('import');
const { simulated, ...capabilities } = PAPER_CAPABILITIES;
class Desk extends PaperVenue {
  constructor(context) {
    super({ instruments: [...context.instruments.values()], clock: context.clock, account: 'DU1' });
    this.quote('EURUSD', 1.1, 1.1001);
  }
  async open(sink) {
    opening('venue');
    await wait('venue-open');
    await super.open(sink);
  }
  submit(orders) {
    appendFileSync('var/orders', orders.length + '\\n');
    return super.submit(orders);
  }
}
const long = defineStrategy({
  name: 'long',
  params: z.strictObject({}),
  warmup: () => 1,
  onBar: () => { block('recovery'); return 1; },
});
const surface = { open: () => wait('controls'), close: () => held('close') };
export default definePlugin({
  id: 'parts',
  apiVersion: API_VERSION,
  strategies: { long },
  venues: { desk: { capabilities, create: (context) => new Desk(context) } },
  controls: { surface: { create: () => surface } },
});
`;

/** The feed of every live test, with places to wait in. */
const FEED = `import { opening, wait } from './waiting.mjs';\n${TICKER}`
  .replace('{ quotes: true }', '{ quotes: true, historyTicks: true }')
  .replace('{ quotes: true }', '{ quotes: true, historyTicks: true }')
  .replace('async resolve(instrument) {', "async resolve(instrument) { await wait('resolve');")
  .replace('async open() {}', "async open() { opening('feed'); await wait('feed-open'); }")
  .replace(
    'async subscribe(instruments, sink) {',
    "async *history() { await wait('history'); },\n          async subscribe(instruments, sink) {\n            await wait('subscribe');",
  );

const YAML = `${LIVE.replace('./strategies.js, ./ticker.js', './parts.mjs, ./ticker.js').replace(
  'venues: { sim: { use: simulated } }',
  'venues: { ib: { use: desk } }\naccounts: { main: { venue: ib, id: DU1, exclusive: true } }\nbooks: { MAIN: { account: main, capital: 100000 } }',
)}controls: { page: { use: surface } }\n`;

/** A process of it. */
export interface StartedProcess {
  readonly child: ChildProcess;
  /** Standard error so far. */
  said(): string;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly stdout: string;
  }>;
}

/** One such project. */
export class WaitingProject extends PaperProject {
  readonly #children: ChildProcess[] = [];

  constructor() {
    super(YAML, { 'waiting.mjs': WAITING, 'parts.mjs': PARTS, 'ticker.js': FEED });
  }

  /** From now on starts wait there, or not any more. */
  waitAt(place: WaitingPlace, isWaiting = true): void {
    const file = this.path(`var/wait-${place}`);
    if (isWaiting) writeFileSync(file, '');
    else rmSync(file);
  }

  isAt(place: WaitingPlace): boolean {
    return existsSync(this.path(`var/at-${place}`));
  }

  /** From now on its broker, or its feed, does not open but throws this, an expression; undefined: it opens. */
  refuse(error: string | undefined, part: 'venue' | 'feed' = 'venue'): void {
    const file = this.path(`var/refuse-${part}`);
    if (error === undefined) rmSync(file);
    else writeFileSync(file, error);
  }

  /** How often the broker was opened. */
  get openings(): number {
    return this.#openings.length;
  }

  /** The process that opened it last. */
  get pid(): number {
    return Number(this.#openings.at(-1));
  }

  get #openings(): readonly string[] {
    const file = this.path('var/openings-venue');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Groups of orders that the broker was sent. */
  get orders(): number {
    const file = this.path('var/orders');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  }

  /** With the processes that a failed test has left. */
  override remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    super.remove();
  }

  start(words: readonly string[], env: Readonly<Record<string, string>> = {}): StartedProcess {
    const child = spawn(process.execPath, [COMMAND, ...words, '--report', 'none', '--json'], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', BOOKRUNNER_ACCOUNT_LOCKS: join(this.folder, 'locks'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    let said = '';
    let stdout = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    return {
      child,
      said: () => said,
      ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout }))),
    };
  }
}

/** Resolves when the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
