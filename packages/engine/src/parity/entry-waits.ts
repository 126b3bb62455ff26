// An order that took an entry's place: it goes out once that is off, which takes its time at a broker and none in a backtest.
import type { EpochMs } from '@bookrunner/sdk';
import { orderOfPair, type OrderPair } from './match-orders.js';
import type { SideOrder } from './side-ledger.js';
import type { SideWait } from './side-waits.js';

const ALIKE = ['strategy', 'symbol', 'side', 'purpose', 'orderType', 'qty', 'limitPrice', 'stopPrice'] as const;

/** What both sides did, and how instants of one decision are told from others. */
export interface EntryWaitFacts {
  readonly session: readonly SideOrder[];
  readonly backtest: readonly SideOrder[];
  readonly waits?: readonly SideWait[];
  readonly barMsOf: (strategy: string) => number;
}

/**
 * Whether the side without the order of a pair asked at that decision for its entry to be cancelled, and sent the like as soon as that was
 * over. A cancel that nothing came after held nothing up.
 */
export function isHeldUpByEntry(wait: SideWait, pair: OrderPair, facts: EntryWaitFacts): boolean {
  const order = orderOfPair(pair);
  const others = pair.session === undefined ? facts.session : facts.backtest;
  const barMs = facts.barMsOf(order.strategy);
  return (
    decidedAt(order, facts.waits).some((at) => isOneDecision(at, wait.from, barMs)) &&
    others.some((other) => isAlike(other, order) && other.createdTs === wait.to)
  );
}

/** When it may have been decided: as it was sent, or where it waited for an entry as well, before that. */
function decidedAt({ strategy, symbol, createdTs }: SideOrder, waits: readonly SideWait[] = []): readonly EpochMs[] {
  const own = waits.filter(
    (wait) => wait.kind === 'entry' && wait.strategy === strategy && wait.symbol === symbol && wait.to === createdTs,
  );
  return [createdTs, ...own.map(({ from }) => from)];
}

/** Of one instant, or after the same bar: a live session's bars close as late as its timers. */
function isOneDecision(a: EpochMs, b: EpochMs, barMs: number): boolean {
  return a === b || (Number.isFinite(barMs) && Math.floor(a / barMs) === Math.floor(b / barMs));
}

/** The same order, but for when it was sent: one of another size or price is a difference that waiting does not make. */
function isAlike(a: SideOrder, b: SideOrder): boolean {
  return ALIKE.every((field) => Object.is(a[field], b[field]));
}
