import { afterEach, describe, expect, it } from '@jest/globals';
import type { Feature, FeatureState } from '@bookrunner/sdk';
import fc from 'fast-check';
import { builtStream, instrumentOf, Scene, type SceneOptions, strategyOf } from '../kernel/kernel.fixture.js';
import type { Assembly } from '../runtime/assemble.js';
import { DRIVER, dataFolder, otherNaN, removeFolders, writerOf } from './journal.fixture.js';
import { JournaledKernel } from './journaled-kernel.js';
import { JournalReader, type SegmentLine, type StoredSnapshot } from './journal-reader.js';
import type { JournalWriter } from './journal-writer.js';
import { Replay, type ReplayOutcome } from './replay.js';
import { encodeSnapshot } from './run-snapshot.js';

afterEach(removeFolders);

const MINUTE_MS = 60_000;

/** A feature of four outputs that are always the same: as many numbers as are written packed. */
function constant(value: number): Feature {
  const create = (): FeatureState => ({
    update: (_bar, out, offset) => {
      out.fill(value, offset, offset + 4);
    },
    reset: () => {},
    save: () => [],
    load: () => {},
  });
  return { name: 'constant', outputs: ['a', 'b', 'c', 'd'], warmup: 1, create, column: () => [] };
}

/** A strategy with memory, limits and protection, on two timeframes of two instruments. */
function options({ bias = 0, unknown = otherNaN() } = {}): SceneOptions {
  const definition = strategyOf(
    ({ bar, state, window }) => {
      const memory = state as { count: number };
      memory.count = (memory.count ?? 0) + 1;
      const slow = window('AAA', 1).close();
      const mark = (bar.close + (Number.isNaN(slow) ? 0 : slow) + memory.count + bias) % 5;
      if (mark < 1) return 0;
      return { share: mark < 3 ? 0.8 : -0.5, protect: { stop: bar.close * (mark < 3 ? 0.9 : 1.1) } };
    },
    { warmup: 1 },
  );
  return {
    instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB', priceStep: 0.1 })],
    streams: [builtStream(0), builtStream(1), builtStream(0, 5 * MINUTE_MS, 0), builtStream(1, 5 * MINUTE_MS, 1)],
    strategies: [
      {
        definition: { ...definition, features: () => ({ unknown: constant(unknown) }) },
        streams: [
          [0, 1],
          [2, 3],
        ],
      },
    ],
  };
}

const steps = fc.array(
  fc.record({
    price: fc.integer({ min: 380, max: 420 }).map((quarters) => quarters / 4),
    gapMs: fc.integer({ min: 0, max: 90_000 }),
    instrumentIndex: fc.nat(1),
    act: fc.constantFrom('none', 'none', 'none', 'part', 'halt', 'resume', 'cash', 'gap'),
    isStored: fc.boolean(),
  }),
  { minLength: 20, maxLength: 80, size: 'max' },
);
type Steps = typeof steps extends fc.Arbitrary<infer All> ? All : never;

/** A scene whose kernel writes into a journal. */
function live(writer: JournalWriter, all: Steps): Scene {
  const scene = new Scene({
    ...options(),
    kernelOf: (setup, listener) => new JournaledKernel(setup, listener, writer),
  });
  for (const { price, gapMs, instrumentIndex, act, isStored } of all) {
    scene.tick(scene.now + gapMs, price, { instrumentIndex });
    const order = scene.venue.open[0];
    if (act === 'part' && order !== undefined) {
      scene.report((venue) => venue.filled(order, { qty: Math.ceil(order.leavesQty / 2) }));
    }
    if (act === 'halt' || act === 'resume') scene.command(act);
    const at = scene.now;
    if (act === 'cash') {
      scene.driver.event({ kind: 'cash', at, book: 'CORE', currency: 'USD', amount: 12.5, reason: 'dividend' });
    }
    if (act === 'gap') {
      const status = { ts: at, feed: 'feed', reason: '', message: '' };
      scene.driver.event({ kind: 'feed-status', at, status: { ...status, state: gapMs > 20_000 ? 'live' : 'stale' } });
    }
    if (isStored) writer.snapshot(stateOf(scene));
  }
  return scene;
}

function stateOf({ kernel }: Scene): { readonly hash: string; readonly payload: Uint8Array } {
  const rows = { ticks: 0, bars: 0 };
  return { hash: kernel.hash(), payload: encodeSnapshot({ kernel: kernel.snapshot(), venues: [], rows }) };
}

/** An hour in which it trades, stored to its end. */
function stored(folder: string): void {
  const writer = writerOf(folder);
  const all: Steps = Array.from({ length: 60 }, (_, i) => ({
    ...{ price: 100 + (i % 7), gapMs: 30_000, instrumentIndex: i % 2, act: 'none' as const, isStored: false },
  }));
  const scene = live(writer, all);
  writer.end(stateOf(scene), scene.now);
  writer.close();
}

/** Replays what is stored through a kernel of its own. */
function replayed(folder: string, scene = options(), from = 0): ReplayOutcome {
  const reader = new JournalReader(folder, DRIVER);
  const segments = reader.segmentsOf('latest');
  const snapshots = segments.flatMap((segment: SegmentLine) => reader.snapshots(segment));
  const { kernel } = new Scene(scene);
  const replay = new Replay({ kernel, recorder: { finish: () => {} } } as unknown as Assembly);
  const start = snapshots[from - 1];
  if (start !== undefined) replay.restore(start);
  for (const record of segments.flatMap((segment) => [...reader.records(segment)])) {
    if (record.sequence <= (start?.after ?? 0)) continue;
    replay.take(record);
    for (const snapshot of snapshots.filter(({ after }) => after === record.sequence)) {
      replay.check(snapshot as StoredSnapshot);
    }
  }
  reader.close();
  return replay.outcome();
}

describe('a journalled run', () => {
  it('decides the same when it is replayed, from its beginning and from any snapshot', () => {
    let orders = 0;
    fc.assert(
      fc.property(steps, fc.nat(), (all, where) => {
        const folder = dataFolder();
        const writer = writerOf(folder, { limits: { ticks: 7, segmentBytes: 2_000, snapshots: 99 } });
        const scene = live(writer, all);
        writer.end(stateOf(scene), scene.now);
        writer.close();
        const whole = replayed(folder);
        expect(whole).toMatchObject({ difference: undefined, isFinished: true, unrecorded: 0 });
        expect(whole.hash).toBe(scene.kernel.hash());
        expect(whole.snapshots).toBe(all.filter(({ isStored }) => isStored).length + 1);
        orders += whole.orders;
        const part = replayed(folder, options(), where % whole.snapshots);
        expect(part).toMatchObject({ difference: undefined, hash: whole.hash });
      }),
      { numRuns: 40 },
    );
    // Scenes in which nothing is decided would prove nothing.
    expect(orders).toBeGreaterThan(200);
  });

  it('that was cut off anywhere is a beginning of itself', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const folder = dataFolder();
        const writer = writerOf(folder, { limits: { ticks: 3 } });
        live(writer, all);
        // What was not committed is lost with the process.
        const reader = new JournalReader(folder, DRIVER);
        const [segment] = reader.segmentsOf('latest') as [SegmentLine];
        expect([...reader.records(segment)]).toHaveLength(writer.durable);
        reader.close();
        expect(replayed(folder)).toMatchObject({ difference: undefined, isFinished: false });
        writer.close();
      }),
      { numRuns: 20 },
    );
  });

  it('is found to decide differently by another strategy, at the very record', () => {
    const folder = dataFolder();
    stored(folder);
    expect(replayed(folder)).toMatchObject({ difference: undefined });
    const { difference } = replayed(folder, options({ bias: 2 }));
    expect(difference).toMatchObject({
      what: 'outbox',
      recorded: expect.stringContaining('order 1:'),
      sequence: expect.any(Number),
    });
    const reader = new JournalReader(folder, DRIVER);
    const at = [...reader.records(reader.segments()[0] as SegmentLine)][(difference?.sequence ?? 0) - 1];
    reader.close();
    expect(at?.sequence).toBe(difference?.sequence);
  });

  it.each([Number.NaN, otherNaN()])('is the same whatever bits a number has that is not known', (unknown) => {
    const folder = dataFolder();
    stored(folder);
    expect(replayed(folder, options({ unknown }))).toMatchObject({ difference: undefined, snapshots: 1 });
  });

  it('that comes to another state is told where, by the name of the strategy, and what is there', () => {
    const folder = dataFolder();
    stored(folder);
    expect(replayed(folder, options({ unknown: 3 })).difference).toMatchObject({
      what: 'state',
      recorded: 'runners.s0.banks[0].values[0]: NaN',
      decided: 'runners.s0.banks[0].values[0]: 3',
    });
  });
});
