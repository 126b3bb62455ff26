import type { OrderRecord, OrderTicket } from './order-record.js';
import type { TargetSlot } from './target-slot.js';
import { slotOf } from './order-desk.js';

/**
 * The live order of another strategy on the same account that a new order could trade with, if any. Orders that wait for a
 * trigger (stops) cannot trade until it comes and do not count; a market order could trade with anything on the other side. Protection
 * that leaves for an exit stands for that exit.
 */
export function findSelfTrade(
  slot: TargetSlot,
  ticket: OrderTicket,
  live: readonly OrderRecord[],
): OrderRecord | undefined {
  // Nobody else trades the instrument.
  if (slot.others.length === 0 || isTriggered(ticket.orderType)) return undefined;
  for (let i = 0; i < live.length; i++) {
    const other = live[i] as OrderRecord;
    const owner = slotOf(other);
    if (owner === slot || other.side === ticket.side || other.account !== slot.account) continue;
    // It is going, and an order that closes the same position follows at once.
    if (owner.isLeaving && other.purpose === 'protection') return other;
    if (isTriggered(other.orderType)) continue;
    if (crosses(ticket, other)) return other;
  }
  return undefined;
}

/** Another strategy on the same account whose exit waits, and that a new order could meet: it comes first, or the two would go in a circle. */
export function findExitInLine(
  { others, account }: TargetSlot,
  ticket: Pick<OrderTicket, 'orderType' | 'side'>,
): TargetSlot | undefined {
  if (others.length === 0 || isTriggered(ticket.orderType)) return undefined;
  for (let i = 0; i < others.length; i++) {
    const other = others[i] as TargetSlot;
    if (!other.isExitInLine || other.account !== account) continue;
    // It buys what is short, at the market.
    if (other.heldScaled < 0 !== (ticket.side === 'buy')) return other;
  }
  return undefined;
}

function isTriggered(orderType: OrderTicket['orderType']): boolean {
  return orderType === 'stop' || orderType === 'stop-limit' || orderType === 'trailing-stop';
}

function crosses(ticket: OrderTicket, other: OrderRecord): boolean {
  if (ticket.orderType === 'market' || other.orderType === 'market') return true;
  return ticket.side === 'buy' ? ticket.limitPrice >= other.limitPrice : ticket.limitPrice <= other.limitPrice;
}
