import type { VenueCapabilities } from '../../interfaces/venue.js';
import type { Instrument } from '../../model/instrument.js';
import type { Order, OrderType } from '../../model/order.js';
import { StepGrid } from '../../model/rounding.js';

/** Why an order is refused before the wire. */
export interface PaperRefusal {
  readonly reason: string;
  readonly message: string;
}

/** What an order is checked against. */
export interface PaperCheckContext {
  readonly capabilities: VenueCapabilities;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly isKnown: (clientOrderId: string) => boolean;
  readonly qtyOf: (symbol: string) => number;
}

/** The prices each type needs. */
const PRICES: Readonly<Record<OrderType, readonly ('limitPrice' | 'stopPrice' | 'trail')[]>> = {
  market: [],
  limit: ['limitPrice'],
  stop: ['stopPrice'],
  'stop-limit': ['limitPrice', 'stopPrice'],
  'trailing-stop': ['trail'],
};

/** The first reason to refuse a group; undefined accepts all of it. */
export function refusalOf(group: readonly Order[], context: PaperCheckContext): PaperRefusal | undefined {
  const ids = new Set(group.map((order) => order.clientOrderId));
  if (ids.size !== group.length) return refusal('PAPER_DUPLICATE_ORDER', 'Two orders of the group have the same id');
  for (const order of group) {
    const found =
      checkDeclared(order, context.capabilities) ??
      checkQuantity(order, context) ??
      checkPrices(order) ??
      checkLinks(order, context, ids) ??
      checkShort(order, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkDeclared(order: Order, capabilities: VenueCapabilities): PaperRefusal | undefined {
  const { orderType, tif } = order;
  if (!capabilities.orderTypes.includes(orderType))
    return refusal('PAPER_UNSUPPORTED', `Order type ${orderType} is not offered`);
  if (!capabilities.timeInForce.includes(tif))
    return refusal('PAPER_UNSUPPORTED', `Time in force ${tif} is not offered`);
  if (order.ocoGroup !== '' && capabilities.oco !== true) return refusal('PAPER_UNSUPPORTED', 'OCO is not offered');
  if (order.parentId !== '' && capabilities.bracket !== true)
    return refusal('PAPER_UNSUPPORTED', 'Brackets are not offered');
  return undefined;
}

function checkQuantity(order: Order, context: PaperCheckContext): PaperRefusal | undefined {
  const instrument = context.instruments.get(order.symbol);
  if (instrument === undefined) return refusal('PAPER_UNKNOWN_SYMBOL', `'${order.symbol}' is not traded here`);
  const inRange = order.qty >= instrument.minQty && order.qty <= instrument.maxQty;
  const onGrid = context.capabilities.fractional === true || new StepGrid(instrument.lotStep).holds(order.qty);
  return inRange && onGrid ? undefined : refusal('PAPER_BAD_QUANTITY', `A quantity of ${order.qty} cannot be traded`);
}

function checkPrices(order: Order): PaperRefusal | undefined {
  const missing = PRICES[order.orderType].find((name) => !Number.isFinite(order[name]));
  if (missing !== undefined) return refusal('PAPER_BAD_PRICE', `A ${order.orderType} order needs ${missing}`);
  if (order.tif === 'GTD' && !Number.isFinite(order.expiresAt))
    return refusal('PAPER_BAD_PRICE', 'GTD needs expiresAt');
  return undefined;
}

function checkLinks(order: Order, context: PaperCheckContext, ids: ReadonlySet<string>): PaperRefusal | undefined {
  if (context.isKnown(order.clientOrderId)) {
    return refusal('PAPER_DUPLICATE_ORDER', `Order ${order.clientOrderId} was sent before`);
  }
  if (order.parentId !== '' && !ids.has(order.parentId)) {
    return refusal('PAPER_UNKNOWN_PARENT', `Parent ${order.parentId} is not in the group`);
  }
  return undefined;
}

function checkShort(order: Order, context: PaperCheckContext): PaperRefusal | undefined {
  const opensShort = order.side === 'sell' && order.parentId === '' && order.qty > context.qtyOf(order.symbol);
  if (context.capabilities.shortSale === true || !opensShort) return undefined;
  return refusal('PAPER_SHORT_SALE', `Selling ${order.qty} of '${order.symbol}' would go short, which is not offered`);
}

function refusal(reason: string, message: string): PaperRefusal {
  return { reason, message: `${message}.` };
}
