import { afterEach, describe, expect, it } from '@jest/globals';
import type { Order } from '@bookrunner/sdk';
import type { CommissionTerms } from '../simulator/model/accounts/commission-model.js';
import { type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

/** A working order of 100 at 99, and the id by which IB knows it. */
async function working(fields: Partial<Order> = {}): Promise<{ readonly order: Order; readonly permId: number }> {
  const order = bench.limit(fields);
  await bench.venue.submit([order]);
  await bench.settle();
  const { permId } = bench.model.truth().orders.find(({ orderRef }) => orderRef.startsWith(order.clientOrderId))!;
  return { order, permId };
}

/** A working order of which so many units were filled without a word, cancelled by IB. */
async function cancelledAfterUntold(units: number): Promise<{ readonly order: Order }> {
  const { order, permId } = await working();
  const { knobs } = bench.model;
  knobs.dropFillsOf(1);
  knobs.fillOrder(permId, units);
  knobs.dropFillsOf(1, false);
  knobs.cancelOrder(permId);
  await bench.settle();
  return { order };
}

/** What the reports of an order come to: units, money paid without fees, fees by currency. */
function position(order: Order): {
  readonly units: number;
  readonly paid: number;
  readonly fees: Record<string, number>;
} {
  const fills = new Map<string, { qty: number; price: number; fee: number; feeCurrency: string }>();
  for (const report of bench.sink.of(order.clientOrderId)) {
    if (report.kind === 'filled') fills.set(report.fill.executionId, { ...report.fill });
    if (report.kind === 'corrected') fills.set(report.executionId, { ...report.fill });
    const known = report.kind === 'commission' ? fills.get(report.executionId) : undefined;
    if (known !== undefined && report.kind === 'commission') {
      fills.set(report.executionId, { ...known, fee: report.fee, feeCurrency: report.feeCurrency });
    }
  }
  const all = [...fills.values()];
  const fees: Record<string, number> = {};
  for (const { fee, feeCurrency } of all) fees[feeCurrency] = (fees[feeCurrency] ?? 0) + fee;
  const sum = (of: (fill: { qty: number; price: number }) => number): number =>
    all.reduce((total, fill) => total + of(fill), 0);
  return { units: sum(({ qty }) => qty), paid: sum(({ qty, price }) => qty * price), fees };
}

describe('11: an execution', () => {
  it('is told once, whoever tells of it again', async () => {
    const { venue, model } = await ready();
    const { order, permId } = await working();
    const [execId] = model.knobs.fillOrder(permId, 30) as [string];
    await bench.settle();
    model.knobs.repeatExecution(execId);
    await venue.snapshot();
    await bench.cut();
    await bench.untilReady();
    model.knobs.repeatExecution(execId);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
    const { executions } = await venue.snapshot();
    expect(executions.items.map(({ executionId, orderId, tag }) => [executionId, orderId, tag])).toEqual([
      [execId, order.clientOrderId, order.tag],
    ]);
  });

  it('that was missed while the connection was lost is told when it is back, before the venue is ready', async () => {
    const { model } = await ready();
    const { order, permId } = await working();
    await bench.cut();
    model.knobs.fillOrder(permId, 100);
    await bench.untilReady();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  });

  it('of before this process is in the snapshot, with its order, and in no report', async () => {
    await ready();
    const { order, permId } = await working();
    bench.model.knobs.fillOrder(permId, 30);
    await bench.settle();
    await bench.venue.close();
    const first = bench;
    bench = await VenueBench.ready({ beside: first });
    await bench.settle();
    expect(bench.sink.reports.map(({ kind }) => kind)).toEqual(['accepted']);
    const { executions, openOrders } = await bench.venue.snapshot();
    expect(executions.items).toMatchObject([
      { orderId: order.clientOrderId, tag: order.tag, qty: 30, account: order.account },
    ]);
    expect(openOrders.items).toMatchObject([
      { clientOrderId: order.clientOrderId, tag: order.tag, qty: 100, leavesQty: 70 },
    ]);
    bench.model.knobs.fillOrder(permId, 70);
    await bench.settle();
    expect(bench.sink.reports.at(-1)).toMatchObject({
      kind: 'filled',
      leavesQty: 0,
      fill: { qty: 70, tag: order.tag },
    });
  });
});

describe('13: an order of which no status is told', () => {
  it('is filled by its executions', async () => {
    const { model } = await ready({ prepare: ({ knobs }) => knobs.dropOrderStatus(true) });
    const { order, permId } = await working();
    model.knobs.fillOrder(permId, 40);
    model.knobs.fillOrder(permId, 60);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'filled']);
    expect(await bench.venue.cancel(order)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_WORKING' });
  });

  it('whose executions are not told either is asked for', async () => {
    const { model } = await ready();
    const { order, permId } = await working();
    model.knobs.dropFillsOf(1);
    model.knobs.fillOrder(permId, 100);
    model.knobs.sayStatus(permId, 'Filled');
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    bench.clock.advance(1_000);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  });
});

it('14: a late Submitted says nothing', async () => {
  const { model } = await ready();
  const { order, permId } = await working();
  model.knobs.fillOrder(permId, 40);
  model.knobs.sayStatus(permId, 'Submitted');
  model.knobs.fillOrder(permId, 60);
  model.knobs.sayStatus(permId, 'Submitted');
  model.knobs.sayStatus(permId, 'PreSubmitted');
  await bench.settle();
  expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'filled']);
});

describe('15: a commission', () => {
  it('that does not come holds no fill back for long; told later it is a report of its own', async () => {
    const { model } = await ready({ prepare: ({ knobs }) => knobs.withholdCommissions() });
    const { order, permId } = await working();
    model.knobs.fillOrder(permId, 100);
    await bench.settle();
    expect(bench.sink.reports.at(-1)).toMatchObject({ kind: 'filled', fill: { fee: 0 } });
    model.knobs.sendWithheldCommissions();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'commission']);
    expect(position(order).fees['USD']).toBeGreaterThan(0);
  });

  it('before its execution is the fill’s', async () => {
    const { model } = await ready({ prepare: ({ knobs }) => knobs.sendCommissionsFirst(true) });
    const { order, permId } = await working();
    model.knobs.fillOrder(permId, 100);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
    expect(position(order).fees['USD']).toBeGreaterThan(0);
  });

  it.each(['minus-one', 'unset'] as const)('of %s is none yet', async (said) => {
    const { model } = await ready({ prepare: ({ knobs }) => knobs.sayCommissions(said) });
    const { order, permId } = await working();
    model.knobs.fillOrder(permId, 100);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
    expect(position(order).fees).toEqual({ USD: 0 });
  });

  it.each<readonly [string, CommissionTerms]>([
    ['a rebate', { perUnit: -0.002 }],
    ['another currency', { currency: 'EUR' }],
  ])('is told as it is: %s', async (_, terms) => {
    const { model } = await ready({ simulator: { commission: terms } });
    const { order, permId } = await working();
    model.knobs.fillOrder(permId, 100);
    await bench.settle();
    const [execution] = model.truth().executions;
    const { fees } = position(order);
    expect(Object.keys(fees)).toEqual([execution?.commissionCurrency]);
    expect(Object.values(fees)[0]).toBeCloseTo(Number(execution?.commission) / 1e18, 8);
  });
});

describe('16: a correction', () => {
  it('takes the place of what it corrects, in reports and snapshots, whatever is repeated', async () => {
    const { venue, model } = await ready();
    const { order, permId } = await working();
    const [execId] = model.knobs.fillOrder(permId, 100) as [string];
    await bench.settle();
    model.knobs.correctExecution(execId, { price: 98.5, shares: 90 });
    model.knobs.repeatExecution(execId);
    await bench.settle();
    expect(bench.kinds(order)).toContain('corrected');
    expect(position(order)).toMatchObject({ units: 90, paid: 90 * 98.5 });
    const { executions, positions } = await venue.snapshot();
    expect(executions.items).toMatchObject([{ executionId: execId, qty: 90, price: 98.5 }]);
    expect(positions.items).toMatchObject([{ symbol: 'AAPL', qty: 90 }]);
  });

  it('that came while nobody listened is told to who goes on, under the id it corrects', async () => {
    const { model } = await ready();
    const { order, permId } = await working();
    const [execId] = model.knobs.fillOrder(permId, 30) as [string];
    await bench.settle();
    await bench.venue.close();
    const first = bench;
    model.knobs.correctExecution(execId, { price: 98.5 });
    bench = await VenueBench.ready({ beside: first });
    await bench.settle();
    expect(bench.sink.of(order.clientOrderId)).toMatchObject([
      { kind: 'corrected', executionId: execId, fill: { price: 98.5, qty: 30 } },
      { kind: 'accepted' },
    ]);
  });

  it('that is announced changes nothing yet', async () => {
    const { model } = await ready();
    const { order, permId } = await working();
    const [execId] = model.knobs.fillOrder(permId, 100) as [string];
    model.knobs.announceRevision(execId);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  });
});

describe('17: a cancel that meets a fill', () => {
  it('on its way leaves the position right', async () => {
    const { venue, model } = await ready();
    const { order } = await working();
    model.knobs.fillBeforeNextCancel(40);
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'cancelled']);
    expect(position(order).units).toBe(model.truth().positions[0]?.qty);
  });

  it('after 202 leaves it right as well', async () => {
    const { venue, model } = await ready();
    const { order } = await working();
    model.knobs.fillAfterNextCancel(40);
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled', 'filled']);
    expect(position(order).units).toBe(model.truth().positions[0]?.qty);
  });

  it('that nobody told of waits for it as long as the gateway takes to tell', async () => {
    const { model, sim } = await ready();
    const { order } = await cancelledAfterUntold(40);
    for (const on of ['execDetails', 'execDetailsEnd']) {
      sim.faults.set({ kind: 'delay-message', on, delayMs: 3_000, times: 'all' });
    }
    for (let i = 0; i < 8; i++) {
      bench.clock.advance(500);
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
    }
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'cancelled']);
    expect(position(order).units).toBe(model.truth().positions[0]?.qty);
  });

  it('that nobody told of waits for it over a lost connection', async () => {
    await ready();
    const { order } = await cancelledAfterUntold(40);
    await bench.cut();
    bench.clock.advance(2_500);
    await bench.untilReady();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'cancelled']);
  });

  it('of the whole order is answered with why', async () => {
    const { venue, model } = await ready();
    const { order } = await working();
    model.knobs.fillBeforeNextCancel(100);
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order).filter((kind) => kind !== 'cancel-rejected')).toEqual(['accepted', 'filled']);
    expect(position(order).units).toBe(100);
  });
});

it('one trade under two ids is an alarm: more is filled than was ordered', async () => {
  const { model } = await ready({ prepare: ({ knobs }) => knobs.reportTradesTwice(true) });
  const { permId } = await working();
  model.knobs.fillOrder(permId, 100);
  await bench.settle();
  expect(bench.logged).toEqual([expect.stringContaining('IBKR_ORDER_OVERFILLED')]);
});

it('a combination that somebody trades by hand counts by its legs', async () => {
  const { venue, model } = await ready();
  const aapl = model.contracts.find('AAPL');
  const msft = model.contracts.find('MSFT');
  const leg = { ratio: 1, exchange: 'SMART' } as const;
  const contract = { ...NO_CONTRACT, symbol: 'AAPL,MSFT', secType: 'BAG', exchange: 'SMART', currency: 'USD' };
  const comboLegs = [
    { ...leg, conId: aapl.conId, action: 'BUY' },
    { ...leg, conId: msft.conId, action: 'SELL' },
  ];
  bench.quote(300, 300.01, 'MSFT');
  model.knobs.placeByHand(contract, { ...NO_ORDER, action: 'BUY', totalQuantity: 5, orderType: 'MKT', comboLegs });
  await bench.settle();
  const { executions, positions } = await venue.snapshot();
  expect(executions.items.map(({ symbol, side, qty }) => `${side} ${qty} ${symbol}`).toSorted()).toEqual([
    'buy 5 AAPL',
    'sell 5 MSFT',
  ]);
  expect(Object.fromEntries(positions.items.map(({ symbol, qty }) => [symbol, qty]))).toEqual({ AAPL: 5, MSFT: -5 });
});

const NO_CONTRACT = {
  ...{ conId: 0, lastTradeDateOrContractMonth: '', strike: 0, right: '', multiplier: '', primaryExchange: '' },
  ...{ localSymbol: '', tradingClass: '' },
};
const UNSET = Number.MAX_VALUE;
const NO_ORDER = {
  ...{ orderId: 0, lmtPrice: UNSET, auxPrice: UNSET, tif: 'DAY', ocaGroup: '', ocaType: 0, account: 'DU1234567' },
  ...{ orderRef: '', transmit: true, parentId: 0, outsideRth: false, hidden: false, displaySize: 0, allOrNone: false },
  ...{ minQty: 2_147_483_647, goodAfterTime: '', goodTillDate: '', trailStopPrice: UNSET, trailingPercent: UNSET },
  ...{ cashQty: UNSET, whatIf: false, modelCode: '', algoStrategy: '', algoParameters: [], smartComboRouting: [] },
};

describe('12: execution, status, open order and commission', () => {
  const kinds = ['execDetails', 'orderStatus', 'openOrder', 'commissionReport'];

  it.each(orders(kinds).map((order, i) => [order.join(', '), order, i % 3] as const))(
    'as %s: the order ends the same',
    async (_, order, copies) => {
      const { venue, sim, model } = await ready();
      model.knobs.duplicateOrderMessages(copies);
      sim.faults.set({ kind: 'reorder-messages', order: [...order], times: 'all', windowMs: 20 });
      const market = bench.order({ qty: 100 });
      const submitted = venue.submit([market]);
      await bench.settle();
      expect(await submitted).toEqual({ kind: 'sent' });
      await bench.settle();
      expect(bench.kinds(market).filter((kind) => kind !== 'commission')).toEqual(['accepted', 'filled']);
      expect(position(market)).toEqual({ units: 100, paid: 100 * 100.01, fees: { USD: 1 } });
      expect(await venue.cancel(market)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_WORKING' });
    },
  );

  function orders<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
    if (items.length <= 1) return [items];
    return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
  }
});
