// A kernel that is given a journal in place of being asked: what happened is there, and nothing is decided.
import type { ProtectInstruction, RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entryOf } from '../journal/entry-text.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelEvent } from './event.js';

import { foldedKernelSetup } from './fold-setup.js';
import { type FoldedEntry, KernelFold } from './fold.js';
import { Kernel } from './kernel.js';
import { Scene, type SceneOptions, strategyOf } from './kernel.fixture.js';
import type { KernelListener } from './listener.js';
import { RecordingListener } from './recording-listener.fixture.js';
import type { SubmitAnswer } from './scripted-venue.fixture.js';
import { live, scenario, steps } from './session.fixture.js';
import type { KernelSetup } from './setup.js';
import type { KernelSnapshot } from './snapshot.js';

type Line = { readonly event: KernelEvent } | { readonly entry: FoldedEntry };

/** A kernel that writes down what it sees and does, and a snapshot from time to time. */
class WritingKernel extends Kernel {
  readonly lines: Line[] = [];
  readonly snapshots: { readonly after: number; readonly saved: KernelSnapshot }[] = [];

  override process(event: KernelEvent): void {
    if (this.lines.length % 7 === 0) {
      this.snapshots.push({ after: this.lines.length, saved: structuredClone(this.snapshot()) });
    }
    this.lines.push({ event: { ...event } });
    const { outbox } = this;
    const before = outbox.end;
    super.process(event);
    for (let place = before; place < outbox.end; place++) this.lines.push({ entry: entryOf(outbox.at(place)) });
  }
}

const writing = (setup: KernelSetup, listener: KernelListener): WritingKernel => new WritingKernel(setup, listener);
const linesOf = (scene: Scene): WritingKernel => scene.kernel as WritingKernel;

function foldOf({ setup }: Scene, { lines, snapshots }: WritingKernel, from: number): KernelFold {
  const fold = new KernelFold(new Kernel(foldedKernelSetup(setup), new RecordingListener()));
  const start = snapshots[Math.floor(from * snapshots.length)];
  // A snapshot of a kernel that has seen nothing is as good as none.
  if (start !== undefined) fold.restore(start.saved);
  for (const line of lines.slice(start?.after ?? 0)) {
    if ('event' in line) fold.take(line.event);
    else fold.entry(line.entry);
  }
  return fold;
}

/** What a restart has to know, of any kernel. */
function known(kernel: Kernel) {
  const { parts } = kernel;
  const saved = kernel.snapshot();
  const scopes = [...parts.scopes.strategies, ...parts.scopes.books, parts.scopes.global];
  return {
    hash: kernel.hash(),
    now: saved.now,
    sequence: saved.sequence,
    orders: saved.orders,
    executions: saved.executions,
    prices: saved.instruments,
    feedsAway: saved.feedsAway,
    books: parts.portfolio.books.map((book) => ({
      cash: book.currencies().map((currency) => [currency, String(book.cash(currency))]),
      holdings: book.positions.map(({ holding }) => holding.save()),
      day: [book.day, book.dayEnd, book.dayStartEquity, book.dayFlows, book.flows].map((value) => round(value)),
    })),
    halts: scopes.map(({ haltReason, haltUntil, pauseReason, stopPolicy, lossLimitBps, view }) => ({
      ...{ haltReason, haltUntil, pauseReason, stopPolicy, lossLimitBps },
      // Older ones count no more; who was asked has forgotten them.
      sent: view.rate.save().filter((at) => at > saved.now - 60_000),
      dayStart: view.dayStart && { day: view.dayStart.day, earned: round(view.dayStart.earned) },
    })),
    strategies: parts.signals.runners.map(({ status, allocation }) => ({ status, allocation })),
    slots: parts.execution.slots.map(({ workingScaled, heldScaled, isReplaceRefused, holds }) => ({
      ...{ workingScaled, heldScaled, isReplaceRefused, holds },
    })),
  };
}

/** Equity is a sum of doubles, whose last digits depend on how often it was marked. */
function round(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : value;
}

const dayLoss: RiskPolicy = {
  check: () => ({ kind: 'approve' }),
  onState: (view) =>
    view.dayPnlBps < -1 ? { reason: 'RISK_LOSS_DAY', message: 'Enough for today.', until: 'next-day' } : undefined,
};

/** What the working protection of a slot asks for, as an instruction; undefined where there is none, or it is being changed. */
function protecting({ protection, pendingCount }: TargetSlot): ProtectInstruction | undefined {
  if (protection.length === 0 || pendingCount > 0) return undefined;
  const parts = protection.map(({ orderType, limitPrice, stopPrice }) =>
    orderType === 'limit' ? { takeProfit: limitPrice } : { stop: stopPrice },
  );
  return Object.assign({}, ...parts) as ProtectInstruction;
}

/** What the rule would protect a position with, at prices that orders can have. */
function instructed({ instruction, state }: TargetSlot): ProtectInstruction {
  const { stop, takeProfit } = instruction ?? {};
  return {
    ...(stop === undefined ? {} : { stop: state.roundPrice(stop) }),
    ...(takeProfit === undefined ? {} : { takeProfit: state.roundPrice(takeProfit) }),
  };
}

/** Answers that turn a position round at a limit or at once, move its protection or give it up, and what the venue does with them. */
const turns = fc.array(
  fc.record({
    units: fc.constantFrom(100, 60, 0, -60, -100),
    isLimited: fc.boolean(),
    stopAway: fc.constantFrom(5, 8, undefined),
    takesProfit: fc.boolean(),
    submit: fc.constantFrom<SubmitAnswer>('fill', 'accept', 'accept', 'reject', 'expire'),
    fills: fc.constantFrom('none', 'part', 'whole'),
  }),
  { minLength: 2, maxLength: 12 },
);

/** Plays them. */
function turned(answers: typeof turns extends fc.Arbitrary<infer T> ? T : never): Scene {
  const scene = new Scene({ kernelOf: writing });
  for (const { units, isLimited, stopAway, takesProfit, submit, fills } of answers) {
    const side = units < 0 ? -1 : 1;
    scene.venue.onSubmit = ({ purpose }) => (purpose === 'protection' ? 'accept' : submit);
    scene.answer({
      units,
      ...(isLimited ? { entry: { limit: 100 - side } } : {}),
      ...(stopAway === undefined
        ? {}
        : { protect: { stop: 100 - side * stopAway, ...(takesProfit ? { takeProfit: 100 + side * 10 } : {}) } }),
    });
    const [entry] = scene.slot.entries;
    if (entry === undefined || fills === 'none') continue;
    scene.report((venue) => venue.filled(entry, fills === 'part' ? { qty: Math.ceil(entry.leavesQty / 3) } : {}));
  }
  return scene;
}

describe('a folded journal', () => {
  it.each([0, 1_500])('has what the run had, from any snapshot to any record (close delay %d)', (closeDelayMs) => {
    let orders = 0;
    let halts = 0;
    let failures = 0;
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (events, from, isHalting) => {
        const options: SceneOptions = {
          ...scenario(closeDelayMs),
          ...(isHalting ? { policy: dayLoss } : {}),
          kernelOf: writing,
        };
        const scene = live(options, events);
        orders += scene.venue.sent.length;
        halts += scene.codes().filter((code) => code === 'RISK_LOSS_DAY').length;
        failures += scene.codes().filter((code) => code === 'STRATEGY_THREW').length;
        const fold = foldOf(scene, linesOf(scene), from);
        expect(known(fold.kernel)).toEqual(known(scene.kernel));
        expect(fold.kernel.outbox.hasEntries).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect([orders > 200, halts > 0, failures > 0]).toEqual([true, true, true]);
  });

  it('leaves a strategy off whose state could not be saved', () => {
    const definition = strategyOf(({ state }) => {
      (state as Record<string, unknown>)['seen'] = new Map();
      return 1;
    });
    const scene = new Scene({ strategies: [{ definition }, {}], kernelOf: writing });
    scene.answer(1, 100, 1);
    scene.bars();
    const { kernel } = foldOf(scene, linesOf(scene), 0);
    const statuses = kernel.parts.signals.runners.map(({ status }) => status);
    expect([scene.codes(), statuses]).toEqual([['STRATEGY_STATE_INVALID'], ['failed', 'running']]);
  });

  it('would protect each position as it is protected, whichever side its strategy wants by now', () => {
    let turning = 0;
    fc.assert(
      fc.property(turns, fc.double({ min: 0, max: 1, noNaN: true }), (answers, from) => {
        const scene = turned(answers);
        const { kernel } = foldOf(scene, linesOf(scene), from);
        const slot = kernel.parts.execution.slots[0] as TargetSlot;
        const protect = protecting(scene.slot);
        if (protect === undefined) return;
        // What works, or what it is to become: an order that adds to the position carries the prices that protection then moves to.
        expect([protect, instructed(scene.slot)]).toContainEqual(instructed(slot));
        if (slot.wishSide === -Math.sign(slot.heldScaled)) turning += 1;
      }),
      { numRuns: 300 },
    );
    expect(turning).toBeGreaterThan(0);
  });

  it.each([0, 0.5])(
    'keeps the stop of a position that is being turned round, and has that of the other side (from %d)',
    (from) => {
      const scene = new Scene({ kernelOf: writing });
      scene.answer({ units: 100, protect: { stop: 95 } });
      scene.venue.onSubmit = () => 'accept';
      scene.answer({ units: -50, entry: { limit: 105 }, protect: { stop: 110 } });
      const folded = (): TargetSlot =>
        foldOf(scene, linesOf(scene), from).kernel.parts.execution.slots[0] as TargetSlot;
      expect(folded()).toMatchObject({
        wishSide: -1,
        kept: { side: 1, protect: { stop: 95 } },
        protect: { stop: 110 },
      });
      expect(folded().instruction).toEqual({ stop: 95 });
      while (scene.slot.entries.length > 0) scene.report((venue) => venue.filled(scene.slot.entries[0]!));
      expect(scene.held()).toBe(-50);
      expect(folded().instruction).toEqual({ stop: 110 });
    },
  );
});
