// What a run shows of its books against its brokers: plain JSON, bounded. Figures that are not known are null.
import type { EpochMs, OrderStatus, Side } from '@bookrunner/sdk';
import type { BalanceLine, Difference } from '../reconciliation/difference.js';

/** Most rows of each kind in a {@link ReconciliationView}; the newest, or those that differ, come first in line. */
export const VIEW_BALANCES = 500;
export const VIEW_ROWS = 100;

/** What others traded and nobody has decided on; strategies trade the symbol on. */
export interface UndecidedView {
  readonly account: string;
  readonly symbol: string;
  /** Signed units in the suspense book that nobody said are somebody else's. */
  readonly qty: number;
  /** Signed units of it that `flatten` closes: no more than the broker has. */
  readonly closable: number;
  /** False where others trade on the account: a person can decide, and nobody asks him to. */
  readonly isToDecide: boolean;
  /** What a person has to do. */
  readonly action: string;
}

/** A position that no book explains: a person decides. */
export interface FrozenView {
  readonly account: string;
  readonly symbol: string;
  /** Signed units that a person decides on. */
  readonly qty: number;
  /** Signed units of it that `flatten` closes: no more than the broker has. */
  readonly closable: number;
  /** A person said `flatten`, and it is being closed. */
  readonly isClosing: boolean;
  /** What a person has to do. */
  readonly action: string;
}

/** An order whose outcome, or that of its cancel or change, is not known. */
export interface UnknownOrderView {
  readonly orderId: string;
  readonly account: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly status: OrderStatus;
  /** Kernel time since when it is not known. */
  readonly since: EpochMs;
}

/** A position that differed in the last answer only: the next one confirms it, or it was under way. */
export interface DoubtView {
  readonly account: string;
  readonly symbol: string;
  /** Units the broker has more than the books. */
  readonly qty: number;
  readonly since: EpochMs;
}

/** A difference that was found. */
export interface DifferenceView extends Difference {
  readonly at: EpochMs;
  readonly venue: string;
  /** What a person said of it, where he was to decide. */
  readonly decision?: DifferenceDecision;
}

/** What a person can say of a difference. */
export type DifferenceDecision = 'adopt' | 'flatten' | 'ignore';

/** One account in one symbol or currency. */
export type BalanceView = BalanceLine;

/** Books against one broker. Instants are kernel time. */
export interface ReconciliationView {
  readonly venue: string;
  /** `away`: no session. `asking`: a session, and what is there is not known yet. `ready`: known. */
  readonly state: 'away' | 'asking' | 'ready';
  /** A planned outage is under way. */
  readonly isOutage: boolean;
  /** Number of the last question, and whether its answer is still to come. */
  readonly query: number;
  readonly isAsked: boolean;
  /** When the last complete answer came; null before the first of this process. */
  readonly completeAt: EpochMs | null;
  /** Incomplete answers since then, and what the last one said. */
  readonly failures: number;
  readonly message: string;
  readonly frozen: readonly FrozenView[];
  /** Beside what is frozen. */
  readonly undecided: readonly UndecidedView[];
  readonly doubts: readonly DoubtView[];
  /** At most {@link VIEW_ROWS}. */
  readonly unknown: readonly UnknownOrderView[];
  readonly unknownTotal: number;
  /** Found lately, newest last; at most {@link VIEW_ROWS}. */
  readonly differences: readonly DifferenceView[];
  /** As of the last complete answer; at most {@link VIEW_BALANCES}, those that differ first. */
  readonly balances: readonly BalanceView[];
  readonly balancesTotal: number;
}

/** Whether a person has to do something about it. */
export function needsPerson({ frozen, undecided, unknownTotal }: ReconciliationView): boolean {
  return frozen.length > 0 || unknownTotal > 0 || undecided.some(({ isToDecide }) => isToDecide);
}
