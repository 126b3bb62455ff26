import { describe, expect, it } from '@jest/globals';
import { OrderRateCounter } from '../execution/order-rate-counter.js';
import { policyOf, request, said, viewOf } from './risk.fixture.js';
import { standardRiskOptions } from './standard-risk-options.js';
import { APPROVED } from './standard-risk-policy.js';

type Row = readonly [what: string, options: object, order: object, view: object, decision: string];

/** One check in one line: options, order and view to what was said. */
function checkRow([, options, order, view]: Row): string {
  return said(policyOf({ ...options }).check(request(order), viewOf(view)));
}

const buy = (qty: number) => ({ side: 'buy', qty });
const sell = (qty: number) => ({ side: 'sell', qty });
const limit = (side: string, limitPrice: number) => ({ side, orderType: 'limit', limitPrice });

describe('caps', () => {
  const rows: readonly Row[] = [
    ['units at the limit', { maxUnits: 10 }, buy(10), {}, 'approve'],
    ['units above it', { maxUnits: 10 }, buy(11), {}, 'trim 10 RISK_UNITS'],
    ['units short', { maxUnits: 10 }, sell(11), {}, 'trim 10 RISK_UNITS'],
    ['units with a position', { maxUnits: 10 }, buy(5), { position: 7 }, 'trim 3 RISK_UNITS'],
    ['units with working orders', { maxUnits: 10 }, buy(5), { position: 3, working: 5 }, 'trim 2 RISK_UNITS'],
    ['units with working orders against it', { maxUnits: 10 }, buy(10), { working: -5 }, 'approve'],
    ['units all taken', { maxUnits: 10 }, buy(1), { position: 10 }, 'refuse RISK_UNITS'],
    ['units already beyond', { maxUnits: 10 }, buy(1), { position: 15 }, 'refuse RISK_UNITS'],
    ['units below a lot', { maxUnits: 10 }, buy(10), { position: 6, lotStep: 5 }, 'refuse RISK_UNITS'],
    ['units to the lot', { maxUnits: 13 }, buy(20), { lotStep: 5 }, 'trim 10 RISK_UNITS'],
    ['units below the smallest order', { maxUnits: 13 }, buy(20), { minQty: 15 }, 'refuse RISK_UNITS'],
    ['units in decimals', { maxUnits: 0.3 }, buy(0.2), { position: 0.1, lotStep: 0.1 }, 'approve'],
    ['value at the limit', { maxValue: 1000 }, buy(10), {}, 'approve'],
    ['value above it', { maxValue: 999 }, buy(10), {}, 'trim 9 RISK_VALUE'],
    ['value in the base currency', { maxValue: 1000 }, buy(10), { unitValue: 2 }, 'trim 5 RISK_VALUE'],
    [
      'value at the dearer limit price',
      { maxValue: 1000 },
      { ...buy(10), ...limit('buy', 200) },
      {},
      'trim 5 RISK_VALUE',
    ],
    [
      'value at the dearer stop price',
      { maxValue: 1000 },
      { orderType: 'stop', stopPrice: 125 },
      {},
      'trim 8 RISK_VALUE',
    ],
    ['value at the last price below it', { maxValue: 1000 }, { ...buy(10), ...limit('buy', 50) }, {}, 'approve'],
    ['value of a negative price', { maxValue: 500 }, buy(10), { price: -100 }, 'trim 5 RISK_VALUE'],
    ['weight at the limit', { maxWeight: 0.1 }, buy(10), {}, 'approve'],
    ['weight above it', { maxWeight: 0.1 }, buy(10), { position: 4 }, 'trim 6 RISK_WEIGHT'],
    ['leverage at the limit', { maxLeverage: 2 }, buy(200), {}, 'approve'],
    ['leverage above it', { maxLeverage: 2 }, buy(201), {}, 'trim 200 RISK_LEVERAGE'],
    ['leverage with other exposure', { maxLeverage: 2 }, buy(100), { grossExposure: 15_000 }, 'trim 50 RISK_LEVERAGE'],
    ['leverage all used', { maxLeverage: 2 }, sell(1), { grossExposure: 20_000 }, 'refuse RISK_LEVERAGE'],
    ['leverage over used', { maxLeverage: 2 }, sell(1), { grossExposure: 50_000 }, 'refuse RISK_LEVERAGE'],
    ['order value at the limit', { maxOrderValue: 1000 }, buy(10), {}, 'approve'],
    ['order value above it', { maxOrderValue: 1000 }, buy(12), { position: 500 }, 'trim 10 RISK_ORDER_VALUE'],
    ['the tightest cap', { maxUnits: 8, maxValue: 700, maxLeverage: 2 }, buy(10), {}, 'trim 7 RISK_VALUE'],
    ['shorts where allowed', {}, sell(10), {}, 'approve'],
    ['shorts where not', { shortAllowed: false }, sell(10), {}, 'refuse RISK_SHORT'],
    ['no short beyond what is held', { shortAllowed: false }, sell(10), { position: 4 }, 'trim 4 RISK_SHORT'],
    [
      'no short beyond what is sold already',
      { shortAllowed: false },
      sell(10),
      { position: 4, working: -3 },
      'trim 1 RISK_SHORT',
    ],
    ['no short does not mind longs', { shortAllowed: false }, buy(10), {}, 'approve'],
  ];
  it.each(rows)('%s', (...row) => {
    expect(checkRow(row)).toBe(row[4]);
  });
});

describe('limits of single symbols', () => {
  const options = { maxUnits: 100, maxValue: 5000, perSymbol: { X: { maxUnits: 5 }, Y: { maxWeight: 0.01 } } };

  it.each([
    ['X', 50, 'trim 5 RISK_UNITS'],
    ['Y', 50, 'trim 1 RISK_WEIGHT'],
    ['Z', 60, 'trim 50 RISK_VALUE'],
  ])('%s', (symbol, qty, decision) => {
    expect(said(policyOf(options).check(request({ symbol, qty }), viewOf()))).toBe(decision);
  });
});

describe('the limits of the order rate', () => {
  it.each(['maxOrdersPerSecond', 'maxOrdersPerMinute'])('refuse %s above what the engine counts', (option) => {
    expect(standardRiskOptions.safeParse({ [option]: 4_096 }).success).toBe(true);
    const { error } = standardRiskOptions.safeParse({ [option]: 4_097 });
    expect(error?.issues).toMatchObject([{ path: [option], message: expect.stringContaining('at most 4,096') }]);
  });

  it('may be as high as the counter counts', () => {
    const counter = new OrderRateCounter();
    for (let i = 0; i < 5_000; i++) counter.add(1);
    expect([counter.lastSecond(1), counter.lastMinute(1)]).toEqual([4_096, 4_096]);
  });
});

describe('stops for new risk', () => {
  const rows: readonly Row[] = [
    ['day loss above the limit', {}, {}, { dayPnlBps: -149.9 }, 'approve'],
    ['day loss at the limit', {}, {}, { dayPnlBps: -150 }, 'refuse RISK_LOSS_DAY'],
    ['day loss not known', {}, {}, { dayPnlBps: Number.NaN }, 'refuse RISK_LOSS_DAY'],
    ['second below the limit', { maxOrdersPerSecond: 5 }, {}, { ordersLastSecond: 4 }, 'approve'],
    ['second at the limit', { maxOrdersPerSecond: 5 }, {}, { ordersLastSecond: 5 }, 'refuse RISK_ORDERS_SECOND'],
    ['minute below the limit', { maxOrdersPerMinute: 5 }, {}, { ordersLastMinute: 4 }, 'approve'],
    ['minute at the limit', { maxOrdersPerMinute: 5 }, {}, { ordersLastMinute: 5 }, 'refuse RISK_ORDERS_MINUTE'],
    ['working below the limit', { maxWorkingOrders: 5 }, {}, { workingOrders: 4 }, 'approve'],
    ['working at the limit', { maxWorkingOrders: 5 }, {}, { workingOrders: 5 }, 'refuse RISK_WORKING_ORDERS'],
    ['no price', {}, {}, { price: Number.NaN }, 'refuse RISK_PRICE_UNKNOWN'],
    ['a price of 0', {}, {}, { price: 0 }, 'refuse RISK_PRICE_UNKNOWN'],
    ['no rate', {}, {}, { unitValue: Number.NaN }, 'refuse RISK_PRICE_UNKNOWN'],
    ['no price for a limit order', {}, limit('buy', 100), { price: Number.NaN }, 'refuse RISK_PRICE_UNKNOWN'],
    ['no equity', {}, {}, { equity: 0 }, 'refuse RISK_EQUITY'],
    ['equity not known', {}, {}, { equity: Number.NaN }, 'refuse RISK_EQUITY'],
    ['position not known', {}, {}, { position: Number.NaN, grossExposure: 0 }, 'refuse RISK_POSITION_UNKNOWN'],
    ['exposure not known', {}, {}, { grossExposure: Number.NaN }, 'refuse RISK_POSITION_UNKNOWN'],
    ['no quantity', {}, { qty: 0 }, {}, 'refuse RISK_QUANTITY_INVALID'],
    ['a quantity that is none', {}, { qty: Number.NaN }, {}, 'refuse RISK_QUANTITY_INVALID'],
    ['an endless quantity', {}, { qty: Infinity, reduces: true }, {}, 'refuse RISK_QUANTITY_INVALID'],
  ];
  it.each(rows)('%s', (...row) => {
    expect(checkRow(row)).toBe(row[4]);
  });
});

describe('price collar', () => {
  const tight = { priceCollarBps: 500 };
  const stop = (side: string, stopPrice: number) => ({ side, orderType: 'stop', stopPrice });
  const stopLimit = (side: string, stopPrice: number, limitPrice: number) => ({
    side,
    orderType: 'stop-limit',
    stopPrice,
    limitPrice,
  });
  const protects = { purpose: 'protection', reduces: true };
  const rows: readonly Row[] = [
    ['limit at the collar', tight, limit('buy', 105), {}, 'approve'],
    ['limit beyond it', tight, limit('buy', 105.01), {}, 'refuse RISK_PRICE_COLLAR'],
    ['limit beyond it on the passive side', tight, limit('buy', 94.99), {}, 'refuse RISK_PRICE_COLLAR'],
    ['sell beyond it', tight, limit('sell', 94.99), { position: 10 }, 'refuse RISK_PRICE_COLLAR'],
    ['stop at the collar', tight, stop('buy', 105), {}, 'approve'],
    ['stop beyond it', tight, stop('buy', 110), {}, 'refuse RISK_PRICE_COLLAR'],
    ['stop-limit measured from its stop', tight, stopLimit('buy', 104, 108), {}, 'approve'],
    ['stop-limit too far from its stop', tight, stopLimit('buy', 104, 110), {}, 'refuse RISK_PRICE_COLLAR'],
    ['stop-limit without a stop', tight, stopLimit('buy', Number.NaN, 110), {}, 'refuse RISK_PRICE_COLLAR'],
    ['market order', tight, {}, {}, 'approve'],
    ['negative prices', tight, limit('buy', -95), { price: -100 }, 'approve'],
    ['negative prices beyond it', tight, limit('buy', -94), { price: -100 }, 'refuse RISK_PRICE_COLLAR'],
    [
      'an exit is not spared',
      tight,
      { ...limit('sell', 90), reduces: true, purpose: 'exit' },
      { position: 10 },
      'refuse RISK_PRICE_COLLAR',
    ],
    [
      'an exit where no price is known is',
      tight,
      { ...limit('sell', 90), reduces: true },
      { position: 10, price: Number.NaN },
      'approve',
    ],
    ['a wide stop-loss', tight, { ...stop('sell', 80), ...protects }, { position: 10 }, 'approve'],
    ['a stop-loss already passed', tight, { ...stop('sell', 120), ...protects }, { position: 10 }, 'approve'],
    ['a wide take-profit', tight, { ...limit('sell', 150), ...protects }, { position: 10 }, 'approve'],
    [
      'a take-profit through the book',
      tight,
      { ...limit('sell', 90), ...protects },
      { position: 10 },
      'refuse RISK_PRICE_COLLAR',
    ],
    [
      'a take-profit of a short through the book',
      tight,
      { ...limit('buy', 110), ...protects },
      { position: -10 },
      'refuse RISK_PRICE_COLLAR',
    ],
    ['a stop-limit loss far away', tight, { ...stopLimit('sell', 80, 78), ...protects }, { position: 10 }, 'approve'],
  ];
  it.each(rows)('%s', (...row) => {
    expect(checkRow(row)).toBe(row[4]);
  });
});

describe('orders that cross zero', () => {
  const rows: readonly Row[] = [
    ['within the limit', { maxUnits: 10 }, sell(20), { position: 10 }, 'approve'],
    ['trimmed to the limit', { maxUnits: 10 }, sell(30), { position: 10 }, 'trim 20 RISK_UNITS'],
    ['closing what is beyond the limit', { maxUnits: 10 }, sell(60), { position: 50 }, 'approve'],
    [
      'keeping the reducing part when stopped',
      {},
      sell(30),
      { position: 10, dayPnlBps: -500 },
      'trim 10 RISK_LOSS_DAY',
    ],
    [
      'keeping it without a price',
      {},
      sell(30),
      { position: 10, price: Number.NaN, grossExposure: 0 },
      'trim 10 RISK_PRICE_UNKNOWN',
    ],
    ['keeping it below a lot', {}, sell(30), { position: 0.5, equity: -1 }, 'trim 0.5 RISK_EQUITY'],
    ['less what sells already', {}, sell(30), { position: 10, working: -4, equity: 0 }, 'trim 6 RISK_EQUITY'],
    ['paying leverage only for the new side', { maxLeverage: 1 }, sell(200), { position: 100 }, 'approve'],
    ['paying leverage up to it', { maxLeverage: 1 }, sell(230), { position: 100 }, 'trim 200 RISK_LEVERAGE'],
    [
      'order value below the reducing part',
      { maxOrderValue: 100 },
      sell(30),
      { position: 10 },
      'trim 10 RISK_ORDER_VALUE',
    ],
    ['only reducing in this scope', { maxOrderValue: 100 }, sell(10), { position: 10, equity: 0 }, 'approve'],
  ];
  it.each(rows)('%s', (...row) => {
    expect(checkRow(row)).toBe(row[4]);
  });
});

describe('texts', () => {
  const message = (options: object, order: object, view: object): string => {
    const decision = policyOf({ ...options }).check(request(order), viewOf(view));
    return decision.kind === 'approve' ? '' : decision.message;
  };

  it.each([
    [{ maxUnits: 10 }, sell(12), {}, 'The position would be -12 units; the limit is 10.'],
    [{ maxValue: 500 }, buy(9), { position: 1 }, 'The position would be worth 1000; the limit is 500.'],
    [{ maxWeight: 0.1 }, buy(20), {}, 'The position would be 0.2 of equity; the limit is 0.1.'],
    [
      { maxLeverage: 2 },
      buy(250),
      { grossExposure: 1000 },
      'Gross exposure would be 2.6 times equity; the limit is 2.',
    ],
    [{ maxOrderValue: 900 }, buy(10), {}, 'The order is worth 1000; the limit is 900.'],
    [{ shortAllowed: false }, sell(3), { position: 1 }, 'The position would be -2 units; the lowest allowed is 0.'],
    [{}, {}, { dayPnlBps: -151.25 }, 'The day stands at -151.25 bps of its starting equity; the limit is -150 bps.'],
    [
      { priceCollarBps: 100 },
      limit('buy', 110),
      {},
      'The order price is 1000 bps from its reference price; the collar is 100 bps.',
    ],
    [{ maxWorkingOrders: 3 }, {}, { workingOrders: 4 }, '4 orders are working; the limit is 3.'],
    [
      { maxOrdersPerSecond: 3 },
      {},
      { ordersLastSecond: 3 },
      '3 orders went out within the last second; the limit is 3.',
    ],
    [
      { maxOrdersPerMinute: 3 },
      {},
      { ordersLastMinute: 3 },
      '3 orders went out within the last minute; the limit is 3.',
    ],
    [{}, {}, { equity: -7 }, 'Equity is -7; orders that add risk need more than 0.'],
    [
      {},
      {},
      { equity: NaN },
      'Equity is not known, since a currency has no rate yet; orders that add risk need more than 0.',
    ],
    [
      {},
      {},
      { dayPnlBps: NaN },
      'What the day has lost is not known: its starting equity is not, or not above 0; the limit is -150 bps.',
    ],
    [{}, { qty: -1 }, {}, 'The quantity -1 is not a number above 0.'],
    [
      {},
      {},
      { price: NaN, grossExposure: 0 },
      'The price NaN, at 1 of money per unit and point, gives the order no value to check.',
    ],
    [
      {},
      {},
      { grossExposure: NaN },
      'The position and its working orders (0 units) or the gross exposure (NaN) are not known.',
    ],
  ])('%j %j %j', (options, order, view, text) => {
    expect(message(options, order, view)).toBe(text);
  });
});

describe('onState', () => {
  it.each([
    [-149.99, undefined],
    [-150, 'next-day'],
    [-900, 'next-day'],
    [300, undefined],
    [Number.NaN, undefined],
  ])('a day at %p bps: %p', (dayPnlBps, until) => {
    expect(policyOf().onState(viewOf({ dayPnlBps }))?.until).toBe(until);
  });

  it('says why', () => {
    expect(policyOf({ maxLossDayBps: 20 }).onState(viewOf({ dayPnlBps: -33 }))).toEqual({
      reason: 'RISK_LOSS_DAY',
      message: 'The day stands at -33 bps of its starting equity; the limit is -20 bps.',
      until: 'next-day',
    });
  });
});

describe('approval', () => {
  it('is one frozen object', () => {
    expect(policyOf().check(request(), viewOf())).toBe(APPROVED);
    expect(policyOf().check(request({ reduces: true }), viewOf({ position: -10 }))).toBe(APPROVED);
    expect(Object.isFrozen(APPROVED)).toBe(true);
  });
});
