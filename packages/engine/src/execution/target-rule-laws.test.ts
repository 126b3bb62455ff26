// The target rule against venues that do anything a venue may do.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { CancelAnswer, ReplaceAnswer, SubmitAnswer } from '../kernel/scripted-venue.fixture.js';
import { watchCover } from './covered.fixture.js';
import type { OrderRecord } from './order-record.js';

const PENDING = new Set(['unknown', 'pending-cancel', 'pending-replace']);

const step = fc.record({
  wish: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(-1, -0.4, 0, 0.4, 1, undefined) },
    {
      weight: 2,
      arbitrary: fc.record({
        units: fc.constantFrom<number>(-150, -30, 0, 30, 150),
        limit: fc.option(fc.integer({ min: 380, max: 420 }), { nil: undefined }),
        protection: fc.constantFrom('none', 'both', 'both', 'stop', 'target', 'trail'),
      }),
    },
  ),
  submit: fc.constantFrom<SubmitAnswer>('accept', 'accept', 'fill', 'hold', 'reject', 'cancel', 'expire'),
  cancel: fc.constantFrom('cancel', 'cancel', 'hold', 'reject'),
  replace: fc.constantFrom('replace', 'replace', 'hold', 'reject'),
  say: fc.constantFrom('none', 'accepted', 'filled', 'part', 'cancelled', 'expired', 'cancelRejected', 'replaced'),
  pick: fc.nat({ max: 5 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function answerOf(wish: Step['wish']) {
  if (typeof wish !== 'object') return wish;
  const { units, limit, protection } = wish;
  return {
    units,
    ...(limit === undefined ? {} : { entry: { limit: limit / 4 } }),
    ...(protection === 'none' ? {} : { protect: protectOf(protection, units > 0) }),
  };
}

function protectOf(protection: string, isLong: boolean) {
  const takeProfit = isLong ? 130 : 70;
  const stop = isLong ? 80 : 120;
  if (protection === 'both') return { stop, takeProfit };
  if (protection === 'target') return { takeProfit };
  return protection === 'trail' ? { trail: 3 } : { stop };
}

/** Checks, at every order that leaves, what must hold then. */
function watch(scene: Scene, next: () => SubmitAnswer): void {
  const { slot, venue } = scene;
  venue.onSubmit = (order) => {
    expect(order.qtyScaled).toBeGreaterThan(0);
    const others = [...slot.entries, ...slot.protection].filter((other) => other !== order);
    if (order.purpose !== 'protection') {
      // Nothing goes out while an order there is unknown or being cancelled or replaced.
      expect(others.filter((other) => PENDING.has(other.status))).toEqual([]);
      // Entries in one direction only, and what is sent together with the rest reaches the target and not more.
      expect(new Set(slot.entries.map((entry) => entry.side)).size).toBe(1);
      // Beside a reversal that rests stands protection, which may close the position first.
      const closing = slot.protection.filter(({ side }) => side === order.side);
      const covered = Math.max(0, ...closing.map(({ qtyScaled, filledScaled }) => qtyScaled - filledScaled));
      const reached = slot.heldScaled + slot.workingScaled + order.direction * covered;
      if (!slot.isWaiting) expect(reached).toBe(slot.targetScaled);
      if (order.purpose === 'exit') expect(Math.abs(slot.heldScaled)).toBeGreaterThanOrEqual(order.qtyScaled);
    }
    // Two legs of one group never both fill.
    const answer = next();
    return order.purpose === 'protection' && answer === 'fill' ? 'accept' : answer;
  };
}

/** The venue works off what is left, in any order it likes. */
function settle(scene: Scene): void {
  const { venue } = scene;
  venue.onSubmit = (order) => (order.purpose === 'protection' ? 'accept' : 'fill');
  venue.onCancel = () => 'cancel';
  venue.onReplace = () => 'replace';
  scene.answers.fill(undefined);
  for (const order of venue.open) if (order.status === 'sent') scene.report(() => venue.accepted(order));
  let bars = 0;
  for (let i = 0; i < 60; i++) {
    const order = venue.open.find((each) => each.purpose !== 'protection' || PENDING.has(each.status));
    if (order === undefined) {
      // An exit that came to nothing tries again with the next bar.
      if (bars++ === 3) return;
      scene.bars();
      continue;
    }
    scene.report(() => {
      if (order.status === 'pending-cancel') venue.cancelled(order);
      else if (order.status === 'pending-replace') venue.replaced(order);
      else venue.filled(order);
    });
  }
}

function play(steps: readonly Step[], options: ConstructorParameters<typeof Scene>[0] = {}): Scene {
  const scene = new Scene(options);
  watchCover(scene);
  let submit: SubmitAnswer = 'accept';
  watch(scene, () => submit);
  for (const { wish, say, pick, ...rest } of steps) {
    submit = rest.submit;
    scene.venue.onCancel = () => rest.cancel as CancelAnswer;
    scene.venue.onReplace = () => rest.replace as ReplaceAnswer;
    scene.answer(answerOf(wish));
    const order = scene.venue.open[pick % Math.max(1, scene.venue.open.length)];
    if (order !== undefined && say !== 'none') scene.report(() => speak(scene, order, say));
  }
  return scene;
}

function speak(scene: Scene, order: OrderRecord, say: Exclude<Step['say'], 'none'>): void {
  const { venue } = scene;
  if (say === 'part') return venue.filled(order, { qty: Math.ceil(order.leavesQty / 3) });
  // Answers to what was not asked.
  if (say === 'cancelRejected' && order.status !== 'pending-cancel') return;
  if (say === 'replaced' && order.status !== 'pending-replace') return;
  venue[say](order);
}

describe('the target rule', () => {
  const games = fc.array(step, { minLength: 1, maxLength: 25 });

  it.each([true, false])(
    'reaches its target or waits, whatever the venue does (venue replaces: %s)',
    (venueReplaces) => {
      fc.assert(
        fc.property(games, (steps) => {
          const scene = play(steps, { venueReplaces });
          settle(scene);
          const { slot } = scene;
          expect([slot.pendingCount, slot.workingScaled, slot.entries.length]).toEqual([0, 0, 0]);
          if (!slot.isWaiting && !Number.isNaN(slot.targetScaled)) expect(slot.heldScaled).toBe(slot.targetScaled);
          // No order without a difference: one more bar changes nothing.
          const sent = scene.venue.sent.length;
          scene.bars();
          expect(scene.venue.sent).toHaveLength(sent);
          // Protection, where it works, covers the position and nothing else, at prices that were asked for.
          for (const order of slot.protection) {
            const { orderType, limitPrice, stopPrice, trail } = order;
            expect(orderType === 'limit' ? limitPrice : orderType === 'stop' ? stopPrice : trail).not.toBeNaN();
            expect([order.direction, order.leavesQty]).toEqual([scene.held() > 0 ? -1 : 1, Math.abs(scene.held())]);
          }
          const fills = scene.listener.fills.reduce((sum, fill) => sum + fill.signed, 0);
          expect(scene.held()).toBe(fills);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('after a stop-out sends nothing until a new answer, whatever the market does', () => {
    const prices = fc.array(fc.integer({ min: 320, max: 480 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.constantFrom(150, -150), fc.boolean(), prices, (units, byStop, later) => {
        const scene = new Scene();
        const answer = answerOf({ units, limit: undefined, protection: 'both' });
        scene.answer(answer);
        scene.report((venue) => venue.filled(venue.sent[byStop ? 1 : 2]!));
        scene.report((venue) => venue.cancelled(venue.sent[byStop ? 2 : 1]!, 'OCO_FILLED'));
        for (const price of later) scene.answer(answer, price / 4);
        expect([scene.held(), scene.venue.sent.length]).toEqual([0, 3]);
        scene.answer(answerOf({ units: units * 2, limit: undefined, protection: 'both' }));
        expect(scene.held()).toBe(units * 2);
      }),
    );
  });

  it('trades fractions to the last unit, and ends exactly flat', () => {
    const shares = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(shares, (wishes) => {
        const instrument = instrumentOf({ lotStep: 0.001, priceStep: 0.01 });
        const scene = new Scene({ instruments: [instrument] });
        wishes.forEach((wish, i) => scene.answer(wish, 100 + i * 0.07));
        scene.answer(0, 99.99);
        expect(scene.slot.heldScaled).toBe(0);
        const { holding } = scene.slot.position;
        expect(holding.cost).toBe(0n);
        expect(scene.book.cash('USD') - holding.realised + holding.fees).toBe(10n ** 24n);
      }),
    );
  });

  it('waits for a new answer after each kind of refusal', () => {
    for (const answer of ['reject', 'cancel', 'expire'] as const) {
      const scene = new Scene();
      scene.venue.onSubmit = () => answer;
      scene.answer(1);
      scene.answer(1);
      scene.bars(50);
      expect([answer, scene.venue.sent.length]).toEqual([answer, 1]);
      scene.venue.onSubmit = () => 'fill';
      scene.answer(0.5);
      expect([answer, scene.held()]).toEqual([answer, 50]);
    }
  });

  it('sends nothing while an outcome is unknown, and goes on when it is known', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'hold';
    scene.answer(1);
    const rest = { qty: 100, price: 100, fee: 0, feeCurrency: 'USD', liquidity: 'unknown', executionId: '' } as const;
    const known = { ...rest, limitPrice: Number.NaN, stopPrice: Number.NaN, reason: '', message: '', venueOrderId: '' };
    const report = { ...known, kind: 'venue-report', at: scene.now, sequence: 1, instrumentIndex: 0 } as const;
    scene.driver.kernel.process({ ...report, report: 'cancelled' });
    expect(scene.slot.isWaiting).toBe(true);
    scene.answer(0.5);
    scene.driver.kernel.process({ ...report, sequence: 2, report: 'accepted' });
    expect(scene.slot.pendingCount).toBe(0);
    const other = new Scene();
    // A submit whose outcome nobody knows: it never left the state "pending" before.
    other.answers[0] = 1;
    const bar = other.barEvent({ streamIndex: 0, ts: other.now, price: 100 });
    other.kernel.process(bar);
    other.kernel.process({ kind: 'timer', at: bar.at });
    other.kernel.process({ ...report, report: 'unknown' });
    other.answers[0] = -1;
    other.now = bar.at;
    other.venue.onSubmit = () => 'hold';
    other.bars();
    expect([other.slot.pendingCount, other.venue.sent.length]).toEqual([1, 1]);
    other.kernel.process({ ...report, report: 'refused', reason: 'NEVER_ARRIVED' });
    // What the strategy wants by now is not what came to nothing.
    other.answer(-1);
    expect([other.venue.sent.length, other.venue.sent.at(-1)?.side]).toEqual([2, 'sell']);
  });
});
