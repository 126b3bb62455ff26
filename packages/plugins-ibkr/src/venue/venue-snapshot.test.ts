import { afterEach, describe, expect, it } from '@jest/globals';
import type { AccountState, Fill, Instrument, VenueSnapshot } from '@bookrunner/sdk';
import { anInstrument } from '@bookrunner/sdk/testing';
import { AAPL, ACCOUNT, EURUSD, MSFT, type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

const VOD = anInstrument({
  ...{ symbol: 'VOD', assetClass: 'equity', quote: 'GBP', priceStep: 0.0001 },
  venues: { ib: { exchange: 'SMART', primary: 'LSE' } },
});
const ES = anInstrument({
  ...{ symbol: 'ES', assetClass: 'future', quote: 'USD', priceStep: 0.25, pointValue: 50 },
  venues: { ib: { exchange: 'CME', expiry: '201406' } },
});

async function buy(symbol: string, qty: number, account = ACCOUNT): Promise<void> {
  const order = bench.order({ symbol, qty, account });
  expect(await bench.venue.submit([order])).toEqual({ kind: 'sent' });
  await bench.settle();
  expect(bench.kinds(order)).toContain('filled');
}

function cashOf({ accounts }: VenueSnapshot, currency: string, account = ACCOUNT): number | undefined {
  return accounts.items.find((state: AccountState) => state.currency === currency && state.account === account)?.cash;
}

/** What the books have in cash after the fills told: paid in, less what was paid for each, less fees. */
function booked(currency: string, instruments: readonly Instrument[], paidIn = 0): number {
  let cash = paidIn;
  for (const report of bench.sink.reports) {
    if (report.kind !== 'filled') continue;
    const { fill } = report;
    const instrument = instruments.find(({ symbol }) => symbol === fill.symbol)!;
    const value = fill.qty * fill.price * instrument.pointValue * (fill.side === 'buy' ? 1 : -1);
    if (instrument.quote === currency) cash -= value;
    if (fill.feeCurrency === currency) cash -= fill.fee;
  }
  return cash;
}

/** How far the cash told is from what the books have. */
function fromBooks(snapshot: VenueSnapshot, instruments: readonly Instrument[]): number {
  const cash = cashOf(snapshot, 'USD') ?? Number.NaN;
  return Number(Math.abs(cash - booked('USD', instruments, 1_000_000)).toFixed(6));
}

describe('22: positions', () => {
  it('are in units and quote currency: futures by their multiplier, pence as pounds', async () => {
    const { venue } = await ready({ instruments: [AAPL, VOD, ES] });
    bench.quote(72.4, 72.42, 141_128);
    bench.quote(5_000, 5_000.25, 'ESM4');
    await buy('VOD', 1_000);
    await buy('ES', 2);
    const { positions, executions } = await venue.snapshot();
    const [vod, es] = ['VOD', 'ES'].map((symbol) => positions.items.find((position) => position.symbol === symbol));
    // IB's average cost has the commissions in it.
    expect(vod?.qty).toBe(1_000);
    expect(vod?.avgPrice).toBeGreaterThan(0.7242);
    expect(vod?.avgPrice).toBeLessThan(0.74);
    expect(es?.qty).toBe(2);
    expect(es?.avgPrice).toBeGreaterThan(5_000.25);
    expect(es?.avgPrice).toBeLessThan(5_001);
    expect(executions.items.map(({ symbol, price }) => [symbol, price])).toEqual([
      ['VOD', 0.7242],
      ['ES', 5_000.25],
    ]);
  });

  it('in what engine.yaml does not name have a name that no instrument has', async () => {
    const { venue } = await ready({ instruments: [AAPL, MSFT] });
    bench.quote(300, 300.01, 'MSFT');
    await buy('MSFT', 5);
    const first = bench;
    await venue.close();
    bench = await VenueBench.ready({ beside: first, instruments: [AAPL] });
    const { positions } = await bench.venue.snapshot();
    expect(positions.items).toMatchObject([{ symbol: 'MSFT STK 272093', qty: 5 }]);
  });

  it('of nothing are an empty list that is complete; without an answer they are not', async () => {
    const { venue, sim } = await ready();
    expect((await venue.snapshot()).positions).toMatchObject({ complete: true, items: [] });
    sim.faults.set({ kind: 'drop-message', on: 'positionEnd' });
    const asked = venue.snapshot();
    await bench.settle();
    bench.clock.advance(5_000);
    const { positions, accounts, openOrders } = await asked;
    expect([positions.complete, accounts.complete, openOrders.complete]).toEqual([false, false, true]);
  });
});

describe('each part of a snapshot', () => {
  it.each([
    ['executions', 'execDetailsEnd'],
    ['openOrders', 'openOrderEnd'],
    ['positions', 'positionEnd'],
    ['accounts', 'accountUpdateMultiEnd'],
  ] as const)('is complete only with its end: %s without %s', async (part, end) => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'drop-message', on: end });
    const ask = async (): Promise<boolean> => {
      const asked = venue.snapshot();
      await bench.settle();
      bench.clock.advance(5_000);
      await bench.settle();
      return (await asked)[part].complete;
    };
    expect(await ask()).toBe(false);
    // Where ends have no id, the next one may be that of the list before it.
    const hasId = part === 'executions' || part === 'accounts';
    expect(await ask()).toBe(hasId);
    bench.clock.advance(60_000);
    expect((await venue.snapshot())[part].complete).toBe(true);
  });

  it.each([
    ['positions', 'positionEnd'],
    ['openOrders', 'openOrderEnd'],
  ] as const)('is not ended by an end that was late, however often it is asked for: %s', async (part, end) => {
    const { venue, sim } = await ready();
    await buy('AAPL', 3);
    await venue.submit([bench.limit()]);
    await bench.settle();
    sim.faults.set({ kind: 'delay-message', on: end, delayMs: 18_000 });
    const ask = async (): Promise<readonly [boolean, number]> => {
      const asked = venue.snapshot();
      await bench.settle();
      bench.clock.advance(5_000);
      await bench.settle();
      const { complete, items } = (await asked)[part];
      return [complete, items.length];
    };
    const answers: (readonly [boolean, number])[] = [];
    // oxlint-disable-next-line no-await-in-loop
    for (let i = 0; i < 5; i++) answers.push(await ask());
    expect(answers[0]).toEqual([false, 0]);
    expect(answers.at(-1)).toEqual([true, 1]);
    // Half a list is never taken for one.
    expect(answers.every(([complete, count]) => complete === (count === 1))).toBe(true);
  });

  it('is of one session: cut while it is told, nothing is complete', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'requestPositions', moment: 'after' });
    const { positions, openOrders, executions, accounts } = await venue.snapshot();
    expect([positions, openOrders, executions, accounts].map(({ complete }) => complete)).toEqual(Array(4).fill(false));
  });
});

describe('executions', () => {
  it('are promised since the midnight of the gateway, wherever this machine is', async () => {
    const { venue, clock } = await ready({
      simulator: { timeZone: 'America/New_York' },
      venue: { timeZone: undefined },
    });
    // New York's midnight is at four, and ours may be at any hour.
    const noon = Math.ceil(clock.nowUtc() / 86_400_000) * 86_400_000 + 12 * 3_600_000;
    clock.advance(noon - clock.nowUtc());
    const { executions } = await venue.snapshot();
    expect(executions.complete).toBe(true);
    expect(executions.since).toBeGreaterThanOrEqual(noon - 8 * 3_600_000);
  });
});

describe('cash', () => {
  it('adds up with what the books paid: a stock, a future, a currency that is a position', async () => {
    const instruments = [AAPL, ES, EURUSD];
    const { venue } = await ready({ instruments });
    bench.quote(5_000, 5_000.25, 'ESM4');
    bench.quote(1.1, 1.10005, 'EUR.USD');
    await buy('AAPL', 10);
    await buy('ES', 2);
    await buy('EURUSD', 20_000);
    const snapshot = await venue.snapshot();
    const held = Object.fromEntries(snapshot.positions.items.map(({ symbol, qty }) => [symbol, qty]));
    expect(held).toEqual({ AAPL: 10, ES: 2, EURUSD: 20_000 });
    // IB's average cost of the future has the commission in it; it counts once.
    expect(fromBooks(snapshot, instruments)).toBeLessThanOrEqual(0.005);
    expect(cashOf(snapshot, 'EUR')).toBe(0);
    expect(snapshot.accounts.items.map(({ cashStep }) => cashStep)).toEqual([0.01, 0.01]);
  });

  it('adds up while a future is opened, halved, turned round and closed', async () => {
    const instruments = [ES];
    const { venue } = await ready({ instruments });
    bench.quote(5_000, 5_000.25, 'ESM4');
    for (const [side, qty] of [
      ['buy', 4],
      ['sell', 2],
      ['sell', 5],
      ['buy', 3],
    ] as const) {
      const order = bench.order({ symbol: 'ES', side, qty });
      // oxlint-disable-next-line no-await-in-loop
      await venue.submit([order]);
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
      const asked = venue.snapshot();
      // What is sent in one second is limited, and the clock is ours.
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
      // oxlint-disable-next-line no-await-in-loop
      expect(fromBooks(await asked, instruments)).toBeLessThanOrEqual(0.005);
    }
  });

  it('has the commissions of a position from before our time in it twice, since nobody knows them', async () => {
    await ready({ instruments: [ES] });
    bench.quote(5_000, 5_000.25, 'ESM4');
    await buy('ES', 2);
    const { executions } = await bench.venue.snapshot();
    const [{ fee, price }] = executions.items as [Fill];
    const first = bench;
    await bench.venue.close();
    bench.clock.advance(86_400_000);
    bench = await VenueBench.ready({ beside: first, instruments: [ES] });
    expect(cashOf(await bench.venue.snapshot(), 'USD')).toBeCloseTo(1_000_000 - 2 * price * 50 - 2 * fee, 1);
  });

  it('is not told while what an execution cost is still to come, but not for ever', async () => {
    const { venue, model } = await ready();
    const cash = async (): Promise<number | undefined> => {
      const asked = venue.snapshot();
      await bench.settle();
      return cashOf(await asked, 'USD');
    };
    model.knobs.withholdCommissions();
    await buy('AAPL', 10);
    expect(await cash()).toBeNaN();
    bench.clock.advance(60_000);
    const paid = await cash();
    expect(paid).toBeLessThan(booked('USD', [AAPL], 1_000_000));
    await buy('AAPL', 10);
    expect(await cash()).toBeNaN();
    model.knobs.sendWithheldCommissions();
    await bench.settle();
    expect(await cash()).toBeLessThan(paid ?? Number.NaN);
  });

  it('of a currency that is no instrument here is cash, and no position', async () => {
    const { venue } = await ready({ instruments: [AAPL, EURUSD] });
    bench.quote(1.1, 1.10005, 'EUR.USD');
    await buy('EURUSD', 20_000);
    const first = bench;
    await venue.close();
    bench = await VenueBench.ready({ beside: first, instruments: [AAPL] });
    const snapshot = await bench.venue.snapshot();
    expect(snapshot.positions.items).toEqual([]);
    expect(cashOf(snapshot, 'EUR')).toBe(20_000);
  });

  it('is told in the account’s currency as it changes', async () => {
    const { venue, model } = await ready();
    await venue.snapshot();
    await bench.settle();
    expect(bench.sink.accounts).toMatchObject([
      { account: ACCOUNT, currency: 'USD', equity: 1_000_000, cash: 1_000_000 },
    ]);
    model.knobs.deposit(ACCOUNT, 500, 'USD');
    bench.clock.advance(180_000);
    await bench.settle();
    expect(bench.sink.accounts.at(-1)).toMatchObject({ cash: 1_000_500 });
  });
});

describe('two instruments of engine.yaml that are one contract', () => {
  it('are an error that names both, and what is traded is the first one', async () => {
    const { symbol: _, ...apple } = AAPL;
    const again = anInstrument({ symbol: 'APPLE', ...apple, venues: { ib: { conId: 265_598 } } });
    const { venue } = await ready({ instruments: [AAPL, again] });
    await expect(venue.resolve(again)).rejects.toMatchObject({
      code: 'IBKR_CONTRACT_TWICE',
      message: expect.stringContaining('instruments.APPLE.venues.ib: APPLE is the same contract at IB as AAPL'),
    });
    expect(await venue.submit([bench.order({ symbol: 'APPLE' })])).toMatchObject({ reason: 'IBKR_CONTRACT_NOT_FOUND' });
    await expect(venue.resolve(AAPL)).resolves.toMatchObject({ symbol: 'AAPL' });
    await buy('AAPL', 3);
    expect((await venue.snapshot()).positions.items).toMatchObject([{ symbol: 'AAPL', qty: 3 }]);
  });
});

describe('several accounts', () => {
  const accounts = [{ id: 'DU1' }, { id: 'DU2' }, { id: 'DU3' }];

  it('are told apart, and those that are not ours are not seen', async () => {
    const { venue } = await ready({ simulator: { accounts }, venue: { accounts: ['DU1', 'DU2'] } });
    await buy('AAPL', 1, 'DU1');
    await buy('AAPL', 2, 'DU2');
    const first = bench;
    await venue.close();
    bench = await VenueBench.ready({ beside: first, venue: { accounts: ['DU2', 'DU3'] } });
    const { positions, executions, accounts: worth } = await bench.venue.snapshot();
    expect(positions.items.map(({ account, qty }) => [account, qty])).toEqual([['DU2', 2]]);
    expect(executions.items.map(({ account, qty }) => [account, qty])).toEqual([['DU2', 2]]);
    expect(worth.items.map(({ account }) => account)).toEqual(['DU2', 'DU3']);
  });

  it('that the login does not manage are an error', async () => {
    bench = await VenueBench.start({ venue: { accounts: ['DU9'] } });
    await expect(bench.venue.open(bench.sink)).rejects.toMatchObject({ code: 'IBKR_ACCOUNT_UNKNOWN' });
    await bench.until(() => bench.sim.clients.length === 0);
  });
});

describe('21: orders of others', () => {
  it('are shown as what they are, cancelled only by IB’s name, and no report tells of them', async () => {
    const { venue, model } = await ready({ venue: { clientId: 1 } });
    const byHand = handOrder();
    const permId = model.knobs.placeByHand(...byHand);
    await bench.settle();
    const { openOrders } = await venue.snapshot();
    const id = `ib:${permId}`;
    expect(openOrders.items).toMatchObject([
      {
        clientOrderId: id,
        venueOrderId: String(permId),
        symbol: 'AAPL',
        tag: '',
        side: 'buy',
        qty: 7,
        leavesQty: 7,
        limitPrice: 90,
      },
    ]);
    const ref = { clientOrderId: id, symbol: 'AAPL' };
    expect(await venue.cancel(ref)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_SUPPORTED' });
    expect(await venue.cancel({ ...ref, venueOrderId: String(permId) })).toMatchObject({
      ...{ kind: 'refused', reason: 'IBKR_ORDER_OF_OTHERS' },
    });
    expect(bench.sink.reports).toEqual([]);
  });

  it('made by hand are cancelled by who is client 0, when they are named', async () => {
    const { venue, model } = await ready({ venue: { clientId: 0 } });
    const permId = model.knobs.placeByHand(...handOrder());
    await bench.settle();
    const ref = { clientOrderId: `ib:${permId}`, symbol: 'AAPL', venueOrderId: String(permId) };
    expect(await venue.cancel(ref)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect((await venue.snapshot()).openOrders.items).toEqual([]);
    expect(bench.sink.reports).toEqual([]);
  });

  it('of a run before are ours by their reference, and can be changed and cancelled', async () => {
    await ready();
    const order = bench.limit({ clientOrderId: 'abcdefgh00000001', tag: 'S|CORE|20140505', limitPrice: 98 });
    await bench.venue.submit([order]);
    const first = bench;
    await bench.venue.close();
    bench = await VenueBench.ready({ beside: first });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    expect(await bench.venue.replace(order, { limitPrice: 98.5 })).toEqual({ kind: 'sent' });
    await bench.settle();
    expect((await bench.venue.snapshot()).openOrders.items).toMatchObject([{ tag: order.tag, limitPrice: 98.5 }]);
    await bench.venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'replaced', 'cancelled']);
  });

  it('that are told live are executions of somebody else', async () => {
    const { model } = await ready({ venue: { clientId: 0 } });
    const permId = model.knobs.placeByHand(...handOrder());
    model.knobs.fillOrder(permId, 7, 90);
    await bench.settle();
    expect(bench.sink.reports).toMatchObject([
      { kind: 'filled', clientOrderId: `ib:${permId}`, fill: { symbol: 'AAPL', qty: 7, price: 90, tag: '' } },
    ]);
  });
});

/** A limit order for seven AAPL at 90, as a person gives it in TWS. */
function handOrder(): Parameters<VenueBench['model']['knobs']['placeByHand']> {
  const unset = Number.MAX_VALUE;
  const texts = { localSymbol: '', tradingClass: '', lastTradeDateOrContractMonth: '', right: '', multiplier: '' };
  return [
    {
      ...texts,
      conId: 265_598,
      symbol: 'AAPL',
      secType: 'STK',
      strike: 0,
      exchange: 'SMART',
      primaryExchange: '',
      currency: 'USD',
    },
    {
      ...{ orderId: 0, action: 'BUY', totalQuantity: 7, orderType: 'LMT', lmtPrice: 90, auxPrice: unset, tif: 'DAY' },
      ...{ ocaGroup: '', ocaType: 0, account: ACCOUNT, orderRef: '', transmit: true, parentId: 0, outsideRth: false },
      ...{
        hidden: false,
        displaySize: 0,
        allOrNone: false,
        minQty: 2_147_483_647,
        goodAfterTime: '',
        goodTillDate: '',
      },
      ...{
        trailStopPrice: unset,
        trailingPercent: unset,
        cashQty: unset,
        whatIf: false,
        modelCode: '',
        algoStrategy: '',
      },
      ...{ algoParameters: [], comboLegs: [], smartComboRouting: [] },
    },
  ];
}
