// From an order of the model to one that IB takes. Every field is set: what is left empty, a gateway reads as it likes.
import type { Order as EngineOrder, OrderType as EngineOrderType } from '@bookrunner/sdk';
import type { Order as IbOrder, OrderType } from '@stoqey/ib';
import { ORDER_ACTION, ORDER_TYPE } from '../contracts/tws-names.js';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import { utcText } from './execution-time.js';
import { orderRefOf } from './order-reference.js';
import { gridFault, toIbPrice } from './order-prices.js';
import type { OrderTerms } from './order-terms.js';

/** Why an order is not sent. */
export interface OrderFault {
  readonly reason: IbkrErrorCode;
  readonly message: string;
}

/** Where an order stands among those sent with it. */
export interface OrderPlace {
  /** Id of the parent at the gateway; 0 for none. */
  readonly parentId: number;
  /** False where a later one of the same bracket sends it off. */
  readonly transmit: boolean;
  readonly outsideRth: boolean;
}

const TYPES: Readonly<Record<EngineOrderType, OrderType>> = {
  market: ORDER_TYPE.market,
  limit: ORDER_TYPE.limit,
  stop: ORDER_TYPE.stop,
  'stop-limit': ORDER_TYPE.stopLimit,
  'trailing-stop': ORDER_TYPE.trail,
};
const TYPES_OF_IB: ReadonlyMap<string, EngineOrderType> = new Map(
  Object.entries(TYPES).map(([type, ib]) => [ib as string, type as EngineOrderType]),
);
/** One that fills cancels the others, and none of them works while that is under way. */
const CANCEL_WITH_BLOCK = 1;

/** Defaults of IB's own clients; sent empty, some of them mean something else. */
const DEFAULTS = Object.freeze({
  ...{
    openClose: '',
    origin: 0,
    blockOrder: false,
    sweepToFill: false,
    displaySize: 0,
    triggerMethod: 0,
    hidden: false,
  },
  ...{ discretionaryAmt: 0, goodAfterTime: '', goodTillDate: '', faGroup: '', faMethod: '', faPercentage: '' },
  ...{ modelCode: '', shortSaleSlot: 0, designatedLocation: '', exemptCode: -1, rule80A: '', settlingFirm: '' },
  ...{ allOrNone: false, eTradeOnly: false, firmQuoteOnly: false, overridePercentageConstraints: false },
  ...{ continuousUpdate: 0, optOutSmartRouting: false, clearingAccount: '', clearingIntent: '', notHeld: false },
  ...{ whatIf: false, solicited: false, randomizeSize: false, randomizePrice: false, algoStrategy: '', algoId: '' },
});

/** What keeps an order from being sent to this contract; undefined where nothing does. */
export function orderFault(order: EngineOrder, qualified: QualifiedContract): OrderFault | undefined {
  const { secType, instrument } = qualified;
  if (secType === 'CRYPTO' && order.orderType === 'market' && order.side === 'buy') {
    const message = `IB buys ${instrument.symbol} at the market only for an amount of money: use a limit.`;
    return { reason: 'IBKR_ORDER_NOT_SUPPORTED', message };
  }
  if (order.tif === 'GTD' && !Number.isFinite(order.expiresAt)) {
    return { reason: 'IBKR_ORDER_NOT_SUPPORTED', message: 'A GTD order needs an end.' };
  }
  const fault = gridFault(order, qualified);
  if (fault === undefined) return undefined;
  return {
    reason: 'IBKR_ORDER_OFF_GRID',
    message: `Order ${order.clientOrderId} in ${instrument.symbol} has ${fault}.`,
  };
}

/** The order as IB takes it. To be asked only where {@link orderFault} finds nothing. */
export function ibOrder(order: EngineOrder, qualified: QualifiedContract, place: OrderPlace): IbOrder {
  return {
    ...DEFAULTS,
    action: order.side === 'buy' ? ORDER_ACTION.buy : ORDER_ACTION.sell,
    totalQuantity: order.qty,
    ...pricesOf(order, qualified),
    tif: order.tif,
    goodTillDate: order.tif === 'GTD' ? utcText(order.expiresAt) : '',
    ocaGroup: order.ocoGroup,
    ocaType: order.ocoGroup === '' ? 0 : CANCEL_WITH_BLOCK,
    account: order.account,
    orderRef: orderRefOf(order),
    ...place,
  };
}

/** Fields of an order at IB that a change has to repeat, so that it changes nothing else. */
export function repeatable(told: IbOrder): IbOrder {
  const { action, totalQuantity, orderType, lmtPrice, auxPrice, trailStopPrice, tif, goodTillDate } = told;
  const { ocaGroup, ocaType, account, orderRef, parentId, outsideRth } = told;
  const given = { action, totalQuantity, lmtPrice, auxPrice, trailStopPrice, tif, goodTillDate, ocaGroup, ocaType };
  const rest = { account, orderRef, parentId, outsideRth };
  const known = Object.entries({ ...given, ...rest }).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(known), orderType, transmit: true };
}

/** The order with other terms. A trailing stop keeps the level that IB last told. */
export function changedOrder(current: IbOrder, terms: OrderTerms, qualified: QualifiedContract): IbOrder {
  return { ...current, totalQuantity: terms.qty, ...pricesOf(terms, qualified), transmit: true };
}

/** The model's word for IB's type; those it has no word for are what they do in the end. */
export function engineOrderType(orderType: string, limitPrice: number | undefined): EngineOrderType {
  const known = TYPES_OF_IB.get(orderType);
  if (known !== undefined) return known;
  return limitPrice !== undefined && limitPrice > 0 ? 'limit' : 'market';
}

function pricesOf(
  { orderType, limitPrice, stopPrice, trail }: Pick<EngineOrder, 'orderType' | 'limitPrice' | 'stopPrice' | 'trail'>,
  qualified: QualifiedContract,
): Pick<IbOrder, 'orderType' | 'lmtPrice' | 'auxPrice'> {
  const type = { orderType: TYPES[orderType] };
  const limit = toIbPrice(limitPrice, qualified);
  const stop = toIbPrice(stopPrice, qualified);
  switch (orderType) {
    case 'market':
      return type;
    case 'limit':
      return { ...type, lmtPrice: limit };
    case 'stop':
      return { ...type, auxPrice: stop };
    case 'stop-limit':
      return { ...type, lmtPrice: limit, auxPrice: stop };
    case 'trailing-stop':
      return { ...type, auxPrice: toIbPrice(trail, qualified) };
  }
}
