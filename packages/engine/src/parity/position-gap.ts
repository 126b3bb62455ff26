// Positions of a strategy on both sides at an instant.
import type { EpochMs } from '@bookrunner/sdk';
import { directionOf, keyOf, movesOf, type SideOrder, workingAt } from './side-ledger.js';

type OrdersByOwner = ReadonlyMap<string, readonly SideOrder[]>;

/** One quantity of each side, signed. */
interface BothSides {
  readonly session: number;
  readonly backtest: number;
}

/** Positions of both sides by time. */
export class PositionGap {
  readonly #session: OrdersByOwner;
  readonly #backtest: OrdersByOwner;

  constructor(session: readonly SideOrder[], backtest: readonly SideOrder[]) {
    this.#session = byOwner(session);
    this.#backtest = byOwner(backtest);
  }

  /**
   * What was held when an order was decided at an instant. Orders decided earlier that fill at that very instant count: a venue matches
   * by a bar before strategies are asked about it. Those decided at the instant count where it is inclusive.
   */
  before(owner: SideOrder, at: EpochMs, isInclusive: boolean): BothSides {
    return this.#sums(owner, (order) =>
      total(
        movesOf(order)
          .filter(({ ts }) => ts < at || (ts === at && (isInclusive || order.createdTs < at)))
          .map(({ qty }) => qty),
      ),
    );
  }

  /** The same with all that orders decided before would still fill, but for protection: what a strategy's next order is sent for. */
  wantedBefore(owner: SideOrder, at: EpochMs): BothSides {
    const held = this.before(owner, at, false);
    const working = this.#sums(owner, (order) =>
      order.createdTs < at && order.purpose !== 'protection' ? workingAt(order, at) : 0,
    );
    return {
      session: total([held.session, working.session]),
      backtest: total([held.backtest, working.backtest]),
    };
  }

  /** Adds up what orders of the same owner come to. */
  #sums({ strategy, symbol }: SideOrder, unitsOf: (order: SideOrder) => number): BothSides {
    const key = keyOf(strategy, symbol);
    const sum = (orders: readonly SideOrder[] = []): number =>
      total(orders.map((order) => directionOf(order) * unitsOf(order)));
    return { session: sum(this.#session.get(key)), backtest: sum(this.#backtest.get(key)) };
  }
}

function byOwner(orders: readonly SideOrder[]): OrdersByOwner {
  const all = new Map<string, SideOrder[]>();
  for (const order of orders) {
    const key = keyOf(order.strategy, order.symbol);
    const own = all.get(key);
    if (own === undefined) all.set(key, [order]);
    else own.push(order);
  }
  return all;
}

/** Quantities are whole steps: what is left of adding them up is not a position. */
function total(quantities: readonly number[]): number {
  return Number(quantities.reduce((sum, qty) => sum + qty, 0).toFixed(9));
}
