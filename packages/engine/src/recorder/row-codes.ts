// The small codes of a row, side by side in one half of a number: what of it each of them takes, and all of them written at once.
import type { Liquidity, OrderPurpose, OrderType, Side, TimeInForce } from '@bookrunner/sdk';
import type { BitRange } from './row-layout.js';

// How far up each begins, the side at the very bottom. Not exported: of what is, even its own module looks the value up at each use.
const ORDER_TYPE = 1;
const TIF = 4;
const PURPOSE = 7;
const LIQUIDITY = 1;
const FEE_CURRENCY = 3;

/** How an order is made. */
export const ORDER_BITS = {
  side: { shift: 0, mask: 1 },
  orderType: { shift: ORDER_TYPE, mask: 7 },
  tif: { shift: TIF, mask: 7 },
  purpose: { shift: PURPOSE, mask: 3 },
} as const satisfies Record<string, BitRange>;

/** How a fill came about. */
export const FILL_BITS = {
  side: { shift: 0, mask: 1 },
  liquidity: { shift: LIQUIDITY, mask: 3 },
} as const satisfies Record<string, BitRange>;

/** Its fee currency has the 29 bits above them: the numbers of a dictionary, which is a Map, end at 2^24. */
export const FEE_CURRENCY_SHIFT = FEE_CURRENCY;

/** The half of a row that says how an order is made. */
export function packOrder(order: {
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
}): number {
  return (
    sideCode(order.side) |
    (orderTypeCode(order.orderType) << ORDER_TYPE) |
    (timeInForceCode(order.tif) << TIF) |
    (purposeCode(order.purpose) << PURPOSE)
  );
}

/** The half of a row that says how a fill came about, and the currency of its fee. */
export function packFill(side: Side, liquidity: Liquidity, feeCurrency: number): number {
  return sideCode(side) | (liquidityCode(liquidity) << LIQUIDITY) | (feeCurrency << FEE_CURRENCY);
}

// Places in the lists of names, written out: comparing known strings is a pointer comparison, searching a list is a call.
function sideCode(side: Side): number {
  return side === 'buy' ? 0 : 1;
}

function liquidityCode(liquidity: Liquidity): number {
  return liquidity === 'taker' ? 2 : liquidity === 'maker' ? 1 : 0;
}

function orderTypeCode(orderType: OrderType): number {
  switch (orderType) {
    case 'market':
      return 0;
    case 'limit':
      return 1;
    case 'stop':
      return 2;
    case 'stop-limit':
      return 3;
    case 'trailing-stop':
      return 4;
  }
}

function timeInForceCode(tif: TimeInForce): number {
  switch (tif) {
    case 'DAY':
      return 0;
    case 'GTC':
      return 1;
    case 'IOC':
      return 2;
    case 'FOK':
      return 3;
    case 'GTD':
      return 4;
  }
}

function purposeCode(purpose: OrderPurpose): number {
  switch (purpose) {
    case 'entry':
      return 0;
    case 'exit':
      return 1;
    case 'protection':
      return 2;
    case 'kill':
      return 3;
  }
}
