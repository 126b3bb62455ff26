// Layouts of what the gateway says about orders and executions.
import {
  FLAG,
  INTEGER,
  NUMBER,
  OPTIONAL_NUMBER,
  RIGHT_OR_QUESTION,
  SPELLED_INTEGER,
  SPELLED_NUMBER,
  STRIKE_WITH_POINT,
  TEXT,
} from './codecs.js';
import { derived, field, fixed, since, version, when, within } from './layout.js';
import type { MessageLayouts } from './message-layout.js';
import type { WireOrderState } from './message-parts.js';
import {
  advisor,
  algorithm,
  benchmark,
  combination,
  conditions,
  deltaNeutralContract,
  deltaNeutralOrder,
  hedge,
  keeps,
  mainTerms,
  minQty,
  scale,
  trail,
} from './order-items.js';
import { UNSET_DOUBLE_TEXT } from './plain-number.js';
import { requestId } from './shared-items.js';

const UNSET_INTEGER_TEXT = '2147483647';

const orderContract = within(
  'contract',
  field('conId', INTEGER),
  field('symbol', TEXT),
  field('secType', TEXT),
  field('lastTradeDateOrContractMonth', TEXT),
  field('strike', NUMBER),
  field('right', RIGHT_OR_QUESTION),
  field('multiplier', TEXT),
  field('exchange', TEXT),
  field('currency', TEXT),
  field('localSymbol', TEXT),
  field('tradingClass', TEXT),
);
const origin = [keeps('openClose', ['origin', '0']), within('order', field('orderRef', TEXT))] as const;
const hours = [
  within('order', field('outsideRth', FLAG), field('hidden', FLAG)),
  keeps(['discretionaryAmt', '0']),
  within('order', field('goodAfterTime', TEXT)),
] as const;
const allocation = [
  keeps(...advisor),
  since({ below: 177 }, keeps('faProfile')),
  within('order', field('modelCode', TEXT), field('goodTillDate', TEXT)),
  keeps('rule80A', 'percentOffset', 'settlingFirm', ['shortSaleSlot', '0'], 'designatedLocation', ['exemptCode', '-1']),
] as const;
const pegs = keeps('startingPrice', 'stockRefPrice', 'delta', 'stockRangeLower', 'stockRangeUpper');
const displaySize = within('order', field('displaySize', SPELLED_INTEGER));
const allOrNone = [within('order', field('allOrNone', FLAG)), minQty] as const;
/** 3 where the order has none, as the gateway says it. */
const ocaType = derived('ocaType', ({ order }: WireOrderState) => String(order.ocaType === 0 ? 3 : order.ocaType));

function neutralType(state: WireOrderState): string {
  return state.order.further?.['deltaNeutralOrderType'] ?? state.deltaNeutralOrderType;
}

const volatility = [
  keeps('volatility', ['volatilityType', '0']),
  derived('deltaNeutralOrderType', neutralType),
  keeps('deltaNeutralAuxPrice'),
] as const;
const continuous = keeps(['continuousUpdate', '0'], ['referencePriceType', '0']);
const legs = [fixed('comboLegsDescription'), combination] as const;
const clearing = keeps('clearingAccount', ['clearingIntent', 'IB'], ['notHeld', '0']);
const randomized = [keeps(['randomizeSize', '0'], ['randomizePrice', '0']), benchmark, conditions] as const;
const pegOffsets = since(
  170,
  keeps(
    'minTradeQty',
    ['minCompeteSize', '100'],
    ['competeAgainstBestOffset', '0.02'],
    'midOffsetAtWhole',
    'midOffsetAtHalf',
  ),
);
const customer = [since(183, keeps('customerAccount')), since(184, keeps(['professionalCustomer', '0']))] as const;
const cash = [
  derived('cashQty', ({ order }: WireOrderState) => OPTIONAL_NUMBER.write(order.cashQty) || '0'),
  keeps(['dontUseAutoPriceForHedge', '1'], ['isOmsContainer', '0']),
] as const;

/** Margin and commission: what a preview asks for, and a filled order says. */
const preview = [
  within('order', field('whatIf', FLAG)),
  field('status', TEXT),
  ...(
    [
      'initMarginBefore',
      'maintMarginBefore',
      'equityWithLoanBefore',
      'initMarginChange',
      'maintMarginChange',
      'equityWithLoanChange',
      'initMarginAfter',
      'maintMarginAfter',
      'equityWithLoanAfter',
    ] as const
  ).map((name) => derived(name, (state: WireOrderState) => (state[name] === '' ? UNSET_DOUBLE_TEXT : state[name]))),
  field('commission', OPTIONAL_NUMBER),
  field('minCommission', OPTIONAL_NUMBER),
  field('maxCommission', OPTIONAL_NUMBER),
  field('commissionCurrency', TEXT),
  field('warningText', TEXT),
] as const;

const openOrder = within(
  'state',
  within('order', field('orderId', INTEGER)),
  orderContract,
  mainTerms,
  ...origin,
  field('clientId', INTEGER),
  field('permId', INTEGER),
  ...hours,
  // Deprecated, but still there: `<permId>.0/<account>/<client id or size>`.
  derived(
    'sharesAllocation',
    ({ permId, order }: WireOrderState) => `${permId}.0/${order.account}/${order.totalQuantity}`,
  ),
  ...allocation,
  keeps(['auctionStrategy', '0']),
  pegs,
  displaySize,
  keeps(['blockOrder', '0'], ['sweepToFill', '0']),
  ...allOrNone,
  ocaType,
  keeps(['eTradeOnly', '0'], ['firmQuoteOnly', '0'], 'nbboPriceCap'),
  within('order', field('parentId', INTEGER)),
  keeps(['triggerMethod', '0']),
  ...volatility,
  when((state: WireOrderState) => neutralType(state) !== '', deltaNeutralOrder),
  continuous,
  trail,
  fixed('basisPoints'),
  fixed('basisPointsType'),
  ...legs,
  ...scale(UNSET_INTEGER_TEXT),
  ...hedge,
  keeps(['optOutSmartRouting', '0']),
  clearing,
  ...deltaNeutralContract,
  ...algorithm,
  keeps(['solicited', '0']),
  ...preview,
  ...randomized,
  keeps(['adjustedOrderType', 'None'], ['triggerPrice', UNSET_DOUBLE_TEXT]),
  // Said a second time here, and clients take the last.
  derived('trailStopPrice', ({ order }: WireOrderState) => SPELLED_NUMBER.write(order.trailStopPrice)),
  keeps(
    ['lmtPriceOffset', UNSET_DOUBLE_TEXT],
    ['adjustedStopPrice', UNSET_DOUBLE_TEXT],
    ['adjustedStopLimitPrice', UNSET_DOUBLE_TEXT],
    ['adjustedTrailingAmount', UNSET_DOUBLE_TEXT],
    ['adjustableTrailingUnit', '0'],
    'softDollarTierName',
    'softDollarTierValue',
    'softDollarTierDisplayName',
  ),
  ...cash,
  keeps(['discretionaryUpToLimitPrice', '0'], ['usePriceMgmtAlgo', '0'], 'duration', 'postToAts', [
    'autoCancelParent',
    '0',
  ]),
  pegOffsets,
  ...customer,
  since(185, fixed('bondAccruedInterest')),
  since(189, keeps(['includeOvernight', '0'])),
  since(193, keeps('extOperator', ['manualOrderIndicator', UNSET_INTEGER_TEXT])),
);

// Like an open order, without an order id; the size is said apart, since what is filled has no quantity left.
const completedOrder = within(
  'state',
  orderContract,
  mainTerms,
  ...origin,
  field('permId', INTEGER),
  ...hours,
  ...allocation,
  pegs,
  displaySize,
  keeps(['sweepToFill', '0']),
  ...allOrNone,
  ocaType,
  keeps(['triggerMethod', '0']),
  ...volatility,
  when(
    (state: WireOrderState) => neutralType(state) !== '',
    keeps(
      ['deltaNeutralConId', '0'],
      ['deltaNeutralShortSale', '0'],
      ['deltaNeutralShortSaleSlot', '0'],
      'deltaNeutralDesignatedLocation',
    ),
  ),
  continuous,
  trail,
  ...legs,
  ...scale(UNSET_INTEGER_TEXT),
  ...hedge,
  clearing,
  ...deltaNeutralContract,
  ...algorithm,
  keeps(['solicited', '0']),
  field('status', TEXT),
  ...randomized,
  derived('stopPrice', ({ order }: WireOrderState) => SPELLED_NUMBER.write(order.trailStopPrice)),
  keeps(['lmtPriceOffset', UNSET_DOUBLE_TEXT]),
  ...cash,
  fixed('autoCancelDate'),
);

const execution = within(
  'execution',
  field('orderId', INTEGER),
  within(
    'contract',
    field('conId', INTEGER),
    field('symbol', TEXT),
    field('secType', TEXT),
    field('lastTradeDateOrContractMonth', TEXT),
    field('strike', STRIKE_WITH_POINT),
    field('right', TEXT),
    field('multiplier', TEXT),
    field('exchange', TEXT),
    field('currency', TEXT),
    field('localSymbol', TEXT),
    field('tradingClass', TEXT),
  ),
  field('execId', TEXT),
  field('time', TEXT),
  field('account', TEXT),
  field('exchange', TEXT),
  field('side', TEXT),
  field('shares', NUMBER),
  field('price', NUMBER),
  field('permId', INTEGER),
  field('clientId', INTEGER),
  field('liquidation', FLAG),
  field('cumQty', NUMBER),
  field('avgPrice', NUMBER),
  field('orderRef', TEXT),
  fixed('evRule'),
  fixed('evMultiplier'),
  field('modelCode', TEXT),
  field('lastLiquidity', INTEGER),
  since(178, field('pendingPriceRevision', FLAG)),
);

export const ORDER_MESSAGES: MessageLayouts<
  | 'orderStatus'
  | 'openOrder'
  | 'openOrderEnd'
  | 'completedOrder'
  | 'completedOrdersEnd'
  | 'orderBound'
  | 'execDetails'
  | 'execDetailsEnd'
  | 'commissionReport'
> = {
  orderStatus: [
    3,
    field('orderId', INTEGER),
    field('status', TEXT),
    field('filled', NUMBER),
    field('remaining', NUMBER),
    field('avgFillPrice', NUMBER),
    field('permId', INTEGER),
    field('parentId', INTEGER),
    field('lastFillPrice', NUMBER),
    field('clientId', INTEGER),
    field('whyHeld', TEXT),
    field('mktCapPrice', NUMBER),
  ],
  openOrder: [5, openOrder],
  openOrderEnd: [53, version(1)],
  completedOrder: [
    101,
    completedOrder,
    field('filledQuantity', NUMBER),
    fixed('refFuturesConId', '0'),
    within('state', keeps(['autoCancelParent', '0'])),
    fixed('shareholder', 'Not an insider or substantial shareholder'),
    fixed('imbalanceOnly', '0'),
    fixed('routeMarketableToBbo', '0'),
    fixed('parentPermId', '0'),
    field('completedTime', TEXT),
    field('completedStatus', TEXT),
    within('state', pegOffsets, ...customer),
  ],
  completedOrdersEnd: [102],
  orderBound: [100, field('permId', INTEGER), field('clientId', INTEGER), field('orderId', INTEGER)],
  execDetails: [11, requestId, execution],
  execDetailsEnd: [55, version(1), requestId],
  commissionReport: [
    59,
    version(1),
    field('execId', TEXT),
    field('commission', SPELLED_NUMBER),
    field('currency', TEXT),
    field('realizedPnl', SPELLED_NUMBER),
    fixed('yield', UNSET_DOUBLE_TEXT),
    fixed('yieldRedemptionDate'),
  ],
};
