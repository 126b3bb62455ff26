// What the gateway refuses, and with which code. Texts are those of TWS as far as they are known.
import { StepGrid } from '@bookrunner/sdk';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import type { WireOrder } from '../../wire/requests.js';
import { incrementAt, isTradable } from '../instruments/instrument-definition.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import { parseInstant } from '../wall-clock.js';

/** A refusal. With `isRejection` the order is known and becomes Inactive; otherwise only the error is told. */
export interface OrderFault {
  readonly code: number;
  readonly message: string;
  readonly isRejection?: boolean;
}

/** What the checks know beside the order. */
export interface CheckFacts {
  readonly instrument: InstrumentDefinition;
  readonly accounts: readonly string[];
  readonly timeZone: string;
  readonly fractionalShares: boolean;
  readonly maxOrderSize: number;
}

const ORDER_TYPES = new Set(['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT', 'MOC', 'LOC']);
const TIMES_IN_FORCE = new Set(['', 'DAY', 'GTC', 'IOC', 'FOK', 'GTD', 'OPG']);
const LIMIT_TYPES = new Set(['LMT', 'STP LMT', 'LIT', 'LOC']);
const STOP_TYPES = new Set(['STP', 'STP LMT', 'MIT', 'LIT']);
const PRICE_STEP = 'The price does not conform to the minimum price variation for this contract.';

/** Larger ones do not fit the exact amounts; nobody trades them. */
export const MOST_UNITS = 50_000_000;
const MOST_PRICE = 10_000_000;

/** The first thing wrong with an order; undefined where nothing is. */
export function orderFault(order: WireOrder, facts: CheckFacts): OrderFault | undefined {
  return accountFault(order, facts) ?? kindFault(order, facts) ?? sizeFault(order, facts) ?? priceFault(order, facts);
}

function accountFault({ account }: WireOrder, { accounts }: CheckFacts): OrderFault | undefined {
  if (account === '' && accounts.length > 1) return { code: 435, message: 'You must specify an account.' };
  if (account === '' || accounts.includes(account)) return undefined;
  return { code: 321, message: "Error validating request.-'b9' : cause - Invalid account code" };
}

function kindFault(order: WireOrder, { instrument, timeZone }: CheckFacts): OrderFault | undefined {
  const { orderType, tif, goodTillDate } = order;
  if (!isTradable(instrument)) return { code: 200, message: 'No security definition has been found for the request' };
  if (!ORDER_TYPES.has(orderType)) {
    return { code: 387, message: 'Unsupported order type for this exchange and security type.' };
  }
  // An order that waited for nothing would be worse than none.
  if ((order.conditions ?? []).length > 0) return rejection('The simulator takes no orders with conditions.');
  if (!TIMES_IN_FORCE.has(tif)) return rejection(`Invalid time in force: ${tif}`);
  if (tif === 'GTD' && Number.isNaN(parseInstant(goodTillDate, timeZone))) {
    return {
      code: 391,
      message: 'The time or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx',
    };
  }
  return undefined;
}

function sizeFault(order: WireOrder, facts: CheckFacts): OrderFault | undefined {
  const { instrument, maxOrderSize } = facts;
  if (isByCash(order, instrument)) return undefined;
  const qty = order.totalQuantity;
  if (qty === 0 && order.cashQty > 0 && order.cashQty < UNSET_DOUBLE) {
    const { orderType } = order;
    return { code: 10244, message: `Cash Quantity cannot be used for this order: ${orderType} ${instrument.secType}.` };
  }
  if (!(qty > 0)) return { code: 434, message: 'The order size cannot be zero.' };
  if (instrument.secType === 'CRYPTO' && order.action === 'BUY' && order.orderType === 'MKT') {
    return rejection('Market buy orders of crypto are given by cash quantity.');
  }
  if (qty > Math.min(maxOrderSize, MOST_UNITS))
    return rejection('The order size exceeds the limit of your account settings.');
  return incrementFault(qty, facts);
}

function incrementFault(qty: number, { instrument, fractionalShares }: CheckFacts): OrderFault | undefined {
  const { secType, minSize = 0, sizeIncrement = 1 } = instrument;
  if (!Number.isInteger(qty) && secType === 'STK' && !fractionalShares) {
    return {
      code: 10243,
      message: 'Fractional-sized order cannot be placed via API. Please refer to desktop TWS to place this order.',
    };
  }
  const isOff = !new StepGrid(sizeIncrement).holds(qty) || qty < minSize;
  return isOff ? { code: 355, message: 'Order size does not conform to market rule.' } : undefined;
}

function rejection(reason: string): OrderFault {
  return { code: 201, message: `Order rejected - reason:${reason}`, isRejection: true };
}

/** Whether the size is given in money. */
export function isByCash({ cashQty, totalQuantity }: WireOrder, { secType }: InstrumentDefinition): boolean {
  const isAllowed = secType === 'CRYPTO' || secType === 'CASH';
  return isAllowed && cashQty > 0 && cashQty < UNSET_DOUBLE && !(totalQuantity > 0);
}

function priceFault(order: WireOrder, { instrument }: CheckFacts): OrderFault | undefined {
  const { orderType, trailStopPrice } = order;
  const needed = neededPrices(order);
  if (needed.some((price) => !isGiven(price))) {
    return { code: 321, message: `Error validating request.-'b9' : cause - Missing or invalid price for ${orderType}` };
  }
  const isTrail = orderType.startsWith('TRAIL');
  if (isTrail && !isAboveZero(order.auxPrice) && !isAboveZero(order.trailingPercent)) {
    return { code: 321, message: "Error validating request.-'b9' : cause - Trailing amount or percentage is missing" };
  }
  const prices = isTrail && isAboveZero(trailStopPrice) ? [...needed, trailStopPrice] : needed;
  const given = [...prices, order.auxPrice, order.trailingPercent].filter(isGiven);
  if (given.some((price) => Math.abs(price) > MOST_PRICE)) {
    return {
      code: 109,
      message: 'Price is out of the range defined by the Percentage setting at order defaults frame.',
    };
  }
  // The price of a combination is a difference: it may be anything.
  const isBelow = instrument.secType !== 'BAG' && prices.some((price) => price <= 0);
  const isOff = prices.some((price) => !new StepGrid(incrementAt(instrument, price)).holds(price));
  return isBelow || isOff ? { code: 110, message: PRICE_STEP } : undefined;
}

function neededPrices({ orderType, lmtPrice, auxPrice }: WireOrder): readonly number[] {
  return [...(LIMIT_TYPES.has(orderType) ? [lmtPrice] : []), ...(STOP_TYPES.has(orderType) ? [auxPrice] : [])];
}

function isGiven(price: number): boolean {
  return Number.isFinite(price) && price < UNSET_DOUBLE;
}

function isAboveZero(price: number): boolean {
  return isGiven(price) && price > 0;
}

/** The order named by the id is another one. */
export const OTHER_ORDER: OrderFault = { code: 105, message: 'Order being modified does not match original order.' };

/** What a change may not change. */
export function modifyFault(before: WireOrder, after: WireOrder): OrderFault | undefined {
  const isSame = before.action === after.action && (after.account === '' || before.account === after.account);
  return isSame ? undefined : OTHER_ORDER;
}
