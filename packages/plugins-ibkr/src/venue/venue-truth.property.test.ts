// Whatever happens on the wire and at IB: in the end what was told adds up to what is true.
import { expect, it, jest } from '@jest/globals';
import type { Order } from '@bookrunner/sdk';
import fc from 'fast-check';
import { VenueBench } from './venue-bench.fixture.js';

jest.setTimeout(120_000);

type Step =
  | { readonly do: 'limit' | 'market' | 'oco'; readonly qty: number; readonly steps: number }
  | { readonly do: 'cancel' | 'change' | 'fill' | 'correct' | 'end'; readonly of: number; readonly qty: number }
  | { readonly do: 'quote'; readonly steps: number }
  | { readonly do: 'cut' | 'upstream' | 'settle' | 'snapshot' | 'repeat' }
  | { readonly do: 'fault'; readonly which: 0 | 1 | 2 | 3 | 4 };

const qty = fc.integer({ min: 1, max: 20 });
const of = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('limit', 'market', 'oco'), qty, steps: fc.nat(8) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('cancel', 'change', 'fill', 'correct', 'end'), of, qty }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('quote' as const), steps: fc.integer({ min: -8, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'upstream', 'settle', 'snapshot', 'repeat') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fault' as const), which: fc.constantFrom(0, 1, 2, 3, 4) }) },
);

/** One history, played at a bench. */
class History {
  readonly bench: VenueBench;
  readonly orders: Order[] = [];

  constructor(bench: VenueBench) {
    this.bench = bench;
  }

  async play(item: Step): Promise<void> {
    switch (item.do) {
      case 'limit':
        return this.#submit(this.bench.limit({ qty: item.qty, limitPrice: 100 - item.steps / 100 }));
      case 'market':
        return this.#submit(this.bench.order({ qty: item.qty, side: item.steps % 2 === 0 ? 'buy' : 'sell' }));
      case 'oco': {
        const common = { qty: item.qty, ocoGroup: `group-${this.orders.length}` };
        const limit = this.bench.limit({ ...common, limitPrice: 99.5 });
        return this.#submit(limit, this.bench.order({ ...common, orderType: 'stop', stopPrice: 101 }));
      }
      case 'cancel':
      case 'change':
      case 'fill':
      case 'correct':
      case 'end':
        return this.#touch(item);
      case 'quote':
        return this.bench.quote(100 + item.steps / 100, 100.01 + item.steps / 100);
      case 'fault':
        return this.#fault(item.which);
      default:
        return this.#disturb(item.do);
    }
  }

  async #submit(...group: Order[]): Promise<void> {
    this.orders.push(...group);
    // Its answer may take the whole limit: whoever waits for it moves the clock.
    void this.bench.venue.submit(group);
    await this.bench.settle();
  }

  #touch(item: Extract<Step, { readonly of: number }>): void {
    const { venue, model } = this.bench;
    const order = this.orders[item.of % Math.max(1, this.orders.length)];
    if (order === undefined) return;
    const { executions, orders } = model.truth();
    const live = orders.filter(({ isLive, status }) => isLive && status !== 'PendingSubmit')[item.of];
    const execution = executions[item.of];
    if (item.do === 'cancel') void venue.cancel(order);
    else if (item.do === 'change') void venue.replace(order, { qty: order.qty + item.qty });
    else if (item.do === 'fill' && live !== undefined) model.knobs.fillOrder(live.permId, item.qty, 100);
    else if (item.do === 'end' && live !== undefined) model.knobs.cancelOrder(live.permId);
    else if (item.do === 'correct' && execution !== undefined) {
      model.knobs.correctExecution(execution.execId, { price: execution.price + 0.01 });
    }
  }

  #fault(which: number): void {
    const { sim, model } = this.bench;
    const { faults } = sim;
    if (which === 0) model.knobs.duplicateOrderMessages(2);
    if (which === 1) faults.set({ kind: 'drop-message', on: 'orderStatus', times: 3 });
    if (which === 2) faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'after' });
    if (which === 3) model.knobs.dropFillsOf(1);
    if (which === 4) {
      const order = ['commissionReport', 'orderStatus', 'execDetails', 'openOrder'];
      faults.set({ kind: 'reorder-messages', order, times: 5 });
    }
  }

  async #disturb(what: 'cut' | 'upstream' | 'settle' | 'snapshot' | 'repeat'): Promise<void> {
    const { bench } = this;
    const { sim, model, venue } = bench;
    if (what === 'cut') sim.faults.cut();
    if (what === 'upstream') {
      sim.faults.connectivity.loseUpstream();
      sim.faults.connectivity.restoreUpstream();
    }
    if (what === 'snapshot') void venue.snapshot();
    if (what === 'repeat') for (const { execId } of model.truth().executions) model.knobs.repeatExecution(execId);
    await bench.settle();
  }

  /** Nothing goes wrong any more, and everything that is asked is answered. */
  async end(): Promise<void> {
    const { bench } = this;
    bench.sim.faults.clear();
    bench.model.knobs.dropFillsOf(1, false);
    // Whatever it lost, the next session tells.
    bench.sim.faults.cut();
    await bench.until(() => !bench.venue.isReady, 20);
    await bench.untilReady();
    for (let i = 0; i < 4; i++) {
      bench.clock.advance(1_500);
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
    }
  }

  /** Units and money of an order, as its reports say. */
  told({ clientOrderId }: Order): { readonly units: number; readonly paid: number; readonly fees: number } {
    const fills = new Map<string, { readonly qty: number; readonly price: number; readonly fee: number }>();
    for (const report of this.bench.sink.of(clientOrderId)) {
      if (report.kind === 'filled') {
        expect(fills.has(report.fill.executionId)).toBe(false);
        fills.set(report.fill.executionId, report.fill);
      }
      if (report.kind === 'corrected') fills.set(report.executionId, report.fill);
      const known = report.kind === 'commission' ? fills.get(report.executionId) : undefined;
      if (known !== undefined && report.kind === 'commission')
        fills.set(report.executionId, { ...known, fee: report.fee });
    }
    const all = [...fills.values()];
    const sum = (part: (fill: { qty: number; price: number; fee: number }) => number): number =>
      Math.round(all.reduce((total, fill) => total + part(fill), 0) * 1e4) / 1e4;
    return {
      units: sum((fill) => fill.qty),
      paid: sum((fill) => fill.qty * fill.price),
      fees: sum((fill) => fill.fee),
    };
  }

  check(): void {
    const { model, sink } = this.bench;
    const { executions, orders } = model.truth();
    for (const order of this.orders) {
      const own = orders.filter(({ orderRef }) => orderRef.startsWith(order.clientOrderId));
      expect(own.length).toBeLessThanOrEqual(1);
      const trades = executions.filter(({ permId }) => permId === own[0]?.permId);
      const sum = (part: (trade: (typeof trades)[number]) => number): number =>
        Math.round(trades.reduce((total, trade) => total + part(trade), 0) * 1e4) / 1e4;
      expect(this.told(order)).toEqual({
        units: sum(({ shares }) => shares),
        paid: sum(({ shares, price }) => shares * price),
        fees: sum(({ commission }) => Number(commission) / 1e18),
      });
      const kinds = sink.kinds(order.clientOrderId);
      const ends = kinds.filter((kind) => kind === 'cancelled' || kind === 'rejected' || kind === 'expired');
      expect(kinds.filter((kind) => kind === 'accepted').length).toBeLessThanOrEqual(1);
      expect(ends.length).toBe(own[0] !== undefined && !own[0].isLive && own[0].status !== 'Filled' ? 1 : 0);
    }
  }

  async checkSnapshot(): Promise<void> {
    const { venue, model } = this.bench;
    const asked = venue.snapshot();
    await this.bench.settle();
    const { positions, openOrders, executions } = await asked;
    const truth = model.truth();
    expect([positions.complete, openOrders.complete, executions.complete]).toEqual([true, true, true]);
    expect(positions.items.map((position) => position.qty)).toEqual(truth.positions.map((position) => position.qty));
    expect(openOrders.items.map(({ venueOrderId, leavesQty }) => [Number(venueOrderId), leavesQty])).toEqual(
      truth.orders
        .filter(({ isLive }) => isLive)
        .map(({ permId, totalQuantity, filled }) => [permId, totalQuantity - filled]),
    );
    expect(executions.items).toHaveLength(truth.executions.length);
  }
}

it('what was told adds up to what is true, after any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const history = new History(await VenueBench.ready());
      try {
        // oxlint-disable-next-line no-await-in-loop
        for (const item of steps) await history.play(item);
        await history.end();
        history.check();
        await history.checkSnapshot();
      } finally {
        await history.bench.close();
      }
    }),
    { numRuns: Number(process.env['TRUTH_RUNS'] ?? 12) },
  );
});
