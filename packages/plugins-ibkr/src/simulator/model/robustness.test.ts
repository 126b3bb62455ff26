import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UNSET_DOUBLE, UNSET_INTEGER } from '../wire/contract.js';
import type { ClientRequest } from '../wire/requests.js';
import { aContract, aGateway, anOrder } from './gateway-bench.fixture.js';

const number = fc.oneof(
  fc.constantFrom(0, -1, 1, 100, 0.5, UNSET_DOUBLE, UNSET_INTEGER, Number.NaN, 1e18, -1e300, 1e-12),
  fc.double({ noNaN: true }),
  fc.integer({ min: -5, max: 500 }),
);
const id = fc.integer({ min: -2, max: 6 });
const text = fc.oneof(
  fc.constantFrom(
    '',
    'DU1234567',
    'AAPL',
    'SMART',
    'TRADES',
    'BID_ASK',
    '1 min',
    '1 D',
    '20260714 10:00:00',
    'EUR',
    'All',
  ),
  fc.string({ maxLength: 8 }),
);
const contract = fc
  .record({
    conId: fc.constantFrom(0, 0, 265_598, 12_087_792, 416_904, 118_089_500, 479_624_278, 5),
    symbol: fc.constantFrom('AAPL', 'EUR', 'ES', 'SPX', 'BTC', 'VOD', ''),
    secType: fc.constantFrom('STK', 'CASH', 'FUT', 'IND', 'CRYPTO', 'OPT', 'CFD', 'BAG', ''),
    exchange: fc.constantFrom('SMART', 'IDEALPRO', 'CME', 'CBOE', 'PAXOS', ''),
    currency: fc.constantFrom('USD', ''),
    strike: number,
  })
  .map((fields) => aContract(fields));
const leg = fc.record({
  conId: fc.constantFrom(265_598, 272_093, 5),
  ratio: fc.integer({ min: -1, max: 3 }),
  action: fc.constantFrom('BUY', 'SELL'),
  exchange: fc.constant(''),
});
const order = fc
  .record({
    orderId: id,
    action: fc.constantFrom('BUY' as const, 'SELL' as const, 'SSHORT' as const),
    totalQuantity: number,
    orderType: fc.constantFrom(
      'MKT',
      'LMT',
      'STP',
      'STP LMT',
      'TRAIL',
      'TRAIL LIMIT',
      'MIT',
      'LIT',
      'MOC',
      'LOC',
      'REL',
      '',
    ),
    lmtPrice: number,
    auxPrice: number,
    tif: fc.constantFrom('', 'DAY', 'GTC', 'IOC', 'FOK', 'GTD', 'OPG', 'NEVER'),
    trailStopPrice: number,
    trailingPercent: number,
    cashQty: number,
    parentId: id,
    minQty: number,
    transmit: fc.boolean(),
    whatIf: fc.boolean(),
    ocaGroup: fc.constantFrom('', 'g'),
    ocaType: fc.integer({ min: -1, max: 4 }),
    goodTillDate: text,
    goodAfterTime: text,
    account: text,
    comboLegs: fc.array(leg, { maxLength: 3 }),
  })
  .map((fields) => anOrder(fields));

const requestId = id;
const common = { requestId, contract };
const request = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('placeOrder' as const), contract, order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancelOrder' as const), orderId: id }) },
  fc.record({
    kind: fc.constantFrom(
      'globalCancel' as const,
      'requestOpenOrders' as const,
      'requestAllOpenOrders' as const,
      'requestPositions' as const,
      'cancelPositions' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('requestMarketData' as const),
    ...common,
    genericTicks: fc.array(text),
    snapshot: fc.boolean(),
    regulatorySnapshot: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('requestMarketDataType' as const), type: id }),
  fc.record({
    kind: fc.constant('requestContractDetails' as const),
    ...common,
    includeExpired: fc.boolean(),
    securityIdType: text,
    securityId: text,
  }),
  fc.record({
    kind: fc.constant('requestHistoricalData' as const),
    ...common,
    includeExpired: fc.boolean(),
    endDateTime: text,
    barSize: text,
    duration: text,
    useRth: fc.boolean(),
    whatToShow: text,
    formatDate: id,
    keepUpToDate: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('requestHistoricalTicks' as const),
    ...common,
    startDateTime: text,
    endDateTime: text,
    count: number,
    whatToShow: text,
    useRth: fc.boolean(),
    ignoreSize: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('requestTickByTick' as const),
    ...common,
    tickType: fc.constantFrom('Last', 'BidAsk', 'X'),
    count: number,
    ignoreSize: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('requestRealTimeBars' as const), ...common, whatToShow: text, useRth: fc.boolean() }),
  fc.record({ kind: fc.constant('requestMarketDepth' as const), ...common, rows: number, isSmart: fc.boolean() }),
  fc.record({
    kind: fc.constant('requestExecutions' as const),
    requestId,
    filter: fc.record({
      clientId: id,
      account: text,
      time: text,
      symbol: text,
      secType: text,
      exchange: text,
      side: text,
    }),
  }),
  fc.record({ kind: fc.constant('requestAutoOpenOrders' as const), autoBind: fc.boolean() }),
  fc.record({ kind: fc.constant('requestCompletedOrders' as const), apiOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('requestAccountUpdates' as const), subscribe: fc.boolean(), account: text }),
  fc.record({ kind: fc.constant('requestAccountSummary' as const), requestId, group: text, tags: fc.array(text) }),
  fc.record({ kind: fc.constant('requestPnl' as const), requestId, account: text, model: text }),
  fc.record({ kind: fc.constant('requestPnlSingle' as const), requestId, account: text, model: text, conId: number }),
  fc.record({ kind: fc.constant('requestMarketRule' as const), marketRuleId: number }),
  fc.record({ kind: fc.constant('requestMatchingSymbols' as const), requestId, pattern: text }),
  fc.record({
    kind: fc.constantFrom(
      'cancelMarketData' as const,
      'cancelHistoricalData' as const,
      'cancelTickByTick' as const,
      'cancelRealTimeBars' as const,
      'cancelMarketDepth' as const,
      'cancelPnl' as const,
      'cancelAccountSummary' as const,
    ),
    requestId,
  }),
);

describe('whatever a client asks', () => {
  it('is answered or refused; the model never throws, and its books stay finite', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 5, maxLength: 40, size: 'max' }), (script) => {
        const { client, clock, gateway } = aGateway({ ticksPerSecond: 1 });
        for (const step of script) {
          client.ask(step as Exclude<ClientRequest, { readonly kind: 'startApi' }> as Parameters<typeof client.ask>[0]);
          clock.advance(700);
        }
        gateway.close();
        for (const { filled, avgFillPrice } of gateway.truth().orders)
          expect([filled, avgFillPrice].every(Number.isFinite)).toBe(true);
        for (const message of client.messages) expect(JSON.stringify(message)).not.toContain('null');
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
