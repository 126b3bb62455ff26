import { describe, expect, it } from '@jest/globals';
import { moneyToNumber, toMoney } from '@bookrunner/sdk';
import fc from 'fast-check';
import { sizeGrid, valueOf } from './accounts/amounts.js';
import { AAPL, aGateway, aLimit, ES, EURUSD, VOD } from './gateway-bench.fixture.js';
import type { TestClient } from './gateway-bench.fixture.js';
import type { BrokerTruth } from './broker-truth.js';
import type { SimulatedGateway } from './simulated-gateway.js';

const SUBJECTS = [
  { contract: AAPL, name: 'AAPL', step: 0.01, at: 200 },
  { contract: ES, name: 'ES', step: 0.25, at: 5000 },
  { contract: VOD, name: 'VOD', step: 0.02, at: 72 },
  { contract: EURUSD, name: 'EUR.USD', step: 0.00005, at: 1.1 },
];
const COMMISSIONS = [{}, { currency: 'EUR' }, { perUnit: -0.002 }];

const subject = fc.nat(SUBJECTS.length - 1);
const steps = fc.integer({ min: -8, max: 8 });
const qty = fc.integer({ min: 1, max: 12 });
const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      subject,
      side,
      qty,
      steps,
      type: fc.constantFrom('MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'MIT', 'LIT'),
      tif: fc.constantFrom('DAY', 'GTC', 'IOC', 'FOK'),
      oca: fc.constantFrom('', '', 'a', 'b'),
      ocaType: fc.constantFrom(1, 2, 3),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('quote' as const), subject, steps, size: fc.integer({ min: 1, max: 9 }) }),
  },
  fc.record({ do: fc.constant('trade' as const), subject, steps, size: qty }),
  fc.record({ do: fc.constant('bracket' as const), subject, side, qty, steps }),
  fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(30) }),
  fc.record({ do: fc.constant('modify' as const), nth: fc.nat(30), qty, steps }),
  fc.record({ do: fc.constant('correct' as const), nth: fc.nat(30), steps }),
  fc.record({ do: fc.constant('bust' as const), nth: fc.nat(30) }),
  fc.record({ do: fc.constant('halt' as const), subject, state: fc.constantFrom(0 as const, 1 as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function priceAt(index: number, away: number): number {
  const { at, step } = SUBJECTS[index]!;
  return Math.round((at + away * step) * 1e6) / 1e6;
}

function play(gateway: SimulatedGateway, client: TestClient, step: Action): void {
  if ('nth' in step) return touch(gateway, client, step);
  const { name, contract } = SUBJECTS[step.subject]!;
  if (step.do === 'order') {
    const price = priceAt(step.subject, step.steps);
    const auxPrice = step.type === 'TRAIL' ? 4 * SUBJECTS[step.subject]!.step : price;
    const terms = { orderType: step.type, lmtPrice: price, auxPrice, ocaGroup: step.oca, ocaType: step.ocaType };
    client.place(contract, { ...terms, action: step.side, totalQuantity: step.qty, tif: step.tif });
  } else if (step.do === 'bracket') placeBracket(client, step);
  else if (step.do === 'halt') gateway.halt(name, step.state);
  else if (step.do === 'trade') gateway.trade(name, priceAt(step.subject, step.steps), step.size);
  else {
    const [bid, ask] = [priceAt(step.subject, step.steps), priceAt(step.subject, step.steps + 2)];
    gateway.quote(name, { bid, ask, bidSize: step.size, askSize: step.size });
  }
}

/** An order, or an execution, that is already there. */
function touch(gateway: SimulatedGateway, client: TestClient, step: Extract<Action, { readonly nth: number }>): void {
  if (step.do === 'bust' || step.do === 'correct') {
    const executions = gateway.truth().executions.filter(({ state }) => state !== 'busted');
    const { execId, price } = executions[step.nth % executions.length] ?? { execId: '', price: 0 };
    if (execId === '') return;
    if (step.do === 'bust') gateway.knobs.bustExecution(execId);
    else gateway.knobs.correctExecution(execId, { price: price + 0.25 });
    return;
  }
  const placed = client.of('openOrder');
  const chosen = placed[step.nth % placed.length]?.state;
  if (chosen === undefined) return;
  if (step.do === 'cancel') client.ask({ kind: 'cancelOrder', orderId: chosen.order.orderId });
  else {
    const index = SUBJECTS.findIndex(({ contract }) => contract.symbol === chosen.contract.symbol);
    const lmtPrice = priceAt(index, step.steps);
    client.place(SUBJECTS[index]!.contract, { ...chosen.order, totalQuantity: step.qty, lmtPrice });
  }
}

function placeBracket(client: TestClient, step: Extract<Action, { readonly do: 'bracket' }>): void {
  const { contract } = SUBJECTS[step.subject]!;
  const away = step.side === 'BUY' ? 3 : -3;
  const exit = step.side === 'BUY' ? 'SELL' : 'BUY';
  const [target, entry, stop] = [away, 0, -away].map((steps) => priceAt(step.subject, step.steps + steps));
  const size = { totalQuantity: step.qty };
  const parentId = client.place(contract, aLimit(entry!, { ...size, action: step.side, transmit: false }));
  client.place(contract, aLimit(target!, { ...size, action: exit, parentId, transmit: false }));
  client.place(contract, { ...size, action: exit, parentId, orderType: 'STP', auxPrice: stop! });
}

/** What the client was told last is what is true. */
function expectTold(client: TestClient, truth: BrokerTruth): void {
  const positions = new Map(
    client.of('position').map(({ contract, position, avgCost }) => [contract.conId, { position, avgCost }]),
  );
  for (const { conId, qty: held, avgCost } of truth.positions)
    expect(positions.get(conId)).toEqual({ position: held, avgCost });
  const told = [...positions.values()].filter(({ position }) => position !== 0);
  expect(told).toHaveLength(truth.positions.length);
  const statuses = new Map(client.of('orderStatus').map((status) => [status.permId, status.status]));
  for (const { permId, status } of truth.orders) expect(statuses.get(permId)).toBe(status);
  const executions = new Map(
    client.of('execDetails').map(({ execution }) => [execution.execId.slice(0, -3), execution]),
  );
  for (const { execId, price, shares } of truth.executions) {
    expect(executions.get(execId.slice(0, -3))).toMatchObject({ price, shares, execId });
  }
}

describe('SimulatedGateway', () => {
  it('keeps its books straight through any session: positions, cash and orders follow from the executions', () => {
    let fillCount = 0;
    const session = fc.array(action, { minLength: 10, maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(
        session,
        fc.constantFrom('quoted' as const, 'whole' as const, 2),
        fc.constantFrom(...COMMISSIONS),
        (script, fillSize, commission) => {
          const { gateway, client } = aGateway({ fillSize, commission });
          for (const [i, { name }] of SUBJECTS.entries())
            gateway.quote(name, { bid: priceAt(i, -1), ask: priceAt(i, 1), bidSize: 5, askSize: 5 });
          client.ask({ kind: 'requestPositions' });
          for (const step of script) play(gateway, client, step);
          const truth = gateway.truth();
          fillCount += truth.executions.length;
          expectTold(client, truth);
          const counted = truth.executions.filter(({ state }) => state !== 'busted');
          const cash: Record<string, bigint> = { USD: toMoney(1_000_000) };
          const pay = (currency: string, amount: bigint): void =>
            void (cash[currency] = (cash[currency] ?? 0n) + amount);
          const lots = new Map<number, number>();
          for (const { conId, side: way, shares, price, commission: fee, commissionCurrency } of counted) {
            const instrument = gateway.contracts.find(conId);
            const traded = sizeGrid(instrument).toSteps(way === 'BOT' ? shares : -shares);
            lots.set(conId, (lots.get(conId) ?? 0) + traded);
            pay(instrument.currency, -valueOf(instrument, traded, price));
            if (instrument.secType === 'CASH') pay(instrument.symbol, toMoney(sizeGrid(instrument).toValue(traded)));
            pay(commissionCurrency, -fee);
          }
          const held = new Map(truth.positions.map((position) => [position.conId, position.qty]));
          for (const [conId, count] of lots) {
            expect(held.get(conId) ?? 0).toBe(sizeGrid(gateway.contracts.find(conId)).toValue(count));
          }
          // A future is not paid for: with one open, the cash is the ledger's to test.
          const futuresFlat = truth.positions.every(({ conId }) => gateway.contracts.find(conId).secType !== 'FUT');
          if (futuresFlat)
            for (const [currency, amount] of Object.entries(truth.cash['DU1234567']!))
              expect(amount).toBe(cash[currency] ?? 0n);
          for (const order of truth.orders) {
            expect(order.filled).toBeLessThanOrEqual(order.totalQuantity);
            if (order.status === 'Cancelled' || order.status === 'Filled') expect(order.isLive).toBe(false);
            const sum = truth.executions
              .filter(({ permId, state }) => permId === order.permId && state !== 'busted')
              .reduce((total, { shares }) => total + shares, 0);
            expect(sum).toBeCloseTo(order.filled, 6);
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(fillCount).toBeGreaterThan(500);
  }, 60_000);

  it('gives the same messages for the same options, clock and requests', () => {
    const run = () => {
      const { gateway, client, clock } = aGateway({ seed: 7, ticksPerSecond: 2 });
      client.ask({
        kind: 'requestMarketData',
        requestId: 1,
        contract: AAPL,
        genericTicks: [],
        snapshot: false,
        regulatorySnapshot: false,
      });
      client.place(AAPL, {});
      client.place(AAPL, aLimit(150));
      clock.advance(20_000);
      gateway.close();
      return client.messages;
    };
    expect(run()).toEqual(run());
  });

  it('leaves nothing on the clock once it is closed', () => {
    const { client, clock, gateway } = aGateway({ ticksPerSecond: 1 });
    client.place(AAPL, aLimit(150));
    client.ask({ kind: 'requestPnl', requestId: 1, account: 'DU1234567', model: '' });
    expect(clock.pendingCalls).toBe(3);
    gateway.close();
    client.place(AAPL, aLimit(150));
    expect(clock.pendingCalls).toBe(0);
  });

  it('trades on a Sunday: the walk moves prices by the clock', () => {
    const { client, clock, gateway } = aGateway({ ticksPerSecond: 4 }, Date.UTC(2026, 6, 12, 16));
    client.ask({
      kind: 'requestMarketData',
      requestId: 1,
      contract: AAPL,
      genericTicks: [],
      snapshot: false,
      regulatorySnapshot: false,
    });
    client.clear();
    clock.advance(10_000);
    expect(client.of('tickSize').filter(({ tickType }) => tickType === 8)).toHaveLength(40);
    client.place(AAPL, { totalQuantity: 1 });
    expect(client.last('orderStatus')?.status).toBe('Filled');
    gateway.close();
    expect(moneyToNumber(gateway.truth().cash['DU1234567']!['USD']!)).toBeLessThan(1_000_000);
  });
});
