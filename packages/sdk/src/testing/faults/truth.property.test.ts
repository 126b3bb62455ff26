// Whatever goes wrong: settled, the venue's truth is the inner venue's, and no report tells of an execution that is not in it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../model/order.js';
import type { Fill } from '../../model/fill.js';
import type { VenueSnapshot } from '../../model/venue-report.js';
import { anOrder } from '../builders.js';
import { faultyBench, truthOf } from './faulty-bench.fixture.js';
import type { Bench } from './faulty-bench.fixture.js';
import { VENUE_FAULTS } from './venue-fault.js';
import type { VenueFault, VenueFaultKind } from './venue-fault.js';

/** What a session does at each step. Which order a cancel or replace means is counted from the newest. */
type Step =
  | { readonly act: 'submit'; readonly order: Partial<Order> }
  | { readonly act: 'cancel' | 'replace'; readonly back: number; readonly qty: number }
  | { readonly act: 'quote'; readonly quarters: number; readonly size: number }
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'snapshot' };

const order = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 9 }),
  orderType: fc.constantFrom('market', 'limit', 'stop'),
  limitPrice: fc.integer({ min: 396, max: 404 }).map((quarters) => quarters / 4),
  stopPrice: fc.integer({ min: 396, max: 404 }).map((quarters) => quarters / 4),
  tif: fc.constantFrom('GTC', 'IOC', 'DAY'),
}) as fc.Arbitrary<Partial<Order>>;

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('submit' as const), order }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom('cancel' as const, 'replace' as const),
      back: fc.integer({ min: 0, max: 3 }),
      qty: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('quote' as const),
      quarters: fc.integer({ min: 396, max: 404 }),
      size: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 9_000 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ act: 'snapshot' }) },
);

const fault = fc.record({
  kind: fc.constantFrom(...VENUE_FAULTS),
  when: fc.oneof(
    fc.record({ nth: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ order: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ chance: fc.constantFrom(0.1, 0.5, 1) }),
  ),
}) as fc.Arbitrary<VenueFault>;

const session = fc.record({
  steps: fc.array(step, { maxLength: 40 }),
  script: fc.array(fault, { minLength: 1, maxLength: 4 }),
  seed: fc.integer({ min: 0, max: 1_000 }),
});

/** Does one step; answers that hang come later, or never, and matter to nobody here. */
function take({ venue, paper, clock }: Bench, { step: now, orders }: { step: Step; orders: Order[] }): void {
  const ignore = (answer: Promise<unknown>): void => void answer.catch(() => undefined);
  switch (now.act) {
    case 'submit':
      orders.push(anOrder(now.order));
      return ignore(venue.submit([orders.at(-1)!]));
    case 'cancel':
    case 'replace': {
      const ref = orders.at(-1 - now.back);
      if (ref === undefined) return;
      return ignore(now.act === 'cancel' ? venue.cancel(ref) : venue.replace!(ref, { qty: now.qty }));
    }
    case 'quote': {
      const { quarters, size } = now;
      return paper.quoteSizes('TEST', { bid: quarters / 4, ask: (quarters + 1) / 4, bidSize: size, askSize: size });
    }
    case 'wait':
      return clock.advance(now.ms);
    case 'snapshot':
      return ignore(venue.snapshot());
  }
}

async function play(bench: Bench, steps: readonly Step[]): Promise<void> {
  const orders: Order[] = [];
  for (const now of steps) {
    take(bench, { step: now, orders });
    await Promise.resolve();
  }
  bench.venue.heal();
  await bench.venue.settle();
}

/** Executions of reports and snapshot together; fails where two tellings of one differ in more than the instant. */
function executionsOf({ sink }: Bench, snapshot: VenueSnapshot): ReadonlyMap<string, Fill> {
  const known = new Map(snapshot.executions.items.map((fill) => [fill.executionId, fill]));
  for (const report of sink.reports) {
    if (report.kind !== 'filled') continue;
    const { ts: _ts, ...told } = report.fill;
    // An execution that the snapshot does not have would be an invention.
    expect(known.get(report.fill.executionId)).toMatchObject(told);
  }
  return known;
}

async function expectTruth(bench: Bench): Promise<void> {
  const { venue, paper, sink } = bench;
  expect(venue.isQuiet).toBe(true);
  const [told, truth] = [await venue.snapshot(), await paper.snapshot()];
  expect(truthOf(told)).toEqual(truthOf(truth));
  let held = 0;
  for (const fill of executionsOf(bench, told).values()) held += fill.side === 'buy' ? fill.qty : -fill.qty;
  expect(told.positions.items.map(({ qty }) => qty)).toEqual(held === 0 ? [] : [held]);
  const open = new Set(told.openOrders.items.map(({ clientOrderId }) => clientOrderId));
  for (const { kind, clientOrderId } of sink.reports) {
    if (kind === 'cancelled' || kind === 'expired' || kind === 'rejected') expect(open.has(clientOrderId)).toBe(false);
  }
}

/** Runs a session; what was done to it stands in the failure. */
async function expectTruthAfter(
  script: readonly VenueFault[],
  { steps, seed }: { readonly steps: readonly Step[]; readonly seed: number },
): Promise<Bench> {
  const bench = await faultyBench(script, seed);
  await play(bench, steps);
  try {
    await expectTruth(bench);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nWhat was done:\n${String(bench.venue.log)}`, { cause: error });
  }
  return bench;
}

/** A session in which something happens to every kind: fills in part and whole, cancels, replaces, snapshots, waits. */
const SCRIPTED: readonly Step[] = [
  { act: 'submit', order: { orderType: 'limit', limitPrice: 99, qty: 8, tif: 'GTC' } },
  { act: 'submit', order: { orderType: 'market', qty: 5 } },
  { act: 'snapshot' },
  { act: 'replace', back: 1, qty: 9 },
  { act: 'quote', quarters: 394, size: 3 },
  { act: 'cancel', back: 1, qty: 1 },
  { act: 'wait', ms: 2_000 },
  { act: 'submit', order: { orderType: 'limit', limitPrice: 99, qty: 4, side: 'buy' } },
  { act: 'quote', quarters: 392, size: 10 },
  { act: 'snapshot' },
  { act: 'wait', ms: 6_000 },
  { act: 'submit', order: { orderType: 'market', qty: 2, side: 'sell' } },
  { act: 'cancel', back: 0, qty: 1 },
  { act: 'snapshot' },
  { act: 'wait', ms: 40_000 },
  { act: 'submit', order: { orderType: 'stop', stopPrice: 105, qty: 3 } },
];

describe('a faulty venue, settled', () => {
  it('tells the inner venue’s truth for random orders and random faults', async () => {
    await fc.assert(
      fc.asyncProperty(session, async ({ steps, script, seed }) => {
        await expectTruthAfter(script, { steps, seed });
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it.each(VENUE_FAULTS)('tells it after %s, which has happened', async (kind) => {
    for (const nth of [1, 2]) {
      const { venue } = await expectTruthAfter([{ kind, when: { nth } }], { steps: SCRIPTED, seed: nth });
      if (nth === 1) expect(venue.log.of(kind).length).toBeGreaterThan(0);
    }
  });

  it('tells it after every pair of faults', async () => {
    const always = (kind: VenueFaultKind): VenueFault => ({ kind, when: { chance: 0.6 } });
    for (const [i, first] of VENUE_FAULTS.entries()) {
      for (const second of VENUE_FAULTS.slice(i)) {
        await expectTruthAfter([always(first), always(second)], { steps: SCRIPTED, seed: i });
      }
    }
  }, 30_000);

  it('does the same again for the same seed', async () => {
    // Orders have ids of their own in every run; nothing else differs.
    const run = async (
      steps: readonly Step[],
      at: { script: readonly VenueFault[]; seed: number },
    ): Promise<unknown> => {
      const bench = await faultyBench(at.script, at.seed);
      await play(bench, steps);
      const plain = (value: unknown): string => JSON.stringify(value).replaceAll(/TEST\d{12}/g, 'ORDER');
      return [plain(bench.sink), plain(bench.venue.log.notes)];
    };
    await fc.assert(
      fc.asyncProperty(session, async ({ steps, ...at }) => {
        expect(await run(steps, at)).toEqual(await run(steps, at));
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
