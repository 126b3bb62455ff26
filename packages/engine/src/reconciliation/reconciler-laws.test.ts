// Whatever is lost, late or said twice: in the end books and broker agree, or a person was asked.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOLD } from '../execution/hold.js';
import type { BrokerBench } from './broker-bench.fixture.js';
import { makeBench, rough, runs, settle, step, take } from './broker-steps.fixture.js';

function check(bench: BrokerBench): void {
  const { scene, broker } = bench;
  expect(new Set(broker.received).size).toBe(broker.received.length);
  expect(bench.total).toBe(bench.truth);
  // Everything was told in the end, so nothing may have been frozen on the way but what others took off a position of the books.
  const frozen = scene.notices.filter(({ code }) => code === 'SYMBOL_FROZEN');
  expect(frozen.filter(({ details }) => details['cause'] !== 'position-taken')).toEqual([]);
  checkProtection(bench);
  const [report] = bench.reconciler.reports();
  for (const line of report?.balances ?? []) expect(line.books + line.suspense).toBeCloseTo(line.broker, 6);
  // Every open order there is live here, and the other way round.
  const live = [...scene.kernel.parts.desk.live()].map(({ clientOrderId }) => clientOrderId);
  expect(live.toSorted()).toEqual([...broker.open.keys()].toSorted());
  // Every execution once, ours in our books.
  const ours = broker.executions.filter(({ orderId }) => orderId !== 'by hand');
  const byHand = broker.executions.length - ours.length;
  const booked = scene.slots
    .filter(({ strategy }) => strategy !== 'SUSPENSE')
    .reduce((sum, slot) => sum + slot.heldScaled, 0);
  const signed = (fills: typeof ours): number =>
    fills.reduce((sum, { side, qty }) => sum + (side === 'buy' ? qty : -qty), 0);
  expect(booked).toBe(scene.slot.state.scaled(signed(ours)));
  expect(byHand === 0 ? bench.suspense : 0).toBe(0);
}

/** Protection of what is frozen covers no more than the broker has. */
function checkProtection({ scene, reconciler }: BrokerBench): void {
  const [account] = reconciler.watches[0]?.accounts ?? [];
  const open = account?.explained.has(0) === true ? account.openOf(0) : 0;
  const held = scene.slots.filter(
    ({ strategy, heldScaled }) =>
      strategy !== 'SUSPENSE' && heldScaled !== 0 && open !== 0 && heldScaled > 0 !== open > 0,
  );
  const covered = held.map(({ protection }) =>
    protection.reduce((most, { qtyScaled, filledScaled }) => Math.max(most, qtyScaled - filledScaled), 0),
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  const most = sum(held.map(({ heldScaled }) => Math.abs(heldScaled))) - Math.abs(open);
  expect(sum(covered)).toBeLessThanOrEqual(Math.max(0, most));
}

/** Whatever was not told: the sum is the broker's, nothing was sent twice, and what works there works here. */
function checkRough(bench: BrokerBench): void {
  const { scene, broker } = bench;
  expect(new Set(broker.received).size).toBe(broker.received.length);
  expect(bench.total).toBe(bench.truth);
  const [report] = bench.reconciler.reports();
  for (const line of report?.balances ?? []) expect(line.books + line.suspense).toBeCloseTo(line.broker, 6);
  const live = [...scene.kernel.parts.desk.live()].map(({ clientOrderId }) => clientOrderId);
  expect(live.toSorted()).toEqual([...broker.open.keys()].toSorted());
  checkProtection(bench);
  // What is frozen is what nobody explains, and nothing else is.
  const [account] = bench.reconciler.watches[0]?.accounts ?? [];
  const isFrozen = (account?.unexplained.size ?? 0) > 0;
  for (const slot of scene.slots) {
    if (slot.strategy === 'SUSPENSE') continue;
    expect([slot.strategy, slot.holds]).toEqual([slot.strategy, isFrozen ? HOLD.frozen : 0]);
    expect(slot.workingScaled).toBe(
      slot.entries.reduce((sum, order) => sum + order.direction * (order.qtyScaled - order.filledScaled), 0),
    );
  }
}

/** A panic after all that: nothing is left, at the broker and here. */
function checkPanic(bench: BrokerBench): void {
  const { scene, broker } = bench;
  scene.command('panic');
  bench.pass(60_000);
  expect([bench.truth, bench.total, broker.open.size]).toEqual([0, 0, 0]);
  expect(scene.codes()).toContain('PANIC_COMPLETE');
}

/** A panic in a market that has little to give: it ends flat, or a person hears within seconds what is left. */
function checkThinPanic(bench: BrokerBench, liquidity: number): void {
  const { scene, broker } = bench;
  broker.liquidity = liquidity;
  const before = scene.notices.length;
  scene.command('panic');
  bench.pass(11_000);
  const codes = scene.notices.slice(before).map(({ code }) => code);
  expect(codes.includes('PANIC_COMPLETE') || codes.includes('PANIC_PENDING')).toBe(true);
  if (bench.truth !== 0 || broker.open.size > 0) expect(codes).toContain('PANIC_PENDING');
  broker.liquidity = 1e9;
  for (const id of [...broker.open.keys()]) broker.fill(id, 1e9);
  bench.pass(60_000);
  expect([bench.truth, bench.total, broker.open.size]).toEqual([0, 0, 0]);
  expect(scene.codes()).toContain('PANIC_COMPLETE');
}

describe('books and broker', () => {
  it('add up in the end, whatever the broker changed, took back, told late or showed of different ages; a panic ends flat', () => {
    fc.assert(
      fc.property(fc.array(rough, { minLength: 1, maxLength: 40 }), (steps) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        checkRough(bench);
        checkPanic(bench);
      }),
      runs(2_000),
    );
  });

  it('are not left in doubt by a panic: it ends flat, or a person hears of it, however little the market gives', () => {
    fc.assert(
      fc.property(fc.array(rough, { minLength: 1, maxLength: 25 }), fc.constantFrom(0, 7, 40), (steps, liquidity) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        checkThinPanic(bench, liquidity);
      }),
      runs(1_000),
    );
  });

  it('agree in the end, whatever was lost, late, cut off or done by hand', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        check(bench);
      }),
      runs(2_000),
    );
  });

  it('leave nothing that a person cannot decide on: closed as far as the broker has it, and adopted, it is gone', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.array(rough, { minLength: 1, maxLength: 25 }), fc.boolean(), (steps, isClosedFirst) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        const [account] = bench.reconciler.watches[0]?.accounts ?? [];
        if (account === undefined || account.openOf(0) === 0) return expect(account?.explained.size).toBe(0);
        decided += 1;
        if (isClosedFirst) bench.scene.command('flatten', { symbol: 'AAA' });
        bench.pass(60_000);
        if (account.openOf(0) !== 0) bench.scene.command('adopt', { symbol: 'AAA', strategy: 'one' });
        bench.pass(60_000);
        expect([bench.suspense, account.explained.size]).toEqual([0, 0]);
        expect(bench.total).toBe(bench.truth);
        for (const slot of bench.scene.slots) expect(slot.holds).toBe(0);
      }),
      runs(500),
    );
    // Histories in which nobody else trades would prove nothing.
    expect(decided).toBeGreaterThan(20);
  });

  it('say the same when asked again: a second comparison changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        const hash = bench.scene.kernel.hash();
        bench.scene.command('reconcile');
        bench.pump();
        expect(bench.scene.kernel.hash()).toBe(hash);
        expect(bench.reconciler.reports()[0]?.differences.filter(({ cause }) => cause !== 'external-order')).toEqual(
          [],
        );
      }),
      runs(300),
    );
  });

  it('are restored by a snapshot as they were', () => {
    fc.assert(
      fc.property(fc.array(rough, { minLength: 1, maxLength: 25 }), (steps) => {
        const bench = makeBench();
        bench.ready();
        for (const one of steps) take(bench, one);
        const saved = structuredClone(bench.scene.kernel.snapshot());
        const fresh = makeBench();
        fresh.scene.kernel.restore(saved);
        expect(fresh.scene.kernel.snapshot()).toEqual(saved);
        expect(fresh.scene.kernel.hash()).toBe(bench.scene.kernel.hash());
      }),
      runs(300),
    );
  });
});
