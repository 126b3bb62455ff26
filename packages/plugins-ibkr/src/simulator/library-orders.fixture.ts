// Orders of the library with every option there is, and what the model is told of each.
import {
  ConjunctionConnection,
  ExecutionCondition,
  MarginCondition,
  OrderAction,
  OrderType,
  PercentChangeCondition,
  PriceCondition,
  SecType,
  TimeCondition,
  TimeInForce,
  TriggerMethod,
  VolumeCondition,
} from '@stoqey/ib';
import type { Contract, Order } from '@stoqey/ib';
import { UNSET_DOUBLE } from './wire/contract.js';

export const STOCK: Contract = {
  conId: 265_598,
  symbol: 'AAPL',
  secType: SecType.STK,
  exchange: 'SMART',
  primaryExch: 'NASDAQ',
  currency: 'USD',
};
const LEG = { openClose: 0, shortSaleSlot: 0, designatedLocation: '', exemptCode: -1, exchange: 'SMART' };
export const BAG: Contract = {
  symbol: 'AAPL,MSFT',
  secType: SecType.BAG,
  exchange: 'SMART',
  currency: 'USD',
  comboLegs: [
    { ...LEG, conId: 265_598, ratio: 1, action: OrderAction.BUY },
    { ...LEG, conId: 272_093, ratio: 2, action: OrderAction.SELL },
  ],
};
export const HEDGED: Contract = { ...BAG, deltaNeutralContract: { conId: 1, delta: 0.5, price: 200 } };
export const LIMIT: Order = {
  orderType: OrderType.LMT,
  action: OrderAction.BUY,
  totalQuantity: 0.5,
  lmtPrice: 200.25,
  tif: TimeInForce.GTC,
  account: 'DU1234567',
  orderRef: 'ref-1',
  transmit: true,
};
const AND = ConjunctionConnection.AND;

/** The order, a contract, and what the model is told of it. */
export type Placement = readonly [title: string, order: Partial<Order>, contract: Contract, expected: object];

const CONDITIONS = [
  new PriceCondition(200.5, TriggerMethod.Default, 265_598, 'SMART', true, AND),
  new TimeCondition('20260101 10:00:00', true, ConjunctionConnection.OR),
  new MarginCondition(30, false, AND),
  new ExecutionCondition('SMART', SecType.STK, 'AAPL', AND),
  new VolumeCondition(10_000, 265_598, 'SMART', true, AND),
  new PercentChangeCondition(5, 265_598, 'SMART', true, AND),
];

export const PLACEMENTS: readonly Placement[] = [
  [
    'plain',
    {},
    STOCK,
    {
      action: 'BUY',
      totalQuantity: 0.5,
      lmtPrice: 200.25,
      auxPrice: UNSET_DOUBLE,
      tif: 'GTC',
      orderRef: 'ref-1',
      transmit: true,
      account: 'DU1234567',
    },
  ],
  [
    'what nobody set',
    { tif: undefined as never, transmit: undefined as never },
    STOCK,
    { tif: 'DAY', transmit: false },
  ],
  [
    'bracket child',
    { parentId: 4, ocaGroup: 'g', ocaType: 2, outsideRth: true, orderType: OrderType.STP, auxPrice: 190 },
    STOCK,
    { parentId: 4, ocaGroup: 'g', ocaType: 2, outsideRth: true, auxPrice: 190 },
  ],
  [
    'trailing',
    { orderType: OrderType.TRAIL, trailStopPrice: 180, trailingPercent: 1.5 },
    STOCK,
    { trailStopPrice: 180, trailingPercent: 1.5 },
  ],
  [
    'preview',
    { whatIf: true, cashQty: 1000, allOrNone: true, minQty: 3, hidden: true, displaySize: 10 },
    STOCK,
    { whatIf: true, cashQty: 1000, allOrNone: true, minQty: 3, hidden: true, displaySize: 10 },
  ],
  [
    'dated',
    { goodAfterTime: '20260101 10:00:00', goodTillDate: '20260201 10:00:00' },
    STOCK,
    { goodAfterTime: '20260101 10:00:00', goodTillDate: '20260201 10:00:00' },
  ],
  [
    'algorithm',
    { algoStrategy: 'Adaptive', algoParams: [{ tag: 'adaptivePriority', value: 'Normal' }] },
    STOCK,
    { algoStrategy: 'Adaptive', algoParameters: [{ tag: 'adaptivePriority', value: 'Normal' }] },
  ],
  [
    'combination',
    { smartComboRoutingParams: [{ tag: 'NonGuaranteed', value: '1' }] },
    BAG,
    {
      comboLegs: [
        { conId: 265_598, ratio: 1 },
        { conId: 272_093, ratio: 2, action: 'SELL' },
      ],
      smartComboRouting: [{ tag: 'NonGuaranteed', value: '1' }],
    },
  ],
  [
    'combination with prices',
    { orderComboLegs: [{ price: 1.5 }, { price: 2.5 }] },
    BAG,
    { comboLegPrices: [1.5, 2.5] },
  ],
  ['combination without legs', {}, { ...BAG, comboLegs: [] }, { comboLegs: [] }],
  ['delta neutral contract', {}, HEDGED, { further: { deltaNeutralContract: '1', deltaNeutralContractPrice: '200' } }],
  [
    'delta neutral order',
    { deltaNeutralOrderType: 'MKT', deltaNeutralConId: 17, deltaNeutralShortSale: true },
    STOCK,
    { further: { deltaNeutralOrderType: 'MKT', deltaNeutralConId: '17', deltaNeutralShortSale: '1' } },
  ],
  [
    'scale',
    { scaleInitLevelSize: 10, scaleSubsLevelSize: 5, scalePriceIncrement: 0.05, scaleAutoReset: true },
    STOCK,
    { further: { scalePriceIncrement: '0.05', scaleAutoReset: '1' } },
  ],
  ['hedge', { hedgeType: 'D', hedgeParam: '0.5' }, STOCK, { further: { hedgeType: 'D', hedgeParam: '0.5' } }],
  [
    'conditions',
    { conditions: CONDITIONS, conditionsIgnoreRth: true, conditionsCancelOrder: true },
    STOCK,
    {
      conditions: [
        { type: 1, values: ['1', '200.5', '265598', 'SMART', '0'] },
        { type: 3 },
        { type: 4 },
        { type: 5 },
        { type: 6 },
        { type: 7 },
      ],
      conditionsIgnoreRth: true,
      conditionsCancelOrder: true,
    },
  ],
  [
    'pegged to a benchmark',
    { orderType: OrderType.PEG_BENCH, referenceContractId: 17, peggedChangeAmount: 0.1, referenceExchangeId: 'ISLAND' },
    STOCK,
    { further: { referenceContractId: '17', peggedChangeAmount: '0.1' } },
  ],
  [
    'pegged to the best',
    { orderType: OrderType.PEG_BEST, minCompeteSize: 100, competeAgainstBestOffset: 0.02 },
    STOCK,
    { further: { competeAgainstBestOffset: '0.02' } },
  ],
  [
    'pegged to the best, up to the middle',
    {
      orderType: OrderType.PEG_BEST,
      competeAgainstBestOffset: Infinity,
      midOffsetAtWhole: 0.01,
      midOffsetAtHalf: 0.02,
    },
    STOCK,
    { further: { midOffsetAtWhole: '0.01', midOffsetAtHalf: '0.02' } },
  ],
  [
    'pegged to the middle, on IBKRATS',
    { orderType: OrderType.PEG_MID, minTradeQty: 5, midOffsetAtWhole: 0.01 },
    { ...STOCK, exchange: 'IBKRATS' },
    { further: { minTradeQty: '5', midOffsetAtWhole: '0.01' } },
  ],
  [
    'adjusted',
    { adjustedOrderType: 'STP', triggerPrice: 190, adjustedStopPrice: 185, adjustableTrailingUnit: 1 },
    STOCK,
    { further: { adjustedOrderType: 'STP', adjustedStopPrice: '185' } },
  ],
  [
    'for an adviser',
    {
      faGroup: 'All',
      faMethod: 'NetLiq',
      faPercentage: '',
      modelCode: 'M',
      softDollarTier: { name: 'n', value: 'v', displayName: 'd' },
    },
    STOCK,
    { modelCode: 'M', further: { faGroup: 'All', softDollarTierName: 'n' } },
  ],
];
