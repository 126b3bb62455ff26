// Which order of the session is which order of the backtest.
import type { EpochMs } from '@bookrunner/sdk';
import type { SideOrder } from './side-ledger.js';

/** An order of both sides, or of one. */
export interface OrderPair {
  readonly session: SideOrder | undefined;
  readonly backtest: SideOrder | undefined;
}

/**
 * Pairs orders of the same strategy, symbol, side and purpose that were decided after the same bar: those of the very same
 * instant first, then those of the same bar in order. `barMsOf` is the length of a strategy's shortest bar; where it has none by the
 * clock, only equal instants are the same. Every order is in exactly one pair; pairs ascend by instant.
 */
export function matchOrders(
  session: readonly SideOrder[],
  backtest: readonly SideOrder[],
  barMsOf: (strategy: string) => number,
): readonly OrderPair[] {
  const pairs: OrderPair[] = [];
  // What was booked by a decision is no order that the other side could have.
  const sent = session.filter(({ booked }) => booked === undefined);
  const exact = pairBy(sent, backtest, (order) => String(order.createdTs));
  pairs.push(...exact.pairs);
  const sameBar = pairBy(exact.session, exact.backtest, (order) => barKey(order, barMsOf(order.strategy)));
  pairs.push(...sameBar.pairs);
  const alone = [...sameBar.session, ...session.filter(({ booked }) => booked !== undefined)];
  for (const order of alone) pairs.push({ session: order, backtest: undefined });
  for (const order of sameBar.backtest) pairs.push({ session: undefined, backtest: order });
  return pairs.toSorted((a, b) => instantOf(a) - instantOf(b) || sequenceOf(a) - sequenceOf(b));
}

/** When a pair was first decided. */
export function instantOf({ session, backtest }: OrderPair): EpochMs {
  return Math.min(session?.createdTs ?? Number.POSITIVE_INFINITY, backtest?.createdTs ?? Number.POSITIVE_INFINITY);
}

/** The order of a pair, for what both sides share. */
export function orderOfPair({ session, backtest }: OrderPair): SideOrder {
  return (session ?? backtest) as SideOrder;
}

function sequenceOf({ session, backtest }: OrderPair): number {
  return (backtest ?? session)?.sequence ?? 0;
}

function barKey({ createdTs, sequence }: SideOrder, barMs: number): string {
  return Number.isFinite(barMs) ? `bar ${Math.floor(createdTs / barMs)}` : `${createdTs} ${sequence}`;
}

function pairBy(
  session: readonly SideOrder[],
  backtest: readonly SideOrder[],
  placeOf: (order: SideOrder) => string,
): { readonly pairs: OrderPair[]; readonly session: SideOrder[]; readonly backtest: SideOrder[] } {
  const waiting = new Map<string, SideOrder[]>();
  const key = (order: SideOrder): string =>
    JSON.stringify([order.strategy, order.symbol, order.side, order.purpose, placeOf(order)]);
  for (const order of backtest) waiting.set(key(order), [...(waiting.get(key(order)) ?? []), order]);
  const pairs: OrderPair[] = [];
  const left: SideOrder[] = [];
  for (const order of session) {
    const other = waiting.get(key(order))?.shift();
    if (other === undefined) left.push(order);
    else pairs.push({ session: order, backtest: other });
  }
  return { pairs, session: left, backtest: [...waiting.values()].flat() };
}
