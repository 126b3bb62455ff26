// Layout of placeOrder, the longest message of the wire: 118 fields for a plain order, more for those with options.
import { FLAG, INTEGER, OPTIONAL_INTEGER, OPTIONAL_NUMBER, TEXT } from './codecs.js';
import { field, fixed, since, when, within } from './layout.js';
import type { RequestLayouts } from './request-layout.js';
import {
  advisor,
  algorithm,
  benchmark,
  combination,
  conditions,
  deltaNeutralContract,
  deltaNeutralOrder,
  hedge,
  isPegBest,
  isPegMid,
  keeps,
  mainTerms,
  minQty,
  noCombination,
  scale,
  trail,
} from './order-items.js';
import type { WithOrder } from './order-items.js';
import { askedContract, isBag } from './shared-items.js';

const settlement = [
  within('order', field('ocaType', INTEGER)),
  keeps('rule80A', 'settlingFirm'),
  within('order', field('allOrNone', FLAG)),
  minQty,
  keeps('percentOffset', 'eTradeOnly', 'firmQuoteOnly', 'nbboPriceCap'),
  keeps('auctionStrategy', 'startingPrice', 'stockRefPrice', 'delta', 'stockRangeLower', 'stockRangeUpper'),
] as const;

const volatility = [
  keeps('overridePercentageConstraints', 'volatility', 'volatilityType'),
  keeps('deltaNeutralOrderType', 'deltaNeutralAuxPrice'),
  when(({ order }: WithOrder) => (order.further?.['deltaNeutralOrderType'] ?? '') !== '', deltaNeutralOrder),
  keeps('continuousUpdate', 'referencePriceType'),
] as const;

/** An order pegged to the middle, or to the best price as far as the middle, says how far from it. */
const followsMiddle = (message: WithOrder): boolean =>
  isPegMid(message) || (isPegBest(message) && message.order.further?.['competeAgainstBestOffset'] === 'Infinity');

const pegOffsets = [
  when(
    ({ contract }: { readonly contract: { readonly exchange: string } }) => contract.exchange === 'IBKRATS',
    keeps('minTradeQty'),
  ),
  when(isPegBest, keeps('minCompeteSize', 'competeAgainstBestOffset')),
  when(followsMiddle, keeps('midOffsetAtWhole', 'midOffsetAtHalf')),
] as const;

export const PLACE_ORDER: RequestLayouts<'placeOrder'> = {
  placeOrder: [
    3,
    noCombination,
    within('order', field('orderId', INTEGER)),
    askedContract,
    fixed('secIdType'),
    fixed('secId'),
    mainTerms(OPTIONAL_NUMBER),
    keeps('openClose', 'origin'),
    within('order', field('orderRef', TEXT), field('transmit', FLAG), field('parentId', INTEGER)),
    keeps('blockOrder', 'sweepToFill'),
    within('order', field('displaySize', OPTIONAL_INTEGER)),
    keeps('triggerMethod'),
    within('order', field('outsideRth', FLAG), field('hidden', FLAG)),
    when(isBag, combination),
    fixed('sharesAllocation'),
    keeps('discretionaryAmt'),
    within('order', field('goodAfterTime', TEXT), field('goodTillDate', TEXT)),
    keeps(...advisor),
    since({ below: 177 }, keeps('faProfile')),
    within('order', field('modelCode', TEXT)),
    keeps('shortSaleSlot', 'designatedLocation', 'exemptCode'),
    ...settlement,
    ...volatility,
    trail,
    ...scale(''),
    keeps('scaleTable', 'activeStartTime', 'activeStopTime'),
    ...hedge,
    keeps('optOutSmartRouting', 'clearingAccount', 'clearingIntent', 'notHeld'),
    ...deltaNeutralContract,
    ...algorithm,
    keeps('algoId'),
    within('order', field('whatIf', FLAG)),
    keeps('orderMiscOptions', 'solicited', 'randomizeSize', 'randomizePrice'),
    benchmark,
    conditions,
    keeps('adjustedOrderType', 'triggerPrice', 'lmtPriceOffset', 'adjustedStopPrice', 'adjustedStopLimitPrice'),
    keeps(
      'adjustedTrailingAmount',
      'adjustableTrailingUnit',
      'extOperator',
      'softDollarTierName',
      'softDollarTierValue',
    ),
    within('order', field('cashQty', OPTIONAL_NUMBER)),
    keeps('mifid2DecisionMaker', 'mifid2DecisionAlgo', 'mifid2ExecutionTrader', 'mifid2ExecutionAlgo'),
    keeps('dontUseAutoPriceForHedge', 'isOmsContainer', 'discretionaryUpToLimitPrice', 'usePriceMgmtAlgo'),
    keeps('duration', 'postToAts', 'autoCancelParent', 'advancedErrorOverride', 'manualOrderTime'),
    ...pegOffsets,
    since(183, keeps('customerAccount')),
    since(184, keeps('professionalCustomer')),
    since({ from: 187, below: 190 }, fixed('rfqText'), fixed('rfqNumber')),
    since(189, keeps('includeOvernight')),
    since(193, keeps('manualOrderIndicator')),
  ],
};
