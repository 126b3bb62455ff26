// A symbol whose reports never cease: what became of one order is known all the same.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BrokerBench } from './broker-bench.fixture.js';
import type { Fate } from './truth-broker.fixture.js';
import { makeBench, runs } from './broker-steps.fixture.js';

/** The second strategy has an order at work that is filled a bit whenever somebody looks; the answer comes behind that report. */
function noisy(): BrokerBench {
  const bench = makeBench();
  bench.ready();
  bench.scene.answers[1] = { units: 100_000, entry: { limit: 99, tif: 'GTC' } };
  bench.scene.bars(100);
  bench.pump();
  bench.broker.spoil = (snapshot) => {
    const [order] = ordersOf(bench, 'two');
    if (order !== undefined) bench.broker.fill(order.clientOrderId, 1);
    return snapshot;
  };
  return bench;
}

/** Orders of a strategy that are open at the broker. */
const ordersOf = ({ broker }: BrokerBench, strategy: string) =>
  [...broker.open.values()].filter(({ tag }) => tag.startsWith(`${strategy}|`));

/** Why orders ended; that of the second strategy never does. */
const ended = ({ scene }: BrokerBench): readonly string[] => scene.listener.ended.map(({ reason }) => reason);

const live = ({ scene }: BrokerBench) =>
  [...scene.kernel.parts.desk.live()].filter(({ owner }) => owner.strategy === 'one');

describe('on a symbol that is never quiet', () => {
  it('an order that never arrived is known to be over, before anybody is paged', () => {
    const bench = noisy();
    bench.broker.fate = () => 'lost';
    bench.bar(1);
    expect(live(bench)).toHaveLength(1);
    bench.pass(20_000);
    expect([live(bench).length, ended(bench)]).toEqual([0, ['NEVER_ARRIVED']]);
    expect(bench.scene.codes()).not.toContain('ORDER_OUTCOME_UNKNOWN');
    expect(bench.reconciler.reports()[0]?.balances[0]).toMatchObject({ kind: 'position', isBusy: true });
  });

  it('a cancel that was lost is decided anew, and an order that is gone is over', () => {
    const bench = noisy();
    bench.scene.answers[0] = { share: 1, entry: { limit: 98, tif: 'GTC' } };
    bench.scene.bars(100);
    bench.pump();
    bench.broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    bench.bar(0);
    bench.broker.fate = () => 'through';
    const [order] = live(bench);
    expect(order?.status).toBe('pending-cancel');
    bench.pass(20_000);
    expect(bench.reconciler.watches[0]?.unmoved.size).toBe(0);
    bench.bar(0);
    expect(live(bench)).toEqual([]);
    bench.scene.answers[0] = { share: 1, entry: { limit: 97, tif: 'GTC' } };
    bench.scene.bars(100);
    bench.pump();
    const [id] = live(bench).map(({ clientOrderId }) => clientOrderId);
    bench.broker.end(id as string, 'lost');
    bench.pass(70_000);
    expect([live(bench).length, ended(bench).at(-1)]).toEqual([0, 'GONE_AT_VENUE']);
  });

  it('an order that was given up and is open there is found and cancelled', () => {
    const bench = noisy();
    bench.broker.fate = () => 'late';
    bench.scene.answers[0] = { share: 1, entry: { limit: 98, tif: 'GTC' } };
    bench.scene.bars(100);
    bench.pass(20_000);
    expect(ended(bench)).toEqual(['NEVER_ARRIVED']);
    bench.broker.fate = () => 'through';
    bench.scene.answers[0] = 0;
    bench.broker.arriveLate();
    expect(bench.broker.open.size).toBe(2);
    bench.pass(70_000);
    expect([bench.broker.open.size, live(bench).length]).toEqual([1, 0]);
  });

  it('an order that an execution without a name may be of stays open, and a person is paged', () => {
    for (const side of ['buy', 'sell'] as const) {
      const bench = noisy();
      bench.broker.fate = () => 'lost';
      bench.bar(1);
      const noise = bench.broker.spoil;
      // Somebody trades by hand at every look, and each of these is told at once.
      bench.broker.spoil = (snapshot) => {
        const fill = bench.broker.trade(side, 1);
        bench.broker.outbox.push(() => bench.say('fill', fill));
        return noise(snapshot);
      };
      bench.pass(40_000);
      expect(live(bench)).toHaveLength(side === 'buy' ? 1 : 0);
      // Where they sell what the second strategy has, its symbol is frozen, and the cancel of its entry is lost as well.
      const paged = bench.scene.notices.filter(({ code }) => code === 'ORDER_OUTCOME_UNKNOWN');
      expect(paged.some(({ details }) => details['strategy'] === 'one')).toBe(side === 'buy');
    }
  });

  it('in the end no outcome is unknown, nothing was sent twice, and every execution of ours is booked once', () => {
    const fate = fc.constantFrom<Fate>('through', 'unheard', 'late', 'lost', 'refused');
    const wish = fc.record({
      share: fc.constantFrom(-1, 0, 0.4, 1),
      isLimit: fc.boolean(),
      submit: fate,
      cancel: fate,
    });
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 3 }), (wishes) => {
        const bench = noisy();
        for (const { share, isLimit, submit, cancel } of wishes) {
          bench.broker.fate = (what) => (what === 'submit' ? submit : cancel);
          bench.scene.answers[0] = isLimit ? { share, entry: { limit: 98 } } : share;
          bench.scene.bars(100);
          bench.pass(1_500);
        }
        bench.broker.fate = () => 'through';
        bench.broker.arriveLate();
        // All the while the other order fills, so that no position is ever compared.
        bench.pass(45_000);
        expect(live(bench).filter(({ status }) => status !== 'working')).toEqual([]);
        expect(new Set(bench.broker.received).size).toBe(bench.broker.received.length);
        expect(bench.total).toBe(bench.truth);
        const ids = live(bench).map(({ clientOrderId }) => clientOrderId);
        const there = ordersOf(bench, 'one').map(({ clientOrderId }) => clientOrderId);
        expect(ids.toSorted()).toEqual(there.toSorted());
      }),
      runs(300),
    );
  });
});
