// Facts of a pair of orders that tell why it differs.
import type { EpochMs } from '@bookrunner/sdk';
import type { OrderPair } from './match-orders.js';
import { filledOf, movesOf, type SideOrder, workingAt } from './side-ledger.js';

/** When how much of either was known to be filled. */
export function movesOfPair({ session, backtest }: OrderPair): ReturnType<typeof movesOf> {
  return [session, backtest].flatMap((order) => (order === undefined ? [] : movesOf(order)));
}

/** In how many parts an order filled; undefined where there is no other side, or it is the same on both. */
export function partsOf({ session, backtest }: OrderPair): string | undefined {
  const mine = session?.fills.length ?? 0;
  const other = backtest?.fills.length ?? 0;
  if (mine === 0 || other === 0 || mine === other) return undefined;
  return `in ${mine} ${mine === 1 ? 'part' : 'parts'} in the session and in ${other} in the backtest`;
}

/** Whether anything of either was ever filled. */
export function hasFills(pair: OrderPair): boolean {
  return movesOfPair(pair).length > 0;
}

/** Whether both sides sent it. */
export function hasBoth({ session, backtest }: OrderPair): boolean {
  return session !== undefined && backtest !== undefined;
}

/** Whether both sides paid the same for what they filled. */
export function hasSameFeeRate({ session, backtest }: OrderPair): boolean {
  if (session === undefined || backtest === undefined) return true;
  const rates = [session, backtest].map(({ fills }) => ({
    perValue: total(fills, ({ fee }) => fee) / total(fills, ({ qty, price }) => qty * price),
    perUnit: total(fills, ({ fee }) => fee) / total(fills, ({ qty }) => qty),
  }));
  const [a, b] = rates as [(typeof rates)[number], (typeof rates)[number]];
  // A fee may be per value, per unit, or absent because nothing was filled.
  return (
    Number.isNaN(a.perUnit) || Number.isNaN(b.perUnit) || near(a.perValue, b.perValue) || near(a.perUnit, b.perUnit)
  );
}

/** Whether the session's order had ended before another like it, and the backtest's goes on. */
export function isEndedOf({ session: first, backtest }: OrderPair, next: SideOrder): boolean {
  if (first?.endTs === undefined || first.endTs > next.createdTs) return false;
  // An order that its strategy took back makes room for no other, unlike protection.
  const isOfVenue = first.purpose === 'protection' || first.end === 'rejected' || first.end === 'refused';
  const isAlike =
    isOfVenue && first.purpose === next.purpose && first.side === next.side && first.orderType === next.orderType;
  return isAlike && (backtest === undefined || workingAt(backtest, next.createdTs) > 0);
}

/** Whether the backtest alone has such an order at work. */
export function isHeldBackOf({ session, backtest }: OrderPair, next: SideOrder): boolean {
  if (session !== undefined || backtest === undefined) return false;
  const isAlike =
    backtest.purpose === next.purpose && backtest.side === next.side && backtest.orderType === next.orderType;
  return isAlike && backtest.createdTs < next.createdTs && workingAt(backtest, next.createdTs) > 0;
}

/** Whether either of a pair was still at work at an instant. */
export function isAnyAtWork({ session, backtest }: OrderPair, at: EpochMs): boolean {
  return [session, backtest].some((order) => order !== undefined && workingAt(order, at) > 0);
}

/** Whether the session's exit ended with less than the backtest's, when protection took its place. */
export function isExitThatFailed(
  { session: exit, backtest }: OrderPair,
  { purpose, side, createdTs }: SideOrder,
): boolean {
  if (exit === undefined || backtest === undefined || purpose !== 'protection' || exit.side !== side) return false;
  const isExit = exit.purpose !== 'protection' && exit.purpose !== 'entry';
  return isExit && exit.endTs === createdTs && filledOf(exit).qty < filledOf(backtest).qty;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

function total<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
