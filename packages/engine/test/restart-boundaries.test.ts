// A run that is cut off after any record, and gone on with: nothing is lost, nothing is done twice.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { type Instrument, moneyToNumber } from '@bookrunner/sdk';
import { composeEngine, type EngineComposition } from '../src/composition-root.js';
import { effectiveConfigYaml, loadConfig } from '../src/config/index.js';
import { runEpochOf } from '../src/execution/order-id.js';
import { prepareFold } from '../src/journal/fold-setup.js';
import { Fold } from '../src/journal/fold.js';
import { DRIVER, dataFolder, factsOf, removeFolders } from '../src/journal/journal.fixture.js';
import type { NumberedRecord } from '../src/journal/journal-record.js';
import { JournalReader, type SegmentLine } from '../src/journal/journal-reader.js';
import { JournalWriter, type JournalWriterOptions } from '../src/journal/journal-writer.js';
import type { RecoveredRun } from '../src/journal/recover-run.js';
import { Replay } from '../src/journal/replay.js';
import { ReplayVenue } from '../src/journal/replay-venue.js';
import { RunJournal } from '../src/journal/run-journal.js';
import { encodeSnapshot } from '../src/journal/run-snapshot.js';
import { Kernel } from '../src/kernel/kernel.js';
import { type Assembly, assemble, type AssemblyTap } from '../src/runtime/assemble.js';
import { JournaledSeam } from '../src/journal/journaled-seam.js';
import { LiveRestart } from '../src/runtime/live/live-restart.js';
import { Seam } from '../src/runtime/live/live-seam.js';
import { LiveTick } from '../src/runtime/live/live-tick.js';
import { PaperProject } from './paper-project.fixture.js';

jest.setTimeout(300_000);

const projects: PaperProject[] = [];
const engines: EngineComposition[] = [];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
  for (const project of projects) project.remove();
  removeFolders();
});

const START = Date.UTC(2024, 0, 2, 12);

/** Other side each bar, limit orders among them, and a stop so near that it is often hit. */
const BUSY = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const busy = defineStrategy({
  name: 'busy',
  params: z.strictObject({}),
  state: () => ({ bars: 0 }),
  warmup: () => 1,
  onBar({ state, bar: { close } }) {
    state.bars += 1;
    const side = state.bars % 2 === 0 ? 1 : -1;
    const entry = state.bars % 3 === 0 ? { limit: close - side * 0.0004 } : undefined;
    return { share: side, ...(entry && { entry }), protect: { stop: close - side * 0.0008, takeProfit: close + side * 0.003 } };
  },
});
export default definePlugin({ id: 'busy', apiVersion: API_VERSION, strategies: { busy } });
`;

function yaml(venue: string): string {
  return `
engine: { name: test, dataDir: ./var }
plugins: [./busy.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7, marginRate: 1 } }
feeds: { data: { use: synthetic, options: { seed: 1, days: 1, startPrice: 1.1 } } }
venues: { sim: { use: simulated, options: ${venue} } }
books: { MAIN: { capital: 100000 } }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20 } }
strategies:
  busy: { use: busy, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
`;
}

const VENUES = {
  'at once': '{ fees: { model: bps, bps: 0.2 } }',
  'with latency': '{ latency: { submitMs: 30, cancelMs: 30, replaceMs: 30 }, fees: { model: bps, bps: 0.2 } }',
  'with margin calls':
    '{ latency: { submitMs: 10, cancelMs: 10, replaceMs: 10 }, fees: { model: bps, bps: 2 }, margin: { maintenance: 1 } }',
};

/** Puts runs of one engine together, again and again. */
class Bench {
  readonly #engine: EngineComposition;

  constructor(engine: EngineComposition) {
    this.#engine = engine;
  }

  static async of(venue: string): Promise<Bench> {
    const project = new PaperProject(yaml(venue), { 'busy.mjs': BUSY });
    projects.push(project);
    const log = { level: 'silent', format: 'json', write: () => {} } as const;
    const engine = await composeEngine({ config: loadConfig(project.configPath, {}), mode: 'paper', log });
    engines.push(engine);
    return new Bench(engine);
  }

  #assemble(seam: Seam, tap: AssemblyTap): Assembly {
    const { prepared, parts, calendar } = this.#engine;
    const instrument = prepared.config.instruments['EURUSD'] as Instrument;
    const assembly = assemble({
      ...{ prepared: seam.wrap(prepared), parts, calendar, tap },
      ...{ instruments: [{ instrument, source: {} }], tradeFrom: START },
    });
    seam.connect(assembly.kernel.parts.market);
    return assembly;
  }

  /** A run that is journalled. */
  journalled(options: Partial<JournalWriterOptions> = {}) {
    const dataDir = dataFolder();
    const writer = new JournalWriter({ dataDir, driver: DRIVER, facts: factsOf('next'), now: () => 0, ...options });
    const journal = new RunJournal(writer, { onFault: () => {} });
    const seam = new JournaledSeam(() => writer);
    const assembly = this.#assemble(seam, journal);
    const records = (): readonly NumberedRecord[] => {
      journal.close();
      const reader = new JournalReader(dataDir, DRIVER);
      try {
        return reader.segments().flatMap((segment) => [...reader.records(segment)]);
      } finally {
        reader.close();
      }
    };
    return { assembly, writer, seam, journal, records };
  }

  /** A run that is folded, as if another set-up went on from it. */
  fold(): { readonly fold: Fold; readonly venues: readonly string[] } {
    const { prepared, calendar } = this.#engine;
    const config = effectiveConfigYaml(prepared.config, prepared.optionsByPath);
    const runEpoch = runEpochOf(prepared.config.engine.seed);
    const facts = { ...factsOf('last'), runEpoch, instruments: [{ symbol: 'EURUSD' }], config };
    const parts = prepareFold(facts, { prepared, calendar });
    return { fold: new Fold(parts), venues: parts.choices.map(({ name }) => name) };
  }

  replay(): Replay {
    const venue = new ReplayVenue();
    const seam = new Seam();
    const assembly = this.#assemble(seam, {
      kernel: (setup, listener) => new Kernel(setup, listener),
      relay: () => venue.relay,
      venue: (venues) => venue.connect(venues),
    });
    return new Replay(assembly, { seam, venue });
  }
}

/** Quotes that move by the clock. */
function trade({ driver }: Assembly, from: number, to: number): void {
  const tick = new LiveTick(0, 'EURUSD');
  const unknown = { venue: '', bidSize: Number.NaN, askSize: Number.NaN, last: Number.NaN, size: Number.NaN };
  for (let at = from; at <= to; at += 50) {
    const bid = Math.round((1.1 + 0.002 * Math.sin(at / 700)) * 1e5) / 1e5;
    tick.take({ ...unknown, symbol: 'EURUSD', ts: at, recvTs: at, bid, ask: bid + 0.00005 });
    tick.at = at;
    driver.tick(tick);
    driver.advanceTo(at);
  }
}

/** What the venue has executed has to be what the book holds, to the cent. */
function agree({ kernel, simulator }: Assembly): number {
  const [venue] = simulator.save();
  const fills = venue?.executions.fills ?? [];
  const signed = fills.map(({ side, qty }) => (side === 'buy' ? qty : -qty));
  const position = signed.reduce((sum, qty) => sum + qty, 0);
  const paid = fills.reduce((sum, { price, fee }, i) => sum + (signed[i] as number) * price + fee, 0);
  const [book] = kernel.parts.portfolio.books;
  expect(book?.positions.map(({ holding }) => holding.qty)).toEqual([position]);
  expect(moneyToNumber(book?.cash('USD') ?? 0n)).toBeCloseTo(100_000 - paid, 4);
  return fills.length;
}

function sequencesIn(records: readonly NumberedRecord[]): readonly number[] {
  return records.flatMap(({ record }) =>
    record.kind === 'outbox' && record.entry.kind === 'submit'
      ? record.entry.orders.map(({ sequence }) => sequence)
      : [],
  );
}

/** What a run that was cut off after these records is gone on from. */
type Recover = (bench: Bench, before: readonly NumberedRecord[]) => RecoveredRun;

const SEGMENT = { run: 'r', runEpoch: '00000001', segment: { id: 0 } as SegmentLine, isFinished: false };

/** By the same strategies: they are asked again. */
const replayed: Recover = (bench, before) => {
  const cut = bench.replay();
  for (const record of before) cut.take(record);
  const { difference, hash } = cut.outcome();
  expect(difference).toBeUndefined();
  const state = cut.state();
  return { ...SEGMENT, after: before.length, hash, state, payload: encodeSnapshot(state) };
};

/** By others: nobody is asked. */
const folded: Recover = (bench, before) => {
  const { fold, venues } = bench.fold();
  for (const record of before) fold.take(record);
  expect([before.length, fold.difference]).toEqual([before.length, undefined]);
  const [state, { kernel }] = [fold.state(), fold];
  const parts = { hash: kernel.hash(), state, payload: encodeSnapshot(state) };
  return {
    ...SEGMENT,
    ...parts,
    after: before.length,
    folded: { kernel, venues, changes: [], reason: 'SETUP_CHANGED' as const },
  };
};

/** Cuts off after these records, and goes on two seconds later; how much lay between kernel and venue. */
function goOn(bench: Bench, before: readonly NumberedRecord[], recover: Recover): number {
  const recovered = recover(bench, before);
  const { after, state } = recovered;
  const next = bench.journalled({ after: { part: 0, sequence: after } });
  const restart = new LiveRestart({ recovered, ...next });
  const at = restart.from + 2_000;
  const begun = restart.takeOver(at);
  next.journal.begin(begun);
  restart.goOn(at, [{ feed: 'data', symbols: ['EURUSD'], unseen: [], isAway: false }]);
  // The strategy protects whatever it holds, and nobody has to ask it for that.
  const bare = next.assembly.kernel.parts.execution.slots.filter(
    ({ heldScaled, entries, protection, pendingCount, isProtectionRefused }) =>
      heldScaled !== 0 && entries.length + protection.length + pendingCount === 0 && !isProtectionRefused,
  );
  expect([after, bare.map(({ protect }) => protect)]).toEqual([after, []]);
  trade(next.assembly, at, at + 3_000);
  agree(next.assembly);
  // Prices from before fill nothing: not what rested, not what was on its way, not what left only now.
  const known = state.venues[0]?.executions.fills.length ?? 0;
  const late = next.assembly.simulator
    .save()[0]
    ?.executions.fills.slice(known)
    .filter(({ ts }) => ts < at);
  expect([after, late]).toEqual([after, []]);
  const hashAfter = next.assembly.kernel.hash();
  const records = next.records();
  const sequences = [...sequencesIn(before), ...sequencesIn(records)];
  expect([after, new Set(sequences).size]).toEqual([after, sequences.length]);
  for (const order of next.assembly.kernel.parts.desk.live())
    expect([after, order.status]).not.toEqual([after, 'pending']);
  const replay = bench.replay();
  replay.restore({ id: 0, after, takenAt: 0, hash: begun.hash, payload: begun.payload });
  for (const record of records) replay.take(record);
  expect([after, replay.outcome().difference, replay.outcome().hash]).toEqual([after, undefined, hashAfter]);
  const { statements, requests, unrecorded } = state.ends ?? { statements: [], requests: [], unrecorded: [] };
  return statements.length + requests.length + unrecorded.length;
}

describe.each(Object.entries(VENUES))('a run that is cut off after any record, venue %s', (name, options) => {
  it.each([
    ['replayed', replayed],
    ['folded', folded],
  ] as const)(
    'goes on with every order once, every fill booked, and decides the same in a replay: %s',
    async (how, recover) => {
      const bench = await Bench.of(options);
      const whole = bench.journalled();
      trade(whole.assembly, START, START + 12_000);
      agree(whole.assembly);
      const records = whole.records();
      const isTick = ({ record }: NumberedRecord): boolean => record.kind === 'tick' && record.tick !== undefined;
      let open = 0;
      for (const [place, last] of records.entries()) {
        const next = records[place + 1];
        if (isTick(last) && (next === undefined || isTick(next))) continue;
        const before = records.slice(0, place + 1);
        open += goOn(bench, before, recover);
      }
      // Cuts between which nothing was open would prove nothing.
      expect([name, how, open > 10]).toEqual([name, how, true]);
      if (name === 'with margin calls') expect(records.some(({ record }) => record.kind === 'liquidation')).toBe(true);
    },
  );
});
