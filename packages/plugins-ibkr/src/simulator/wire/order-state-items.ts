// Layouts of an order and its state: as it is open, and as it was completed. Where an order lacks an attribute, the gateway says what
// stands here beside its name.
import {
  CASH_QUANTITY,
  FLAG,
  INTEGER,
  MARGIN,
  NUMBER,
  OCA_TYPE,
  OPTIONAL_NUMBER,
  ORDER_PRICE,
  RIGHT_OR_QUESTION,
  SPELLED_INTEGER,
  SPELLED_NUMBER,
  TEXT,
} from './codecs.js';
import { derived, field, fixed, since, when, within } from './layout.js';
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
const ocaType = within('order', field('ocaType', OCA_TYPE));

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
export const pegOffsets = since(
  170,
  keeps(
    'minTradeQty',
    ['minCompeteSize', '100'],
    ['competeAgainstBestOffset', '0.02'],
    'midOffsetAtWhole',
    'midOffsetAtHalf',
  ),
);
export const customer = [
  since(183, keeps('customerAccount')),
  since(184, keeps(['professionalCustomer', '0'])),
] as const;
const cash = [
  within('order', field('cashQty', CASH_QUANTITY)),
  keeps(['dontUseAutoPriceForHedge', '1'], ['isOmsContainer', '0']),
] as const;

/** Margin and commission: what a preview asks for, and a filled order says. */
const preview = [
  within('order', field('whatIf', FLAG)),
  field('status', TEXT),
  field('initMarginBefore', MARGIN),
  field('maintMarginBefore', MARGIN),
  field('equityWithLoanBefore', MARGIN),
  field('initMarginChange', MARGIN),
  field('maintMarginChange', MARGIN),
  field('equityWithLoanChange', MARGIN),
  field('initMarginAfter', MARGIN),
  field('maintMarginAfter', MARGIN),
  field('equityWithLoanAfter', MARGIN),
  field('commission', OPTIONAL_NUMBER),
  field('minCommission', OPTIONAL_NUMBER),
  field('maxCommission', OPTIONAL_NUMBER),
  field('commissionCurrency', TEXT),
  field('warningText', TEXT),
] as const;

export const openOrder = within(
  'state',
  within('order', field('orderId', INTEGER)),
  orderContract,
  mainTerms(ORDER_PRICE),
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
  within('order', field('trailStopPrice', SPELLED_NUMBER)),
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
export const completedOrder = within(
  'state',
  orderContract,
  mainTerms(ORDER_PRICE),
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
  within('order', field('trailStopPrice', SPELLED_NUMBER)),
  keeps(['lmtPriceOffset', UNSET_DOUBLE_TEXT]),
  ...cash,
  fixed('autoCancelDate'),
);
