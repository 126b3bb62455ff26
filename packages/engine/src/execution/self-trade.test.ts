import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, type SignalAnswer } from '@bookrunner/sdk';
import fc from 'fast-check';
import { feedStream, Scene } from '../kernel/kernel.fixture.js';
import { watchCover } from './covered.fixture.js';
import type { OrderRecord } from './order-record.js';

const two = { strategies: [{ name: 'ada' }, { name: 'bob' }] };
const three = { strategies: [...two.strategies, { name: 'eve' }] };

/** Whether two live orders of different strategies could trade with each other now. */
function couldMeet(a: OrderRecord, b: OrderRecord): boolean {
  if (a.owner === b.owner || a.side === b.side) return false;
  if ([a, b].some((order) => order.orderType.includes('stop'))) return false;
  if (a.orderType === 'market' || b.orderType === 'market') return true;
  const [buy, sell] = a.side === 'buy' ? [a, b] : [b, a];
  return buy.limitPrice >= sell.limitPrice;
}

function expectApart(scene: Scene): void {
  const { open } = scene.venue;
  for (const a of open)
    for (const b of open) expect([a, b].map((order) => order.sequence).filter(() => couldMeet(a, b))).toEqual([]);
}

describe('two strategies in one instrument', () => {
  it('send orders of their own, never merged', () => {
    const scene = new Scene(two);
    scene.venue.onSubmit = () => 'accept';
    scene.answers.push(1, 1);
    scene.bars();
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry', 'submit 2 buy 100 market entry']);
    expect(scene.venue.sent.map((order) => order.tag)).toEqual(['ada|CORE|20140505', 'bob|CORE|20140505']);
  });

  it('wait for each other where their orders could meet, and both finish', () => {
    const scene = new Scene(two);
    scene.venue.onSubmit = () => 'accept';
    scene.answers.push(1, -1);
    scene.bars();
    scene.bars();
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry']);
    expect(scene.listener.refusals.map((refusal) => refusal.reason)).toEqual(['SELF_TRADE_WAIT']);
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(scene.venue.log.slice(1)).toEqual(['submit 2 sell 100 market entry']);
    scene.report((venue) => venue.filled(venue.sent[1]!));
    expect([scene.held(0), scene.held(1)]).toEqual([100, -100]);
  });

  it('let limits that do not cross work side by side', () => {
    const scene = new Scene(two);
    scene.answers.push({ units: 100, entry: { limit: 99 } }, { units: -100, entry: { limit: 99.25 } });
    scene.bars();
    expect(scene.venue.open).toHaveLength(2);
    scene.answer({ units: 100, entry: { limit: 99.25 } });
    expect(scene.venue.open.map((order) => order.owner.strategy)).toEqual(['bob']);
  });

  it('give an exit right of way over a resting entry, which comes back afterwards', () => {
    const scene = new Scene(two);
    scene.answer(1);
    scene.answers[1] = { units: 50, entry: { limit: 99 } };
    scene.bars();
    scene.venue.onSubmit = () => 'accept';
    scene.answer(0);
    expect(scene.venue.log.slice(2)).toEqual(['cancel 2', 'submit 3 sell 100 market exit']);
    expectApart(scene);
    scene.report((venue) => venue.filled(venue.sent[2]!));
    expect(scene.venue.log.slice(4)).toEqual(['submit 4 buy 50 limit 99 entry']);
    expect(scene.held(0)).toBe(0);
  });

  it('give an exit right of way when the cancel is slow or comes too late', () => {
    for (const outcome of ['cancelled', 'filled'] as const) {
      const scene = new Scene(two);
      scene.answer(1);
      scene.answers[1] = { units: 50, entry: { limit: 99 } };
      scene.bars();
      scene.venue.onSubmit = () => 'accept';
      scene.venue.onCancel = () => 'hold';
      scene.answer(0);
      expect(scene.venue.sent).toHaveLength(2);
      scene.report((venue) => venue[outcome](venue.sent[1]!));
      expect(scene.venue.sent[2]?.purpose).toBe('exit');
    }
  });

  it('give an exit right of way over a take-profit, which comes back with its stop', () => {
    const scene = new Scene(two);
    scene.answers.push({ units: 100, protect: { stop: 90, takeProfit: 110 } }, undefined);
    scene.bars();
    scene.answers[1] = { units: -50, entry: { limit: 101 } };
    scene.bars();
    scene.report((venue) => venue.filled(venue.sent.at(-1)!));
    scene.venue.onSubmit = () => 'accept';
    const before = scene.venue.sent.length;
    scene.answer(0, 100, 1);
    const exit = scene.venue.sent[before]!;
    expect([exit.side, exit.purpose, exit.owner.strategy]).toEqual(['buy', 'exit', 'bob']);
    expectApart(scene);
    const { slot } = scene;
    expect(slot.protection.map((order) => order.orderType)).toEqual(['stop']);
    scene.report((venue) => venue.filled(exit));
    expect(slot.protection.map((order) => [order.orderType, order.qty])).toEqual([
      ['stop', 100],
      ['limit', 100],
    ]);
    expect([scene.held(0), scene.held(1)]).toEqual([100, 0]);
  });

  it('protect with the stop alone while the take-profit could meet an order at the venue', () => {
    const scene = new Scene(two);
    scene.answers.push({ units: 100, protect: { stop: 90, takeProfit: 110 } }, { units: 50 });
    scene.venue.onSubmit = (order) => (order.owner.strategy === 'ada' && order.purpose === 'entry' ? 'fill' : 'accept');
    scene.answers[0] = undefined;
    scene.bars();
    scene.answer({ units: 100, protect: { stop: 90, takeProfit: 110 } });
    expect(scene.slot.protection.map((order) => order.orderType)).toEqual(['stop']);
    expectApart(scene);
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(scene.slot.protection.map((order) => order.orderType)).toEqual(['stop', 'limit']);
    expectApart(scene);
  });

  describe('with two others that would come back at once', () => {
    /** A position of one strategy, and orders of the two others that its exit could meet. */
    function held(others: SignalAnswer): Scene {
      const scene = new Scene(three);
      scene.answer(1);
      scene.answers[1] = others;
      scene.answers[2] = others;
      scene.bars();
      scene.venue.onSubmit = () => 'accept';
      return scene;
    }

    it.each(['cancel', 'hold'] as const)('let an exit out once both entries are gone (%s)', (answer) => {
      const scene = held({ units: 50, entry: { limit: 99 } });
      scene.venue.onCancel = () => answer;
      scene.answer(0);
      for (const order of scene.venue.sent.slice(1, 3)) {
        if (answer === 'hold') scene.report((venue) => venue.cancelled(order));
      }
      expect(scene.venue.log.slice(3)).toEqual(['cancel 2', 'cancel 3', 'submit 4 sell 100 market exit']);
      scene.report((venue) => venue.filled(venue.sent[3]!));
      expect(scene.venue.log.slice(6)).toEqual(['submit 5 buy 50 limit 99 entry', 'submit 6 buy 50 limit 99 entry']);
    });

    it('let an exit out once both take-profits are gone, while their stops stay', () => {
      const scene = new Scene(three);
      scene.answers.push(1, -1, -1);
      scene.answers[1] = { units: -50, protect: { stop: 110, takeProfit: 90 } };
      scene.answers[2] = { units: -50, protect: { stop: 110, takeProfit: 90 } };
      scene.bars();
      scene.bars();
      scene.venue.onSubmit = () => 'accept';
      scene.answer(0);
      expect(scene.venue.sent.at(-1)).toMatchObject({ purpose: 'exit', side: 'sell' });
      const stops = scene.venue.open.filter(({ purpose }) => purpose === 'protection');
      expect(stops.map(({ orderType }) => orderType)).toEqual(['stop', 'stop']);
      scene.report((venue) => venue.filled(venue.sent.at(-1)!));
      expect(scene.venue.open.map(({ orderType }) => orderType).toSorted()).toEqual(['limit', 'limit', 'stop', 'stop']);
    });

    it('come back with their next bar where the strategy of the exit is stopped, whenever its own comes', () => {
      const streams = [feedStream(0), feedStream(0, HOUR_MS)];
      const [ada, ...others] = three.strategies;
      const strategies = [{ ...ada, streams: [[1]] }, ...others.map((one) => ({ ...one, streams: [[0]] }))];
      const scene = new Scene({ streams, strategies });
      const hour = (answer: SignalAnswer): void => {
        scene.answers[0] = answer;
        scene.driver.bar(scene.barEvent({ streamIndex: 1, ts: scene.now - HOUR_MS, price: 100 }));
        scene.driver.advanceTo(scene.now);
      };
      scene.bars();
      hour(1);
      scene.answers[1] = { units: 50, entry: { limit: 99 } };
      scene.answers[2] = { units: 50, entry: { limit: 99 } };
      scene.bars();
      scene.venue.onCancel = () => 'hold';
      hour(0);
      scene.report((venue) => venue.cancelled(venue.sent[1]!));
      expect(scene.venue.open).toEqual([scene.venue.sent[2]]);
      scene.command('stop', { name: 'ada' });
      scene.bars();
      expect(scene.venue.open.map(({ owner }) => owner.strategy)).toEqual(['eve', 'bob']);
    });

    it('come back where the exit is given up, in a kernel that goes on from a snapshot as well', () => {
      const scene = held({ units: 50, entry: { limit: 99 } });
      scene.venue.onCancel = () => 'hold';
      scene.answer(0);
      scene.report((venue) => venue.cancelled(venue.sent[1]!));
      const moved = scene.fresh();
      moved.kernel.restore(scene.kernel.snapshot());
      expect(moved.slots.map(({ isExitInLine }) => isExitInLine)).toEqual([true, false, false]);
      scene.answer(1);
      expect(scene.venue.log.slice(5)).toEqual(['submit 4 buy 50 limit 99 entry']);
    });
  });

  const step = fc.record({
    wishes: fc.array(
      fc.oneof(
        fc.constantFrom(-1, -0.5, 0, 0.5, 1, undefined),
        fc.record({
          units: fc.constantFrom(-80, 40, 80),
          limit: fc.integer({ min: 396, max: 404 }),
          entry: fc.constantFrom('market', 'limit', 'stop'),
          protection: fc.constantFrom('none', 'none', 'both', 'stop', 'target'),
        }),
      ),
      { minLength: 3, maxLength: 3 },
    ),
    say: fc.constantFrom('none', 'fill', 'part', 'cancel', 'reject'),
    pick: fc.nat({ max: 7 }),
  });

  it('never have orders that could meet, and the books are the sum of the fills', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        (steps, isSlow, isTwo) => {
          const scene = new Scene(isTwo ? two : three);
          watchCover(scene);
          scene.venue.onSubmit = () => 'accept';
          scene.venue.onCancel = () => (isSlow ? 'hold' : 'cancel');
          for (const { wishes, say, pick } of steps) {
            wishes.slice(0, scene.slots.length).forEach((wish, i) => {
              if (typeof wish !== 'object') scene.answers[i] = wish;
              else {
                const { units, limit, entry, protection } = wish;
                const protect = {
                  ...(protection === 'target' ? {} : { stop: 100 - Math.sign(units) * 10 }),
                  ...(protection === 'stop' ? {} : { takeProfit: 100 + Math.sign(units) * 5 }),
                };
                scene.answers[i] = {
                  units,
                  ...(entry === 'market' ? {} : { entry: { [entry]: limit / 4 } }),
                  ...(protection === 'none' ? {} : { protect }),
                };
              }
            });
            scene.bars();
            expectApart(scene);
            const order = scene.venue.open[pick % Math.max(1, scene.venue.open.length)];
            if (order === undefined || say === 'none') continue;
            scene.report((venue) => {
              if (say === 'fill') venue.filled(order);
              else if (say === 'part') venue.filled(order, { qty: Math.ceil(order.leavesQty / 2) });
              else if (say === 'cancel') venue.cancelled(order);
              else venue.rejected(order);
            });
            expectApart(scene);
          }
          for (const [slot, { strategy }] of scene.slots.entries()) {
            const fills = scene.listener.fills.filter((fill) => fill.strategy === strategy);
            expect(scene.held(slot)).toBe(fills.reduce((sum, fill) => sum + fill.signed, 0));
          }
          // Let the venue work off everything: all that does not wait for a new answer finishes.
          scene.venue.onCancel = () => 'cancel';
          scene.answers.fill(undefined);
          let bars = 0;
          for (let i = 0; i < 80; i++) {
            const isLeft = (each: OrderRecord): boolean => each.purpose !== 'protection' || each.status !== 'working';
            const order = scene.venue.open.find(isLeft);
            if (order === undefined) {
              // An exit that came to nothing tries again with the next bar.
              if (bars++ === 3) break;
              scene.bars();
              continue;
            }
            scene.report((venue) => {
              if (order.status === 'pending-cancel') venue.cancelled(order);
              else if (order.status === 'pending-replace') venue.replaced(order);
              else venue.filled(order);
            });
          }
          for (const slot of scene.slots) {
            const target = slot.isWaiting || Number.isNaN(slot.targetScaled) ? slot.heldScaled : slot.targetScaled;
            const isKept = scene.venue.open.some((order) => order.owner !== slot && order.orderType === 'limit');
            // An entry may wait for another's take-profit, and for nothing else.
            if (slot.isBlocked && isKept && slot.targetScaled !== 0) continue;
            expect([slot.strategy, slot.heldScaled]).toEqual([slot.strategy, target]);
            expect(slot.workingScaled).toBe(0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
