// Whatever a person decides, and takes back, while anything happens: sums stay right, nobody is left bare or held, and strategies go on.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerBench, BrokerBenchOptions } from './broker-bench.fixture.js';
import { makeBench, rough, runs, settle, type Step } from './broker-steps.fixture.js';
import {
  act,
  beGood,
  calm,
  hit,
  mood,
  outage,
  setOutage,
  type Move,
  said,
  traded,
  wish,
} from './decision-moves.fixture.js';
import type { SuspenseAccount } from './suspense.js';
import { isToDecide } from './undecided.js';

const calmMoves = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: said },
    { weight: 3, arbitrary: wish },
    { weight: 3, arbitrary: traded },
    { weight: 2, arbitrary: hit },
    { weight: 2, arbitrary: mood },
    { weight: 1, arbitrary: outage },
    { weight: 4, arbitrary: calm },
  ),
  { minLength: 2, maxLength: 30 },
);
/** Positions, and then a market that is closed: exits rest while others trade and people decide. */
const closedMoves = fc
  .tuple(
    fc.array(wish, { minLength: 1, maxLength: 3 }),
    fc.array(
      fc.oneof(
        { weight: 1, arbitrary: said },
        { weight: 3, arbitrary: wish },
        { weight: 1, arbitrary: traded },
        { weight: 1, arbitrary: hit },
        { weight: 1, arbitrary: rough },
        { weight: 3, arbitrary: calm },
      ),
      { minLength: 2, maxLength: 15 },
    ),
  )
  .map(([wishes, moves]): readonly (Move | Step)[] => [
    ...wishes,
    { kind: 'calm', ms: 500 },
    { kind: 'mood', what: 'closed' },
    ...moves,
  ]);
const roughMoves = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: said },
    { weight: 2, arbitrary: wish },
    { weight: 2, arbitrary: traded },
    { weight: 2, arbitrary: hit },
    { weight: 1, arbitrary: mood },
    { weight: 1, arbitrary: outage },
    { weight: 3, arbitrary: calm },
    { weight: 6, arbitrary: rough },
  ),
  { minLength: 2, maxLength: 35 },
);

function accountOf(bench: BrokerBench): SuspenseAccount {
  return bench.reconciler.watches[0]?.accounts[0] as SuspenseAccount;
}

function own({ scene }: BrokerBench): readonly TargetSlot[] {
  return scene.slots.filter(({ strategy }) => strategy !== 'SUSPENSE');
}

function left({ qtyScaled, filledScaled }: OrderRecord): number {
  return qtyScaled - filledScaled;
}

function good(bench: BrokerBench): void {
  beGood(bench);
  // The run goes on, and nothing is forbidden.
  setOutage(bench, 'end');
  bench.scene.command('resume', { venue: 'broker' });
  bench.scene.command('shutdown', { onStop: 'over' });
  bench.scene.command('resume');
  bench.scene.command('resume', { book: 'CORE' });
  bench.scene.answers.fill(undefined);
  settle(bench);
}

/** Sums, orders, holds and protection of a bench at rest. */
function check(bench: BrokerBench): void {
  const { scene, broker } = bench;
  const account = accountOf(bench);
  expect(new Set(broker.received).size).toBe(broker.received.length);
  expect(bench.total).toBe(bench.truth);
  const live = [...scene.kernel.parts.desk.live()].map(({ clientOrderId }) => clientOrderId);
  expect(live.toSorted()).toEqual([...broker.open.keys()].toSorted());
  expect([...account.closing]).toEqual([]);
  const isFrozen = account.isFrozen(0);
  if (account.isExclusive) expect([...account.unheld]).toEqual([]);
  if (isFrozen) expect(account.openOf(0)).not.toBe(0);
  const open = account.explained.has(0) ? account.openOf(0) : 0;
  // A person knows how much there is to decide on.
  if (isToDecide(account, 0)) expect(account.told.get(0)?.scaled).toBe(account.openOf(0));
  let gone = Math.abs(open);
  for (const slot of own(bench)) {
    expect([slot.strategy, slot.holds]).toEqual([slot.strategy, isFrozen ? 4 : 0]);
    const { heldScaled: held, instruction, protection } = slot;
    const isWhole = !isFrozen || held > 0 === open > 0;
    const part = isWhole ? 0 : Math.min(gone, Math.abs(held));
    gone -= part;
    const most = Math.abs(held) - part;
    for (const order of protection) {
      expect([slot.strategy, order.direction]).toEqual([slot.strategy, -Math.sign(held)]);
      expect(left(order)).toBeLessThanOrEqual(most);
    }
    const hasStop = instruction?.stop !== undefined;
    if (held === 0 || !hasStop || slot.isProtectionRefused || slot.entries.length > 0) continue;
    // What is frozen keeps the protection it had, whatever its strategy has answered since.
    const covering = protection.filter(({ orderType }) => isFrozen || orderType === 'stop').map(left);
    expect([slot.strategy, Math.max(0, ...covering)]).toEqual([slot.strategy, most]);
  }
}

/** Where no market order finds anybody: all that rests, filled together, takes off no more than there is. */
function checkResting(bench: BrokerBench): void {
  const { broker } = bench;
  beGood(bench);
  broker.fate = () => 'through';
  broker.spoil = (snapshot) => snapshot;
  broker.liquidity = 0;
  broker.arriveLate();
  setOutage(bench, 'end');
  bench.status('disconnected');
  broker.outbox.length = 0;
  bench.ready();
  bench.pass(200_000);
  const account = accountOf(bench);
  const isFrozen = account.isFrozen(0);
  const open = account.explained.has(0) ? account.openOf(0) : 0;
  let gone = Math.abs(open);
  for (const slot of own(bench)) {
    const { heldScaled: held, entries, protection, strategy } = slot;
    const isWhole = !isFrozen || held > 0 === open > 0;
    const part = isWhole ? 0 : Math.min(gone, Math.abs(held));
    gone -= part;
    const exits = entries.filter(({ purpose }) => purpose !== 'entry');
    if (isFrozen) expect([strategy, exits.length]).toEqual([strategy, entries.length]);
    // An order of a reversal may have filled before the exit that was sent first: what is left of that is within the wish.
    if (!isFrozen && exits.some(({ direction }) => direction !== -Math.sign(held))) {
      expect([strategy, held + slot.workingScaled]).toEqual([strategy, slot.targetScaled]);
      continue;
    }
    for (const order of [...exits, ...protection])
      expect([strategy, order.direction]).toEqual([strategy, -Math.sign(held)]);
    const leaving = exits.reduce((sum, order) => sum + left(order), 0) + Math.max(0, ...protection.map(left));
    // Of a reversal the same is so as long as all that is at work, filled together, stays within the wish; also where its order of the other side,
    // sent beside the exit once the way was free, has filled before the exit.
    const isTurning = entries.some(({ purpose, direction }) => purpose === 'entry' && direction === -Math.sign(held));
    const isReversing = isTurning || held * slot.targetScaled < 0;
    const beyond =
      -Math.sign(held) * (held + slot.workingScaled - slot.targetScaled) + Math.max(0, ...protection.map(left));
    if (!isFrozen && isReversing && beyond <= 0) continue;
    expect([strategy, Math.max(leaving, Math.abs(held) - part)]).toEqual([strategy, Math.abs(held) - part]);
  }
}

/** What is left is adopted; then strategies get what they want. */
function checkGoesOn(bench: BrokerBench): void {
  const account = accountOf(bench);
  if (account.openOf(0) !== 0) bench.scene.command('adopt', { symbol: 'AAA', strategy: 'one' });
  bench.pass(10_000);
  expect([account.isExclusive ? account.openOf(0) : 0, account.explained.size]).toEqual([0, 0]);
  bench.scene.answers[0] = { units: 30, protect: { stop: 89 } };
  bench.scene.answers[1] = { units: 20, protect: { stop: 88 } };
  bench.scene.answers[2] = 0;
  for (let n = 0; n < 4; n++) {
    bench.scene.bars(100);
    bench.pass(5_000);
  }
  expect(own(bench).map(({ heldScaled }) => heldScaled)).toEqual([30_000, 20_000, 0]);
  const stops = [...bench.broker.open.values()].map(({ orderType, leavesQty }) => `${orderType} ${leavesQty}`);
  expect(stops.toSorted()).toEqual(['stop 20', 'stop 30']);
  check(bench);
}

/** A panic, whatever was said and done before: nothing of the books is left, nor on an exclusive account of anybody; then all goes on. */
function checkPanic(bench: BrokerBench): void {
  const { scene, broker } = bench;
  const account = accountOf(bench);
  beGood(bench);
  scene.command('shutdown', { onStop: 'over' });
  setOutage(bench, 'end');
  settle(bench);
  const before = scene.notices.length;
  scene.now += 1;
  scene.command('panic');
  bench.pass(120_000);
  expect(scene.notices.slice(before).map(({ code }) => code)).toContain('PANIC_COMPLETE');
  expect(own(bench).map(({ heldScaled }) => heldScaled)).toEqual([0, 0, 0]);
  expect([...broker.open.keys()]).toEqual([]);
  if (account.isExclusive) expect([bench.truth, bench.total]).toEqual([0, 0]);
  good(bench);
  check(bench);
  checkGoesOn(bench);
}

function start(options: BrokerBenchOptions): BrokerBench {
  const bench = makeBench({
    strategies: [
      { name: 'one', book: 0 },
      { name: 'two', book: 1 },
      { name: 'three', book: 1 },
    ],
    books: [
      { name: 'CORE', venue: 'broker' },
      { name: 'OTHER', venue: 'broker' },
    ],
    ...options,
  });
  bench.ready();
  return bench;
}

function play(moves: readonly (Move | Step)[], options: BrokerBenchOptions): BrokerBench {
  const bench = start(options);
  for (const one of moves) act(bench, one);
  return bench;
}

describe.each([true, false])('decisions (exclusive: %s)', (isExclusive) => {
  it.each([true, false])(
    'leave sums right, nobody bare or held, and strategies go on (venue replaces: %s)',
    (venueReplaces) => {
      fc.assert(
        fc.property(calmMoves, (moves) => {
          const bench = play(moves, { isExclusive, venueReplaces });
          good(bench);
          check(bench);
          checkGoesOn(bench);
        }),
        runs(150),
      );
    },
  );

  it('the same whatever is lost or late', () => {
    fc.assert(
      fc.property(roughMoves, (moves) => {
        const bench = play(moves, { isExclusive });
        good(bench);
        check(bench);
        checkGoesOn(bench);
      }),
      runs(150),
    );
  });

  it('end with a panic: nothing is left, and strategies go on once it is taken back', () => {
    fc.assert(
      fc.property(roughMoves, (moves) => {
        const bench = play(moves, { isExclusive });
        checkPanic(bench);
      }),
      runs(150),
    );
  });

  it('end with a panic after calm', () => {
    fc.assert(
      fc.property(calmMoves, fc.boolean(), (moves, venueReplaces) => {
        const bench = play(moves, { isExclusive, venueReplaces });
        checkPanic(bench);
      }),
      runs(150),
    );
  });

  it.each([true, false])('leave no more at work than there is (venue replaces: %s)', (venueReplaces) => {
    fc.assert(
      fc.property(closedMoves, (moves) => {
        const bench = play(moves, { isExclusive, venueReplaces });
        checkResting(bench);
        good(bench);
        check(bench);
        checkGoesOn(bench);
      }),
      runs(150),
    );
  });

  it('close no more than there is', () => {
    fc.assert(
      fc.property(calmMoves, (moves) => {
        const bench = start({ isExclusive });
        const { broker } = bench;
        const submit = broker.submit.bind(broker);
        let isOpen = true;
        broker.submit = (group) => {
          for (const { owner, direction, qty } of group) {
            if (owner.strategy !== 'SUSPENSE' || !isOpen) continue;
            const { truth } = bench;
            expect([truth, direction * qty, Math.abs(truth + direction * qty) < Math.abs(truth)]).toEqual([
              truth,
              direction * qty,
              true,
            ]);
          }
          return submit(group);
        };
        for (const one of moves) {
          isOpen = one.kind === 'said';
          act(bench, one);
          bench.pass(70_000);
        }
      }),
      runs(150),
    );
  });
});
