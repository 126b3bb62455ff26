// Orders and views for the tests of this folder.
import {
  defineInstrument,
  type Instrument,
  type OrderRequest,
  type PortfolioView,
  type RiskDecision,
} from '@bookrunner/sdk';
import fc from 'fast-check';
import { standardRiskOptions } from './standard-risk-options.js';
import { StandardRiskPolicy } from './standard-risk-policy.js';

/** A policy as engine.yaml makes it; limits not named are wide open. */
export function policyOf(options: Record<string, unknown> = {}): StandardRiskPolicy {
  const open = {
    maxLeverage: 1e9,
    priceCollarBps: 1e9,
    maxOrdersPerSecond: 4_096,
    maxOrdersPerMinute: 4_096,
    maxWorkingOrders: 1e6,
  };
  return new StandardRiskPolicy(standardRiskOptions.parse({ ...open, ...options }));
}

/** A market order to buy 10 units of X. */
export function request(fields: Partial<OrderRequest> = {}): OrderRequest {
  return {
    symbol: 'X',
    side: 'buy',
    qty: 10,
    orderType: 'market',
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    tif: 'DAY',
    purpose: 'entry',
    strategy: 'S',
    book: 'B',
    reduces: false,
    ...fields,
  };
}

/** The plain numbers of a view of one symbol. */
export interface ViewNumbers {
  readonly position: number;
  readonly working: number;
  readonly price: number;
  readonly unitValue: number;
  readonly lotStep: number;
  readonly minQty?: number;
  readonly equity: number;
  readonly grossExposure: number;
  readonly dayPnlBps: number;
  readonly workingOrders: number;
  readonly ordersLastSecond: number;
  readonly ordersLastMinute: number;
}

/** The day began with 10,000 and has made nothing; nothing held, price 100. */
export function viewOf(numbers: Partial<ViewNumbers> = {}): PortfolioView {
  const { position = 0, working = 0, price = 100, unitValue = 1, lotStep = 1, minQty, dayPnlBps, ...scope } = numbers;
  const growth = 1 + (dayPnlBps ?? 0) / 10_000;
  const start = Number.isNaN(growth) ? Number.NaN : 10_000;
  const dayStartEquity = numbers.equity === undefined ? start : numbers.equity / growth;
  const equity = numbers.equity ?? (Number.isNaN(growth) ? 10_000 : 10_000 + (dayPnlBps ?? 0));
  const instrument: Instrument = defineInstrument({ symbol: 'X', assetClass: 'equity', quote: 'USD', lotStep, minQty });
  return {
    scope: 'strategy',
    name: 'S',
    ts: 0,
    equity,
    dayStartEquity,
    dayPnlBps: dayStartEquity > 0 ? ((equity - dayStartEquity) / dayStartEquity) * 10_000 : Number.NaN,
    grossExposure: Math.abs(position * price * unitValue),
    workingOrders: 0,
    ordersLastSecond: 0,
    ordersLastMinute: numbers.ordersLastSecond ?? 0,
    instrument: () => instrument,
    position: () => position,
    working: () => working,
    price: () => price,
    unitValue: () => unitValue,
    ...scope,
  };
}

/** Units a decision lets through. */
export function allowedQty(decision: RiskDecision, asked: number): number {
  if (decision.kind === 'approve') return asked;
  return decision.kind === 'trim' ? decision.qty : 0;
}

/** A decision in one word and number: `approve`, `trim 7 RISK_UNITS`, `refuse RISK_UNITS`. */
export function said(decision: RiskDecision): string {
  if (decision.kind === 'approve') return 'approve';
  return decision.kind === 'trim' ? `trim ${decision.qty} ${decision.reason}` : `refuse ${decision.reason}`;
}

const whole = (min: number, max: number) => fc.integer({ min, max });

/** Any state of a scope, over its limits or not, known or not. */
export const anyNumbers: fc.Arbitrary<ViewNumbers> = fc
  .record({
    position: whole(-500, 500),
    working: fc.oneof(fc.constant(0), whole(-200, 200)),
    price: fc.oneof(
      { weight: 9, arbitrary: whole(1, 800).map((steps) => steps / 4) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0) },
    ),
    unitValue: fc.constantFrom(1, 0.5, 50, 1.0837),
    lotStep: fc.constantFrom(1, 5, 0.1),
    equity: fc.oneof(
      { weight: 9, arbitrary: whole(1, 100_000) },
      { weight: 1, arbitrary: fc.constantFrom(0, -5, Number.NaN) },
    ),
    grossExposure: fc.oneof(
      { weight: 9, arbitrary: whole(0, 200_000) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
    dayPnlBps: fc.oneof({ weight: 9, arbitrary: whole(-160, 400) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }),
    workingOrders: whole(0, 12),
    ordersLastSecond: whole(0, 6),
    ordersLastMinute: whole(0, 24),
  })
  .map((numbers) => ({ ...numbers, ordersLastMinute: numbers.ordersLastMinute + numbers.ordersLastSecond }));

/** Any set of options. */
export const anyOptions = fc.record(
  {
    maxLeverage: whole(1, 40).map((tenths) => tenths / 10),
    maxLossDayBps: whole(1, 200),
    maxUnits: whole(1, 400),
    maxValue: whole(1, 50_000),
    maxWeight: whole(1, 300).map((percent) => percent / 100),
    priceCollarBps: whole(1, 3000),
    maxOrderValue: whole(1, 50_000),
    maxOrdersPerSecond: whole(1, 6),
    maxOrdersPerMinute: whole(1, 30),
    maxWorkingOrders: whole(1, 12),
    shortAllowed: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Any order, market or with a price. */
export const anyRequest: fc.Arbitrary<OrderRequest> = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    qty: fc.oneof(
      whole(1, 600),
      whole(1, 6000).map((tenths) => tenths / 10),
    ),
    orderType: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const, 'stop-limit' as const),
    price: whole(1, 800).map((steps) => steps / 4),
    purpose: fc.constantFrom('entry' as const, 'exit' as const, 'protection' as const),
  })
  .map(({ price, ...fields }) =>
    request({
      ...fields,
      limitPrice: fields.orderType === 'limit' || fields.orderType === 'stop-limit' ? price : Number.NaN,
      stopPrice: fields.orderType === 'stop' || fields.orderType === 'stop-limit' ? price : Number.NaN,
    }),
  );
