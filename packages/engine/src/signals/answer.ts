import type { EntryInstruction, ProtectInstruction, SignalAnswer, TargetPosition } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { WishMeasure } from '../execution/wish.js';

/** An answer that nothing can be done with. */
export interface InvalidAnswer {
  /** What was wrong. */
  readonly invalid: string;
  /** The target that was wrong, where it was one. */
  readonly target?: TargetPosition;
  /** The symbol that the strategy does not declare, where it was that. */
  readonly undeclared?: string;
}

/** What may be wished for a symbol: a share, a target, or nothing new. */
const WISHES: ReadonlySet<string> = new Set(['number', 'object', 'undefined']);
const TIMES_IN_FORCE: readonly unknown[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'];

/** What taking an answer changed in a slot. */
export type AnswerEffect = 'unchanged' | 'orders' | 'size' | InvalidAnswer;

/** Whether an object answer is one target, not a record of them by symbol. */
export function isTargetPosition(answer: object): answer is TargetPosition {
  return 'share' in answer || 'units' in answer || 'weight' in answer;
}

/** Takes a number: the share of the allocation, without entry price or protection. */
export function takeShare(slot: TargetSlot, share: number): AnswerEffect {
  if (slot.isFlattening || share === slot.plainShare) return 'unchanged';
  if (!(share >= -1 && share <= 1)) return { invalid: `answered ${share}; a share lies between -1 and 1` };
  if (slot.isPlain) return turnShare(slot, share);
  return settle(slot, { measure: 'share', wish: share, entry: undefined, protect: undefined, rebalance: false });
}

// Written out, since the comparison with a known text is one of two pointers, and a look into a set is a call.
function isTargetField(field: string): boolean {
  const isMeasure = field === 'share' || field === 'units' || field === 'weight';
  return isMeasure || field === 'protect' || field === 'entry' || field === 'rebalance';
}
function isEntryField(field: string): boolean {
  return field === 'limit' || field === 'stop' || field === 'tif' || field === 'expiresAt';
}
function isProtectField(field: string): boolean {
  return field === 'stop' || field === 'takeProfit' || field === 'trail';
}

/** A field of a target nobody reads: a stop with a typo in its name would else be no stop. */
function unknownField(target: TargetPosition): string | undefined {
  for (const field in target) if (!isTargetField(field) && Object.hasOwn(target, field)) return field;
  for (const field in target.entry) if (!isEntryField(field)) return field;
  for (const field in target.protect) if (!isProtectField(field)) return field;
  return undefined;
}

function isNoPrice(price: number | undefined): boolean {
  return price !== undefined && !Number.isFinite(price);
}

function isNoObject(part: unknown): boolean {
  return part !== undefined && (typeof part !== 'object' || Array.isArray(part));
}

/** What is wrong with the kinds of a target's parts: a stop that is said in another way than it is read would else be no stop. */
function kindFault({ entry, protect, rebalance }: TargetPosition): string | undefined {
  if (isNoObject(protect)) return 'answered with a protect that is no object of stop, takeProfit and trail';
  if (isNoObject(entry)) return 'answered with an entry that is no object of limit, stop, tif and expiresAt';
  if (rebalance !== undefined && typeof rebalance !== 'boolean')
    return 'answered with a rebalance that is neither true nor false';
  const tif = entry?.tif;
  if (tif === undefined) return undefined;
  if (!TIMES_IN_FORCE.includes(tif)) return `answered with the unknown entry.tif '${String(tif)}'`;
  const hasExpiry = Number.isFinite(entry?.expiresAt);
  return tif === 'GTD' && !hasExpiry ? 'answered with entry.tif GTD without an expiresAt' : undefined;
}

/** What is wrong with the fields and prices of a target; undefined if nothing is. */
function faultOf(target: TargetPosition): string | undefined {
  const unknown = unknownField(target);
  if (unknown !== undefined) return `answered with the unknown field '${unknown}'`;
  const { entry, protect } = target;
  const isEntryOff = isNoPrice(entry?.limit) || isNoPrice(entry?.stop);
  if (isEntryOff || isNoPrice(protect?.stop) || isNoPrice(protect?.takeProfit) || isNoPrice(protect?.trail))
    return 'answered with a price of entry or protect that is not finite';
  if (protect?.trail !== undefined && protect.trail <= 0) return 'answered with a protect.trail that is not above 0';
  return undefined;
}

/** The one measure that a target names; undefined where it names none or several. */
function measureOf({ share, units, weight }: TargetPosition): Exclude<WishMeasure, 'none'> | undefined {
  if (share !== undefined) return units === undefined && weight === undefined ? 'share' : undefined;
  if (units !== undefined) return weight === undefined ? 'units' : undefined;
  return weight === undefined ? undefined : 'weight';
}

function wishOf({ share, units, weight }: TargetPosition, measure: WishMeasure): number {
  return (measure === 'share' ? share : measure === 'units' ? units : weight) as number;
}

/** Takes the long form. */
export function takeTarget(slot: TargetSlot, target: TargetPosition): AnswerEffect {
  if (slot.isFlattening) return 'unchanged';
  const kind = kindFault(target);
  if (kind !== undefined) return { invalid: kind };
  const fault = faultOf(target);
  if (fault !== undefined) return { invalid: fault, target };
  const measure = measureOf(target);
  if (measure === undefined)
    return { invalid: 'answered with a target that has not exactly one of share, units and weight' };
  const wish = wishOf(target, measure);
  if (!Number.isFinite(wish)) return { invalid: `answered ${measure} ${wish}` };
  if (measure === 'share' && Math.abs(wish) > 1) return { invalid: `answered ${wish}; a share lies between -1 and 1` };
  return settle(slot, {
    measure,
    wish,
    entry: target.entry,
    protect: target.protect,
    rebalance: target.rebalance === true,
  });
}

/** The answers of all symbols of a record, or of the primary symbol. */
export function takeAnswer(slots: readonly TargetSlot[], primary: TargetSlot, answer: SignalAnswer): AnswerEffect {
  if (answer === undefined) return 'unchanged';
  if (typeof answer === 'number') return takeShare(primary, answer);
  if (typeof answer !== 'object' || answer === null) return { invalid: `answered a ${typeof answer}` };
  if (isTargetPosition(answer)) return takeTarget(primary, answer);
  if (Array.isArray(answer) || 'then' in answer) return { invalid: 'answered a list or a promise' };
  for (const [symbol, wish] of Object.entries(answer as Readonly<Record<string, unknown>>)) {
    if (!slots.some((slot) => slot.instrument.symbol === symbol))
      return { invalid: `answered for '${symbol}', which it does not declare`, undeclared: symbol };
    if (wish === null || !WISHES.has(typeof wish))
      return { invalid: `answered for '${symbol}' with ${wish === null ? 'null' : `a ${typeof wish}`}` };
  }
  return 'unchanged';
}

/** What {@link settle} does from one plain share to another, which is nearly every change of mind: nothing but the share is to be compared. */
function turnShare(slot: TargetSlot, share: number): AnswerEffect {
  slot.isSettled = false;
  slot.turnTo(Math.sign(share));
  slot.wantShare(share);
  slot.isWaiting = false;
  return 'size';
}

function settle(
  slot: TargetSlot,
  next: {
    measure: WishMeasure;
    wish: number;
    entry: EntryInstruction | undefined;
    protect: ProtectInstruction | undefined;
    rebalance: boolean;
  },
): AnswerEffect {
  const isSameWish = slot.measure === next.measure && slot.wish === next.wish;
  // Mostly there is none. Compared here: as a call it is one at each answer.
  const isSameEntry = slot.entry === next.entry || equalEntry(slot.entry, next.entry);
  const isSameProtect = slot.protect === next.protect || equalProtect(slot.protect, next.protect);
  slot.isSettled = false;
  slot.turnTo(Math.sign(next.wish));
  slot.want(next.measure, next.wish);
  // Copies: a strategy may answer one object again and again, with other prices.
  if (!isSameEntry) slot.entry = next.entry && { ...next.entry };
  if (!isSameProtect) slot.protect = next.protect && { ...next.protect };
  if (!isSameProtect) slot.isProtectionRefused = false;
  if (!isSameEntry) {
    slot.isEntryStale = true;
    slot.isWaiting = false;
  }
  if (!isSameWish || next.rebalance) {
    slot.isWaiting = false;
    return 'size';
  }
  return isSameEntry && isSameProtect ? 'unchanged' : 'orders';
}

function equalEntry(a: EntryInstruction | undefined, b: EntryInstruction | undefined): boolean {
  return a?.limit === b?.limit && a?.stop === b?.stop && a?.tif === b?.tif && a?.expiresAt === b?.expiresAt;
}

function equalProtect(a: ProtectInstruction | undefined, b: ProtectInstruction | undefined): boolean {
  return a?.stop === b?.stop && a?.takeProfit === b?.takeProfit && a?.trail === b?.trail;
}
