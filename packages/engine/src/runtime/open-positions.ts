// What a run leaves open when it ends, and what protects it.
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Kernel } from '../kernel/kernel.js';
import type { OpenPosition } from '../report/run-result.js';

/** Positions held, those of the suspense book included, each with the orders that protect it. */
export function openPositions({ parts }: Kernel): readonly OpenPosition[] {
  return parts.execution.slots.filter(({ heldScaled }) => heldScaled !== 0).map(positionOf);
}

/** `-50 VOD of msft in A`. */
export function positionText({ qty, symbol, strategy, book }: OpenPosition): string {
  return `${qty} ${symbol} of ${strategy} in ${book}`;
}

/** The same, and what protects it. */
export function protectionText(position: OpenPosition): string {
  const { protection } = position;
  const protectedBy = protection.length === 0 ? 'NOT PROTECTED' : `protected by ${protection.join(', ')}`;
  return `${positionText(position)}, ${protectedBy}`;
}

function positionOf(slot: TargetSlot): OpenPosition {
  const { strategy, book, account, instrument, position, protection } = slot;
  return {
    ...{ symbol: instrument.symbol, qty: position.holding.qty, strategy, book, account },
    protection: protection.filter(({ status }) => status !== 'pending-cancel').map(orderText),
  };
}

function orderText({ orderType, leavesQty, limitPrice, stopPrice, trail, status }: OrderRecord): string {
  const price = orderType === 'limit' ? limitPrice : orderType === 'trailing-stop' ? trail : stopPrice;
  const name = orderType === 'limit' ? 'take-profit' : orderType;
  return `${name} of ${leavesQty} at ${price}${status === 'unknown' ? ' (not known)' : ''}`;
}
