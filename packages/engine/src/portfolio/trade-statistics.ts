// What closed trades came to: counts, sums and streaks, one trade at a time.
import type { EpochMs } from '@bookrunner/sdk';

/**
 * One closed trade: from flat to flat, or to a flip, of one strategy in one instrument. Callers reuse one object; read it during
 * the call. Money is in the book's currency.
 */
export interface ClosedTrade {
  /** When it closed, and when it opened. */
  readonly ts: EpochMs;
  readonly openTs: EpochMs;
  readonly instrumentIndex: number;
  /** Book and strategy, as in the records. */
  readonly ownerIndex: number;
  /** Largest units held, positive for long and negative for short. */
  readonly qty: number;
  /** Unsigned money of what was opened and of what was closed. */
  readonly entryValue: number;
  readonly exitValue: number;
  /** After fees. */
  readonly pnl: number;
  readonly fees: number;
}

const COUNT = 0;
const WINS = 1;
const LOSSES = 2;
const WON = 3;
const LOST = 4;
const FEES = 5;
const HELD_MS = 6;
const BEST = 7;
const WORST = 8;
const WIN_STREAK = 9;
const LOSS_STREAK = 10;
const LONGEST_WINS = 11;
const LONGEST_LOSSES = 12;
const LONG_COUNT = 13;
const LONG_PNL = 14;
const FIELDS = 15;

/**
 * Adds up closed trades. A win has a profit above 0 after fees, a loss one below; a trade of exactly 0 is neither and ends both
 * streaks. Averages of nothing are NaN.
 */
export class TradeStatistics {
  private readonly state = new Float64Array(FIELDS);

  constructor() {
    this.state[BEST] = Number.NEGATIVE_INFINITY;
    this.state[WORST] = Number.POSITIVE_INFINITY;
  }

  closed(trade: ClosedTrade): void {
    const state = this.state;
    const pnl = trade.pnl;
    state[COUNT] = state[COUNT]! + 1;
    state[FEES] = state[FEES]! + trade.fees;
    state[HELD_MS] = state[HELD_MS]! + (trade.ts - trade.openTs);
    if (pnl > state[BEST]!) state[BEST] = pnl;
    if (pnl < state[WORST]!) state[WORST] = pnl;
    if (trade.qty > 0) {
      state[LONG_COUNT] = state[LONG_COUNT]! + 1;
      state[LONG_PNL] = state[LONG_PNL]! + pnl;
    }
    if (pnl > 0) {
      const streak = state[WIN_STREAK]! + 1;
      state[WINS] = state[WINS]! + 1;
      state[WON] = state[WON]! + pnl;
      state[WIN_STREAK] = streak;
      state[LOSS_STREAK] = 0;
      if (streak > state[LONGEST_WINS]!) state[LONGEST_WINS] = streak;
    } else if (pnl < 0) {
      const streak = state[LOSS_STREAK]! + 1;
      state[LOSSES] = state[LOSSES]! + 1;
      state[LOST] = state[LOST]! - pnl;
      state[LOSS_STREAK] = streak;
      state[WIN_STREAK] = 0;
      if (streak > state[LONGEST_LOSSES]!) state[LONGEST_LOSSES] = streak;
    } else {
      state[WIN_STREAK] = 0;
      state[LOSS_STREAK] = 0;
    }
  }

  get count(): number {
    return this.state[COUNT]!;
  }
  get wins(): number {
    return this.state[WINS]!;
  }
  get losses(): number {
    return this.state[LOSSES]!;
  }
  /** Sum of the wins, and of the losses as an unsigned amount. */
  get grossProfit(): number {
    return this.state[WON]!;
  }
  get grossLoss(): number {
    return this.state[LOST]!;
  }
  /** Profit of all trades after fees. */
  get pnl(): number {
    return this.state[WON]! - this.state[LOST]!;
  }
  get fees(): number {
    return this.state[FEES]!;
  }
  /** Average time from opening to closing. */
  get averageHoldingMs(): number {
    return this.state[HELD_MS]! / this.state[COUNT]!;
  }
  /** Best and worst profit of one trade; -Infinity and Infinity before the first. */
  get best(): number {
    return this.state[BEST]!;
  }
  get worst(): number {
    return this.state[WORST]!;
  }
  get longestWinStreak(): number {
    return this.state[LONGEST_WINS]!;
  }
  get longestLossStreak(): number {
    return this.state[LONGEST_LOSSES]!;
  }
  /** Trades that were long, and what they came to; the others were short. */
  get longCount(): number {
    return this.state[LONG_COUNT]!;
  }
  get longPnl(): number {
    return this.state[LONG_PNL]!;
  }
}
