// Positions of a strategy on both sides at an instant.
import type { EpochMs } from '@bookrunner/sdk';
import { directionOf, keyOf, movesOf, type SideOrder } from './side-ledger.js';

interface Move {
  readonly ts: EpochMs;
  /** When its order was decided. */
  readonly createdTs: EpochMs;
  readonly qty: number;
}

/** Positions of both sides by time. */
export class PositionGap {
  readonly #session: ReadonlyMap<string, readonly Move[]>;
  readonly #backtest: ReadonlyMap<string, readonly Move[]>;

  constructor(session: readonly SideOrder[], backtest: readonly SideOrder[]) {
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
    const sum = (moves: readonly Move[] | undefined): number =>
      // Quantities are whole steps: what is left of adding them up is not a position.
      Number(
        (moves ?? [])
          .filter(({ ts, createdTs }) => ts < at || (ts === at && (isInclusive || createdTs < at)))
          .reduce((held, { qty }) => held + qty, 0)
          .toFixed(9),
      );
    return { session: sum(this.#session.get(key)), backtest: sum(this.#backtest.get(key)) };
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
