// Whatever the simulator sends is read by the library to the end of its message, with the values it was given.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bench } from './bench.fixture.js';
import type { BenchClient } from './bench.fixture.js';
import { UNSET_DOUBLE } from './wire/contract.js';
import type { EncodedKind } from './wire/encode-message.js';
import type { ServerMessage } from './wire/messages.js';
import { MESSAGES, ORDER, ORDER_STATE } from './wire/wire-samples.fixture.js';

const STOCK = expect.objectContaining({
  conId: 265_598,
  symbol: 'AAPL',
  secType: 'STK',
  currency: 'USD',
  tradingClass: 'NMS',
});
const DONE = 'finished-20230413  16:31:22-20230415  16:31:22';
const ID = 9001;
const ACCOUNT = 'DU1234567';

/** For each kind the event it becomes, and the values of that event from the first on. */
const EVENTS: { readonly [Kind in EncodedKind]: readonly [event: string, ...values: unknown[]] } = {
  nextValidId: ['nextValidId', 5],
  managedAccounts: ['managedAccounts', 'DU1234567,DU7654321'],
  currentTime: ['currentTime', 1_744_742_310],
  error: ['error', new Error('Order Canceled - reason:'), 202, 41],
  contractDetails: [
    'contractDetails',
    ID,
    expect.objectContaining({
      contract: STOCK,
      minTick: 0.01,
      longName: 'APPLE INC',
      priceMagnifier: 1,
      marketRuleIds: '26,26',
      timeZoneId: 'US/Eastern',
      liquidHours: '20260922:0930-20260922:1600;20260923:CLOSED',
      stockType: 'COMMON',
      minSize: 0.0001,
      suggestedSizeIncrement: 100,
    }),
  ],
  contractDetailsEnd: ['contractDetailsEnd', ID],
  marketRule: ['marketRule', 26, [{ lowEdge: 0, increment: 0.01 }]],
  tickPrice: ['tickPrice', ID, 1, 201.9, true],
  tickSize: ['tickSize', ID, 0, 300],
  tickString: ['tickString', ID, 45, '1744742310'],
  tickGeneric: ['tickGeneric', ID, 49, -1],
  tickOptionComputation: ['tickOptionComputation', ID, 13, 0, 0.21, undefined, 4.2, 0, 0.01, 0.2, -0.05, 201.9],
  // The library reads the tick as an integer.
  tickRequestParameters: ['tickReqParams', ID, 0, '9c0001', 3],
  marketDataType: ['marketDataType', ID, 3],
  tickSnapshotEnd: ['tickSnapshotEnd', ID],
  rerouteMarketData: ['rerouteMktDataReq', ID, 265_598, 'SMART'],
  marketDepth: ['updateMktDepth', ID, 0, 0, 1, 201.9, 300],
  marketDepthL2: ['updateMktDepthL2', ID, 0, 'ARCA', 0, 1, 201.9, 300, true],
  tickByTickLast: [
    'tickByTickAllLast',
    ID,
    1,
    '1744742310',
    201.94,
    10,
    { pastLimit: false, unreported: true },
    'IEX',
    'TI',
  ],
  tickByTickBidAsk: [
    'tickByTickBidAsk',
    ID,
    '1744742310',
    201.9,
    201.94,
    300,
    200,
    { bidPastLow: true, askPastHigh: false },
  ],
  tickByTickMidPoint: ['tickByTickMidPoint', ID, '1744742310', 201.92],
  historicalData: ['historicalData', ID, DONE, -1, -1, -1, -1, -1, -1, -1, false],
  historicalDataUpdate: [
    'historicalDataUpdate',
    ID,
    '20230413',
    182.9,
    186.5,
    180.1,
    185.9,
    948_837.22,
    324_891,
    184.869,
  ],
  historicalTicks: ['historicalTicks', ID, [{ time: 1_681_133_399, price: 91.36, size: 0 }], true],
  historicalTicksBidAsk: [
    'historicalTicksBidAsk',
    ID,
    [expect.objectContaining({ time: 1_681_133_399, priceBid: 11.63, priceAsk: 11.83, sizeBid: 2800, sizeAsk: 100 })],
    false,
  ],
  historicalTicksLast: [
    'historicalTicksLast',
    ID,
    [expect.objectContaining({ price: 11.63, size: 24_547, exchange: 'ISLAND', specialConditions: 'O X' })],
    true,
  ],
  realTimeBar: ['realtimeBar', ID, 1_678_323_335, 182.9, 186.5, 180.1, 185.9, 948_837.22, 184.869, 324_891],
  headTimestamp: ['headTimestamp', ID, '1678323335'],
  orderStatus: ['orderStatus', 5, 'PreSubmitted', 0, 100, 0, 600_745_656, 0, 0, 100, '', 0],
  openOrder: [
    'openOrder',
    5,
    STOCK,
    expect.objectContaining({
      orderId: 5,
      action: 'BUY',
      totalQuantity: 100,
      orderType: 'MKT',
      permId: 600_745_656,
      clientId: 100,
    }),
    expect.objectContaining({ status: 'PreSubmitted', commission: undefined }),
  ],
  openOrderEnd: ['openOrderEnd'],
  completedOrder: [
    'completedOrder',
    STOCK,
    expect.objectContaining({ permId: 600_745_656, filledQuantity: 100, totalQuantity: 100 }),
    expect.objectContaining({ status: 'Filled', completedStatus: 'Filled Size: 100' }),
  ],
  completedOrdersEnd: ['completedOrdersEnd'],
  orderBound: ['orderBound', 600_745_656, 0, -3],
  execDetails: [
    'execDetails',
    -1,
    STOCK,
    expect.objectContaining({
      execId: '0000e0d5.67fe667b.01.01',
      time: '20250820 09:30:01 US/Eastern',
      side: 'BOT',
      shares: 100,
      price: 201.94,
      orderRef: 'ref-1',
      lastLiquidity: 2,
      pendingPriceRevision: false,
    }),
  ],
  execDetailsEnd: ['execDetailsEnd', ID],
  commissionReport: [
    'commissionReport',
    expect.objectContaining({
      execId: '0000e0d5.67fe667b.01.01',
      commission: 1.0003,
      currency: 'USD',
      realizedPNL: undefined,
    }),
  ],
  position: ['position', ACCOUNT, STOCK, 100, 201.95],
  positionEnd: ['positionEnd'],
  positionMulti: ['positionMulti', ID, ACCOUNT, 'M', STOCK, 100, 201.95],
  positionMultiEnd: ['positionMultiEnd', ID],
  accountSummary: ['accountSummary', ID, ACCOUNT, 'NetLiquidation', '1', 'USD'],
  accountSummaryEnd: ['accountSummaryEnd', ID],
  accountValue: ['updateAccountValue', 'NetLiquidation', '100000.00', 'USD', ACCOUNT],
  portfolioValue: ['updatePortfolio', STOCK, 100, 202, 20_200, 201.95, 5, -7, ACCOUNT],
  accountUpdateTime: ['updateAccountTime', '15:04'],
  accountDownloadEnd: ['accountDownloadEnd', ACCOUNT],
  accountUpdateMulti: ['accountUpdateMulti', ID, ACCOUNT, 'M', 'NetLiquidation', '100000.00', 'USD'],
  accountUpdateMultiEnd: ['accountUpdateMultiEnd', String(ID)],
  pnl: ['pnl', ID, 12.5, -3, undefined],
  pnlSingle: ['pnlSingle', ID, 100, 12.5, -3, undefined, 20_200],
  symbolSamples: [
    'symbolSamples',
    ID,
    [
      {
        contract: expect.objectContaining({ conId: 265_598, primaryExch: 'NASDAQ' }),
        derivativeSecTypes: ['CFD', 'OPT'],
      },
    ],
  ],
  optionChain: ['securityDefinitionOptionParameter', ID, 'CBOE', 265_598, 'AAPL', 100, ['20261218'], [200, 202.5]],
  optionChainEnd: ['securityDefinitionOptionParameterEnd', ID],
  smartComponents: ['smartComponents', ID, new Map([[1, ['ARCA', 'P']]])],
};

describe.each([193, 178])('messages at version %d', (serverVersion) => {
  let bench: Bench;
  let client: BenchClient;

  beforeAll(async () => {
    bench = await Bench.start({ settings: { serverVersion } });
    client = await bench.ready();
    await client.told('info', 3);
  });
  afterAll(() => bench.close());

  /** Events of one message: those between it and the time that is sent behind it. */
  const eventsOf = async (message: ServerMessage): Promise<readonly unknown[]> => {
    const from = client.seen.length;
    const times = client.of('currentTime').length;
    bench.model.push(message, { kind: 'currentTime', epochSeconds: 0 });
    await client.told('currentTime', times + 1);
    return client.seen.slice(from, -1);
  };

  it.each(Object.keys(EVENTS) as EncodedKind[])('%s', async (kind) => {
    const events = await eventsOf(MESSAGES[kind]);
    expect(events).toContainEqual([...EVENTS[kind], ...(kind === 'error' ? [undefined] : [])]);
    // An error here would be the library's: fields left over, or missing.
    if (kind !== 'error') expect(events).not.toContainEqual(expect.arrayContaining(['error']));
  });

  it('openOrder with all that the order has', async () => {
    const order = {
      ...ORDER,
      orderType: 'LMT',
      lmtPrice: 200.25,
      trailStopPrice: 180,
      orderRef: 'ref-1',
      parentId: 4,
      ocaGroup: 'g',
      ocaType: 2,
      algoStrategy: 'Adaptive',
      algoParameters: [{ tag: 'adaptivePriority', value: 'Normal' }],
      conditions: [{ type: 1, conjunction: 'a', values: ['1', '200.5', '265598', 'SMART', '0'] }],
      further: { hedgeType: 'D', hedgeParam: '0.5', scalePriceIncrement: '0.05', rule80A: 'I' },
    };
    const state = {
      ...ORDER_STATE,
      order,
      deltaNeutralOrderType: 'None',
      commission: 1.5,
      initMarginAfter: '1234.5',
    } as const;
    const events = await eventsOf({ kind: 'openOrder', state });
    expect(events).toEqual([
      [
        'openOrder',
        5,
        STOCK,
        expect.objectContaining({
          lmtPrice: 200.25,
          trailStopPrice: 180,
          orderRef: 'ref-1',
          parentId: 4,
          ocaGroup: 'g',
          ocaType: 2,
          algoParams: [{ tag: 'adaptivePriority', value: 'Normal' }],
          conditions: [expect.objectContaining({ price: 200.5, conId: 265_598 })],
          hedgeParam: '0.5',
          scalePriceIncrement: 0.05,
          rule80A: 'I',
          deltaNeutralOrderType: 'None',
          minCompeteSize: 100,
          competeAgainstBestOffset: 0.02,
        }),
        expect.objectContaining({ commission: 1.5, initMarginAfter: 1234.5, initMarginBefore: undefined }),
      ],
    ]);
  });

  it.each(['openOrder', 'completedOrder'] as const)('%s of a combination, with None', async (kind) => {
    const order = {
      ...ORDER,
      comboLegs: [{ conId: 1, ratio: 2, action: 'BUY', exchange: 'SMART' }],
      comboLegPrices: [1.5],
      smartComboRouting: [{ tag: 'NonGuaranteed', value: '1' }],
    };
    const state = { ...ORDER_STATE, order, deltaNeutralOrderType: 'None' } as const;
    const events = await eventsOf({ ...MESSAGES[kind], state } as ServerMessage);
    const combined = expect.objectContaining({
      comboLegs: [expect.objectContaining({ conId: 1, ratio: 2, exemptCode: -1 })],
    });
    const routed = expect.objectContaining({ smartComboRoutingParams: [{ tag: 'NonGuaranteed', value: '1' }] });
    expect(events).toEqual([[kind, ...(kind === 'openOrder' ? [5] : []), combined, routed, expect.anything()]]);
  });

  it('texts beyond ASCII, and what a rejection says as JSON', async () => {
    const details = { ...MESSAGES.contractDetails.details, longName: 'DEUTSCHE BÖRSE 東京' };
    const [[, , named]] = (await eventsOf({ kind: 'contractDetails', requestId: 1, details })) as [
      [string, number, object],
    ];
    expect(named).toMatchObject({ longName: 'DEUTSCHE BÖRSE 東京' });
    const json = JSON.stringify({ reason: 'Größe' });
    const rejection = {
      kind: 'error',
      id: 5,
      code: 201,
      message: 'abgelehnt – zu groß',
      advancedOrderRejectJson: json,
    } as const;
    expect(await eventsOf(rejection)).toEqual([
      ['error', new Error('abgelehnt – zu groß'), 201, 5, { reason: 'Größe' }],
    ]);
  });

  it('bars, and numbers that are tiny, huge or not there', async () => {
    const events = await eventsOf(MESSAGES.historicalData);
    expect(events[0]).toEqual([
      'historicalData',
      ID,
      '20230413',
      182.9,
      186.5,
      180.1,
      185.9,
      948_837.22,
      324_891,
      184.869,
      undefined,
    ]);
    const sizes = await Promise.all(
      [1e-8, 1e12].map((size) => eventsOf({ kind: 'tickSize', requestId: 1, tickType: 0, size })),
    );
    expect(sizes.flat().at(-1)).toBeDefined();
    expect(client.of('tickSize').slice(-2)).toEqual([
      [1, 0, 1e-8],
      [1, 0, 1e12],
    ]);
    const pnl = { kind: 'pnl', requestId: 1, daily: UNSET_DOUBLE, unrealized: UNSET_DOUBLE, realized: 0 } as const;
    expect(await eventsOf(pnl)).toEqual([['pnl', 1, undefined, undefined, 0]]);
  });
});
