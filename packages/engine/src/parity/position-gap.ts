// Positions of a strategy on both sides at an instant.
import type { EpochMs } from '@bookrunner/sdk';
import { directionOf, keyOf, movesOf, type SideOrder } from './side-ledger.js';

interface Move {
  readonly ts: EpochMs;
  /** When its order was decided. */
  readonly createdTs: EpochMs;
  readonly qty: number;
}

type OrdersByOwner = ReadonlyMap<string, readonly SideOrder[]>;

/** Positions of both sides by time. */
export class PositionGap {
  readonly #session: ReadonlyMap<string, readonly Move[]>;
  readonly #backtest: ReadonlyMap<string, readonly Move[]>;
  readonly #orders: { readonly session: OrdersByOwner; readonly backtest: OrdersByOwner };

  constructor(session: readonly SideOrder[], backtest: readonly SideOrder[]) {
    this.#orders = { session: byOwner(session), backtest: byOwner(backtest) };
    this.#session = movesByOwner(session);
    this.#backtest = movesByOwner(backtest);
  }

  /**
   * What was held when an order was decided at an instant. Orders decided earlier that fill at that very instant count: a venue matches
   * by a bar before strategies are asked about it. Those decided at the instant count where it is inclusive.
   */
  before(
    { strategy, symbol }: SideOrder,
    at: EpochMs,
    isInclusive: boolean,
  ): { readonly session: number; readonly backtest: number } {
    const key = keyOf(strategy, symbol);
    const sum = (moves: readonly Move[] = []): number =>
      total(
        moves
          .filter(({ ts, createdTs }) => ts < at || (ts === at && (isInclusive || createdTs < at)))
          .map(({ qty }) => qty),
      );
    return { session: sum(this.#session.get(key)), backtest: sum(this.#backtest.get(key)) };
  }

  /** The same with all that orders decided before would still fill, but for protection: what a strategy's next order is sent for. */
  wantedBefore(order: SideOrder, at: EpochMs): { readonly session: number; readonly backtest: number } {
    const key = keyOf(order.strategy, order.symbol);
    const { session, backtest } = this.before(order, at, false);
    const atWork = (orders: readonly SideOrder[] = []): number =>
      total(
        orders
          .filter(
            ({ createdTs, endTs, purpose }) =>
              createdTs < at && (endTs ?? Number.POSITIVE_INFINITY) > at && purpose !== 'protection',
          )
          .map((each) => directionOf(each) * Math.max(0, each.qty - filledBefore(each, at))),
      );
    return {
      session: total([session, atWork(this.#orders.session.get(key))]),
      backtest: total([backtest, atWork(this.#orders.backtest.get(key))]),
    };
  }
}

function movesByOwner(orders: readonly SideOrder[]): ReadonlyMap<string, readonly Move[]> {
  const all = new Map<string, Move[]>();
  for (const order of orders) {
    const key = keyOf(order.strategy, order.symbol);
    const own = all.get(key) ?? [];
    for (const { ts, qty } of movesOf(order))
      own.push({ ts, createdTs: order.createdTs, qty: directionOf(order) * qty });
    all.set(key, own);
  }
  return all;
}

function byOwner(orders: readonly SideOrder[]): OrdersByOwner {
  const all = new Map<string, SideOrder[]>();
  for (const order of orders) {
    const key = keyOf(order.strategy, order.symbol);
    all.set(key, [...(all.get(key) ?? []), order]);
  }
  return all;
}

function filledBefore(order: SideOrder, at: EpochMs): number {
  return movesOf(order).reduce((filled, { ts, qty }) => filled + (ts <= at ? qty : 0), 0);
}

/** Quantities are whole steps: what is left of adding them up is not a position. */
function total(quantities: readonly number[]): number {
  return Number(quantities.reduce((sum, qty) => sum + qty, 0).toFixed(9));
}
