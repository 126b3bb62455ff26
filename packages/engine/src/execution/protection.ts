import type { EpochMs, OrderChange, OrderType, ProtectInstruction } from '@bookrunner/sdk';
import { HOLD } from './hold.js';
import { isEntry, type OrderDesk } from './order-desk.js';
import type { OrderRecord, OrderTicket } from './order-record.js';
import { findExitInLine, findSelfTrade } from './self-trade.js';
import type { TargetSlot } from './target-slot.js';

/** A leg of protection under construction; one object is reused, the desk copies it. */
class MutableLeg implements OrderTicket {
  side: 'buy' | 'sell' = 'sell';
  qtyScaled = 0;
  orderType: OrderType = 'stop';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  trail = Number.NaN;
  readonly tif = 'GTC';
  readonly expiresAt = Number.NaN;
  readonly purpose = 'protection';
}

const stopLeg = new MutableLeg();
const targetLeg = new MutableLeg();

/**
 * Brings the protection of a slot in line with its position: sent as OCO when there is a position and none is working, resized or
 * moved when quantity or prices differ, cancelled at flat. Works for one step: where a cancel or replace is needed, the rest
 * follows when its report has come.
 */
export function syncProtection(slot: TargetSlot, desk: OrderDesk, options: { at: EpochMs; canReplace: boolean }): void {
  const { instruction: protect } = slot;
  // Nobody knows any more what it was to be: what protects the position keeps its prices.
  if (protect === undefined && isReversing(slot)) return resizeAll(slot, desk, options.canReplace);
  const held = coveredScaled(slot);
  if (held === 0 || protect === undefined || legsOf(protect) === 0) return cancelAll(slot, desk);
  const working = slot.protection;
  const isToSend = !slot.isProtectionRefused && !hasItsLegs(slot, desk, protect);
  if (working.length === 0) {
    if (isToSend) send(slot, desk, protect, { at: options.at, scaled: Math.abs(held) });
    return;
  }
  // In an outage what is cancelled may not be replaced.
  if ((isToSend && !slot.isVenueOut) || working.some((order) => !isClosing(slot, order))) return cancelAll(slot, desk);
  for (let i = working.length - 1; i >= 0; i--) adjust(slot, desk, working[i] as OrderRecord, options.canReplace);
}

/** Sends the protection of a position that has none, for a part of it: so many scaled units, unsigned. */
export function protectPart(slot: TargetSlot, desk: OrderDesk, { at, scaled }: { at: EpochMs; scaled: number }): void {
  const { instruction: protect } = slot;
  if (protect === undefined || legsOf(protect) === 0 || slot.isProtectionRefused) return;
  if (!hasItsLegs(slot, desk, protect)) send(slot, desk, protect, { at, scaled });
}

/** How many orders the protection is: a stop, a target, or both. */
function legsOf(protect: ProtectInstruction | undefined): number {
  return protect === undefined ? 0 : stopsOf(protect) + targetsOf(protect);
}

function stopsOf({ stop, trail }: ProtectInstruction): number {
  return stop === undefined && trail === undefined ? 0 : 1;
}

function targetsOf({ takeProfit }: ProtectInstruction): number {
  return takeProfit === undefined ? 0 : 1;
}

/** Whether the orders at work are those of the instruction; its target may be away for another strategy's order. */
function hasItsLegs(slot: TargetSlot, desk: OrderDesk, protect: ProtectInstruction): boolean {
  let stops = 0;
  let targets = 0;
  for (const { orderType } of slot.protection) {
    if (orderType === 'limit') targets += 1;
    else stops += 1;
  }
  const hasStops = stops === stopsOf(protect);
  if (hasStops && targets === targetsOf(protect)) return true;
  return isTargetBlocked(slot, desk, protect) && hasStops && targets === 0;
}

/** Whether the instruction asks for an order of this kind. */
function isOf(protect: ProtectInstruction, { orderType }: OrderRecord): boolean {
  return (orderType === 'limit' ? targetsOf(protect) : stopsOf(protect)) > 0;
}

/**
 * What protection has to cover: the position without the part that a working order takes off already, or both could fill. An entry
 * at a price may rest for ever, so it takes nothing off; but where it leads to the other side, it and protection together may trade
 * no more than that takes.
 */
export function coveredScaled(slot: TargetSlot): number {
  const { heldScaled: held, targetScaled: target, workingScaled: working } = slot;
  if (working === 0 || held > 0 === working > 0) return held;
  let rest = leftScaled(slot);
  if (isReversing(slot)) rest = Math.min(rest, Math.abs(held - target) - Math.abs(working));
  return rest <= 0 ? 0 : Math.sign(held) * rest;
}

/** Units of the position that no order at the market takes off already; negative where such orders turn it round. */
function leftScaled({ heldScaled: held, entries }: TargetSlot): number {
  let left = Math.abs(held);
  for (const order of entries) {
    if (!isResting(order) && order.direction > 0 !== held > 0) left -= order.qtyScaled - order.filledScaled;
  }
  return left;
}

/** Whether resting entries take so much of what a reversal may trade that the position has no place for all of the protection it should have. */
export function isCrowdedOut(slot: TargetSlot): boolean {
  if (!isReversing(slot) || slot.isProtectionRefused || legsOf(slot.instruction) === 0) return false;
  const { state } = slot;
  const isShort = state.tradableScaled(Math.abs(coveredScaled(slot))) < state.tradableScaled(leftScaled(slot));
  return isShort && slot.entries.some(isResting);
}

/** Units, unsigned, that a reversal at a price leaves to protection: what that covers, or is to cover once nothing is in its way. */
export function reservedScaled(slot: TargetSlot): number {
  // An exit at the market may be larger than what is held by now.
  let reserved = slot.isProtectionRefused || legsOf(slot.instruction) === 0 ? 0 : Math.max(0, leftScaled(slot));
  for (const order of slot.protection) reserved = Math.max(reserved, order.qtyScaled - order.filledScaled);
  return reserved;
}

/** Whether an order may wait for its price for ever. */
export function isResting(order: OrderRecord): boolean {
  return isEntry(order) && order.orderType !== 'market';
}

/** Whether what is left of an order protects as much of the position as whole lots can. */
export function isCovered(slot: TargetSlot, order: OrderRecord): boolean {
  return slot.state.isAsMuch(order.qtyScaled - order.filledScaled, Math.abs(coveredScaled(slot)));
}

/** Whether protection would be sent again as it was: it is all there is to protect, or, where that is frozen, what its broker has of it. */
export function comesAgain(slot: TargetSlot, order: OrderRecord): boolean {
  return (slot.holds & HOLD.frozen) !== 0 || isCovered(slot, order);
}

/** Whether what is left of an order is more than there is to protect: it could open a position. */
export function isTooLarge(slot: TargetSlot, order: OrderRecord): boolean {
  if (order.purpose !== 'protection') return false;
  const closes = isClosing(slot, order) ? Math.abs(coveredScaled(slot)) : 0;
  return order.qtyScaled - order.filledScaled > closes;
}

/** Whether an order takes something off the position: where both orders of a pair have filled, the rest of one would add to it. */
export function isClosing({ heldScaled: held }: TargetSlot, { direction }: OrderRecord): boolean {
  return held !== 0 && direction > 0 !== held > 0;
}

/** Quantity at which an order has so much left, in whole lots; 0 where nothing would be left. */
function qtyLeaving(left: number, { state }: TargetSlot, { filledScaled }: OrderRecord): number {
  const qtyScaled = state.tradableScaled(left + filledScaled);
  return qtyScaled > filledScaled ? qtyScaled : 0;
}

/** Brings the quantity of working protection in line with the position, at the prices it has. What would add to the position goes. */
function resizeAll(slot: TargetSlot, desk: OrderDesk, canReplace: boolean): void {
  for (let i = slot.protection.length - 1; i >= 0; i--) {
    const order = slot.protection[i] as OrderRecord;
    if (isClosing(slot, order)) resize(slot, desk, order, canReplace);
    else desk.cancel(order);
  }
}

function resize(slot: TargetSlot, desk: OrderDesk, order: OrderRecord, canReplace: boolean): void {
  if (isCovered(slot, order)) return;
  const qtyScaled = qtyLeaving(Math.abs(coveredScaled(slot)), slot, order);
  if (qtyScaled === 0 || !canReplace || slot.isReplaceRefused) takeOff(slot, desk, order);
  else desk.replace(order, { qty: slot.state.units(qtyScaled) });
}

/** Whether the take-profit could trade with another strategy's order, or with an exit that waits: it then stays away until that one is gone, the stop works. */
function isTargetBlocked(slot: TargetSlot, desk: OrderDesk, protect: ProtectInstruction): boolean {
  const isToCheck = protect.takeProfit !== undefined && slot.others.length > 0;
  slot.isBlocked = isToCheck && isInTheWay(slot, desk, fillTarget(slot, protect));
  return slot.isBlocked;
}

function isInTheWay(slot: TargetSlot, desk: OrderDesk, leg: MutableLeg): boolean {
  const { instrumentIndex } = slot;
  if (findSelfTrade(slot, leg, desk.liveOf(instrumentIndex)) !== undefined) return true;
  return findExitInLine(slot, leg) !== undefined;
}

/** Whether the wish lies on the other side of the position. */
function isReversing({ heldScaled: held, targetScaled: target }: TargetSlot): boolean {
  return held > 0 ? target < 0 : held < 0 && target > 0;
}

function adjust(slot: TargetSlot, desk: OrderDesk, order: OrderRecord, canReplace: boolean): void {
  const protect = slot.instruction as ProtectInstruction;
  // Given up by the answer, and not to be cancelled yet: it keeps its price.
  if (!isOf(protect, order)) return resize(slot, desk, order, canReplace);
  const leg = order.orderType === 'limit' ? fillTarget(slot, protect) : fillStop(slot, protect);
  const isSameType = order.orderType === leg.orderType;
  const isTrailing = leg.orderType === 'trailing-stop';
  const isSamePrice =
    isSameType &&
    same(order.limitPrice, leg.limitPrice) &&
    (isTrailing
      ? slot.state.isDistance(order.trail, protect.trail ?? Number.NaN)
      : same(order.stopPrice, leg.stopPrice));
  const isSameQuantity = isCovered(slot, order);
  if (isSamePrice && isSameQuantity) return;
  // No venue takes a new distance for a working order; a new quantity alone keeps the level a trailing stop has reached.
  const isReplaceable = isSameType && (!isTrailing || isSamePrice);
  const left = isSameQuantity ? order.qtyScaled - order.filledScaled : Math.abs(coveredScaled(slot));
  const qtyScaled = qtyLeaving(left, slot, order);
  if (qtyScaled === 0 || !canReplace || slot.isReplaceRefused || !isReplaceable) return takeOff(slot, desk, order);
  desk.replace(order, { qty: slot.state.units(qtyScaled), ...pricesOf(leg) });
}

/** Cancels what is then sent anew. In an outage nothing may come after it: there it stays as it is, unless it is too large. */
function takeOff(slot: TargetSlot, desk: OrderDesk, order: OrderRecord): void {
  if (!slot.isVenueOut || isTooLarge(slot, order)) desk.cancel(order);
}

/** The price a replace names; none for a trailing stop, whose level is the venue's. */
function pricesOf({ orderType, limitPrice, stopPrice }: MutableLeg): OrderChange {
  if (orderType === 'trailing-stop') return {};
  return orderType === 'limit' ? { limitPrice } : { stopPrice };
}

function send(
  slot: TargetSlot,
  desk: OrderDesk,
  protect: ProtectInstruction,
  { at, scaled }: { at: EpochMs; scaled: number },
): void {
  slot.isReplaceRefused = false;
  const qtyScaled = slot.state.tradableScaled(scaled);
  if (qtyScaled === 0) return;
  const make = (leg: MutableLeg): OrderRecord => {
    leg.qtyScaled = qtyScaled;
    return desk.make(slot, leg, at);
  };
  const stop = stopsOf(protect) > 0 ? make(fillStop(slot, protect)) : undefined;
  const target = protect.takeProfit === undefined || slot.isBlocked ? undefined : make(fillTarget(slot, protect));
  if (stop !== undefined) desk.send(stop, target);
  else if (target !== undefined) desk.send(target);
}

// Legs but for their quantity, which the position says: what they are compared by is type, side and prices.
function fillStop(slot: TargetSlot, protect: ProtectInstruction): MutableLeg {
  const leg = stopLeg;
  const isTrailing = protect.trail !== undefined;
  leg.side = slot.heldScaled > 0 ? 'sell' : 'buy';
  leg.orderType = isTrailing ? 'trailing-stop' : 'stop';
  leg.trail = isTrailing ? slot.state.roundDistance(protect.trail, slot.state.price) : Number.NaN;
  leg.stopPrice = protect.stop === undefined ? Number.NaN : slot.state.roundPrice(protect.stop);
  return leg;
}

function fillTarget(slot: TargetSlot, protect: ProtectInstruction): MutableLeg {
  const leg = targetLeg;
  leg.side = slot.heldScaled > 0 ? 'sell' : 'buy';
  leg.orderType = 'limit';
  leg.limitPrice = slot.state.roundPrice(protect.takeProfit ?? Number.NaN);
  leg.stopPrice = Number.NaN;
  return leg;
}

function cancelAll(slot: TargetSlot, desk: OrderDesk): void {
  for (let i = slot.protection.length - 1; i >= 0; i--) desk.cancel(slot.protection[i] as OrderRecord);
}

/** Equal numbers, NaN equal to itself. */
export function same(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}
