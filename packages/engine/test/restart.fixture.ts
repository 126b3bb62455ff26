// Test support: live sessions in processes that are killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader, type SegmentLine, type StoredSnapshot } from '../src/journal/journal-reader.js';
import { decodeSnapshot } from '../src/journal/run-snapshot.js';
import type { SavedVenue } from '../src/simulated-venue/venue-state.js';
import { type Finished, type Project, strategyModule } from './command-line.fixture.js';

const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));

/** Other side each bar, with a stop so near that it is often hit, and a limit order in between. */
export const BUSY = strategyModule(
  'busy',
  `const side = context.state.bars % 2 === 0 ? 1 : -1;
   const { close } = context.bar;
   return { share: 0.5 * side, entry: context.state.bars % 3 === 0 ? { limit: close - side * 0.0005 } : undefined, protect: { stop: close - side * 0.001 } };`,
);

/** Long from the first bar on. */
export const STEADY = strategyModule('steady', 'return 0.5;');

function heldOf({ accounts }: SavedVenue): readonly number[] {
  return accounts.flatMap(({ holdings }) => holdings.map(({ qty }) => qty));
}

/** One strategy of the name of its module over the moving feed. */
export function yaml({ bars = 1, capital = 100_000 } = {}): string {
  return `engine: { name: test }
plugins: [./busy.mjs, ./mover.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7, marginRate: 0.1 } }
feeds: { data: { use: mover } }
venues: { sim: { use: simulated, options: { latency: { submitMs: 15, cancelMs: 15, replaceMs: 15 }, fees: { model: bps, bps: 0.2 } } } }
books: { MAIN: { capital: ${capital} } }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20 } }
strategies:
  busy: { use: busy, symbols: [EURUSD], bars: { use: time, options: { seconds: ${bars}, price: mid } } }
`;
}

/** Kills the engine some time after it has begun, once what the test needs is there; what it said. */
export function killed(project: Project, afterMs: number, isThere: () => boolean = () => true): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, 'paper', '--report', 'none'], {
    cwd: project.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!said.includes('Paper trading') && `${said}${text}`.includes('Paper trading')) {
      setTimeout(() => endOnceThere(child, 'SIGKILL', isThere), afterMs);
    }
    said += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(said)));
}

/** A session that is stopped, as by a person, once what the test needs is there; what it left. */
export function liveUntil(project: Project, isThere: () => boolean, ...words: readonly string[]): Promise<Finished> {
  const act = (child: ChildProcess): void => endOnceThere(child, 'SIGINT', isThere);
  const all = ['paper', '--report', 'none', '--json', '--duration', '10m', ...words];
  return project.run(all, { at: { text: 'Paper trading', act } });
}

function endOnceThere(child: ChildProcess, signal: NodeJS.Signals, isThere: () => boolean): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (isSo(isThere)) child.kill(signal);
  else setTimeout(() => endOnceThere(child, signal, isThere), 100);
}

/** What cannot be looked at is not there yet: files and the journal come while the engine starts. */
function isSo(isThere: () => boolean): boolean {
  try {
    return isThere();
  } catch {
    return false;
  }
}

/** What the chain of runs has in its journal: orders sent, fills heard, and the venue's own executions at its end. */
export function chain(project: Project) {
  const reader = new JournalReader(join(project.folder, 'var'), DRIVER);
  try {
    const segments = reader.segments();
    const records = segments.flatMap((segment) => [...reader.records(segment)].map(({ record }) => record));
    const orders = records.flatMap((record) =>
      record.kind === 'outbox' && record.entry.kind === 'submit'
        ? record.entry.orders.map(({ sequence }) => sequence)
        : [],
    );
    const fills = records.flatMap((record) =>
      record.kind === 'event' && record.event.kind === 'venue-report' && record.event.report === 'filled'
        ? [[record.event.at, record.event.qty, record.event.price, record.event.fee]]
        : [],
    );
    // A session that was killed within its first minute has none.
    const last: StoredSnapshot | undefined = reader.snapshots(segments.at(-1) as SegmentLine).at(-1);
    const venues = last === undefined ? [] : decodeSnapshot(last.payload).venues;
    const executed = venues.flatMap((venue) => venue.executions.fills);
    const held = venues.flatMap(heldOf);
    const { writtenAt } = segments.at(-1) as SegmentLine;
    const numbers = segments.map(({ first, last: end }) => [first, end] as const);
    const executions = executed.map(({ ts, qty, price, fee }) => [ts, qty, price, fee]);
    return { orders, fills, executed: executions, numbers, held, writtenAt };
  } finally {
    reader.close();
  }
}

/** For {@link killed} and {@link liveUntil}, which take a throw for no: more has been bought or sold than so often. */
export function hasFilled(project: Project, before = 0): boolean {
  return chain(project).fills.length > before;
}

/** For the same: more runs than so many have records, so that the next one goes on from the last of them. */
export function hasBegun(project: Project, before = 0): boolean {
  return chain(project).numbers.filter(([first, last]) => last >= first).length > before;
}
