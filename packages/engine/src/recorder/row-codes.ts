// The small codes of a row, side by side in one half of a number: what of it each of them takes, and all of them written at once.
import type { Liquidity, OrderPurpose, OrderType, Side, TimeInForce } from '@bookrunner/sdk';
import { liquidityCode, orderTypeCode, purposeCode, sideCode, timeInForceCode } from './record-names.js';
import type { BitRange } from './row-layout.js';

/** How an order is made. */
export const ORDER_BITS = {
  side: { shift: 0, mask: 1 },
  orderType: { shift: 1, mask: 7 },
  tif: { shift: 4, mask: 7 },
  purpose: { shift: 7, mask: 3 },
} as const satisfies Record<string, BitRange>;

/** How a fill came about. */
export const FILL_BITS = {
  side: { shift: 0, mask: 1 },
  liquidity: { shift: 1, mask: 3 },
} as const satisfies Record<string, BitRange>;

/** Its fee currency lies above them: of its number there are 29 bits, and a dictionary, being a Map, has no more than 2^24 texts. */
export const FEE_CURRENCY_SHIFT = 3;

/** The half of a row that says how an order is made. */
export function packOrder(order: {
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
}): number {
  return (
    sideCode(order.side) |
    (orderTypeCode(order.orderType) << ORDER_BITS.orderType.shift) |
    (timeInForceCode(order.tif) << ORDER_BITS.tif.shift) |
    (purposeCode(order.purpose) << ORDER_BITS.purpose.shift)
  );
}

/** The half of a row that says how a fill came about, and the currency of its fee. */
export function packFill(side: Side, liquidity: Liquidity, feeCurrency: number): number {
  return sideCode(side) | (liquidityCode(liquidity) << FILL_BITS.liquidity.shift) | (feeCurrency << FEE_CURRENCY_SHIFT);
}
