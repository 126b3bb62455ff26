import type { EpochMs, VenueOpenOrder } from '@bookrunner/sdk';
import { HOLD } from '../execution/hold.js';
import { isTooLarge } from '../execution/protection.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BrokerSetup } from '../kernel/setup.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import type { ReconciliationReport } from './difference.js';
import type { StandingOrder } from './standing-orders.js';
import { refill, type SuspenseAccount } from './suspense.js';
import { hasNews } from './undecided.js';

/** Since when something is as it is, without a report of the order since. */
interface Sighting {
  readonly since: EpochMs;
}

/** An order whose outcome, or that of its cancel or change, is not known. */
export interface Pending {
  readonly status: string;
  readonly since: EpochMs;
  /** From when it is waited for, where that is later: the time without an engine is no waiting. */
  readonly waitsFrom?: EpochMs;
  readonly isPaged: boolean;
}

/** A position that differs: by how much and since when by that, and since when at all. */
interface Doubt {
  readonly residueScaled: number;
  readonly since: EpochMs;
  readonly first: EpochMs;
}

/** Since when, and whether nothing is sent until it could be compared. */
interface Busy {
  readonly since: EpochMs;
  readonly isQuietened: boolean;
}

/** What the kernel knows of one broker: its session, the question under way, and what is in doubt. */
export class BrokerWatch {
  readonly setup: BrokerSetup;
  readonly accounts: readonly SuspenseAccount[];
  /** Slots of its accounts, those of the suspense book included. */
  readonly slots: readonly TargetSlot[];
  readonly runners: readonly StrategyRunner[];
  /** `away`: no session. `asking`: a session, and what is there is not known yet. `ready`: known. */
  state: 'away' | 'asking' | 'ready' = 'away';
  /** Since when it is not ready; NaN before it first was. */
  awaySince: EpochMs = Number.NaN;
  /** A first complete answer has come: what is executed from then on has to be explained. */
  isBaselined = false;
  /** Number of the last question, whether its answer is still to come, and what was so when it was asked. */
  query = 0;
  isAsked = false;
  askedAt: EpochMs = Number.NaN;
  askedSequence = 0;
  askedReports: readonly number[] = [];
  lastAnswerAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** Incomplete answers in a row. */
  failures = 0;
  /** Accounts that the last whole answer knew nothing of: it counts as none. */
  unknownAccounts: readonly string[] = [];
  /** When to ask next, or to look whether somebody has to be paged. */
  nextAskAt: EpochMs = Number.POSITIVE_INFINITY;
  wakeAt: EpochMs = Number.POSITIVE_INFINITY;
  /** When the last answer showed nothing of ours, nor on exclusive accounts of anybody; NaN when it did not. */
  flatAt: EpochMs = Number.NaN;
  /** When the last answer that agreed with the books was asked for; NaN when it did not agree. */
  agreedAt: EpochMs = Number.NaN;
  /** A panic on its shared accounts waits until then to hear what is there; NaN where none does. */
  lookUntil: EpochMs = Number.NaN;
  /** When exits of a panic that came to nothing were last tried again; NaN where none were. */
  retriedAt: EpochMs = Number.NaN;
  /** A panic waits for it to show that it is flat. */
  isPanicking = false;
  /** Nothing at all may stay on its exclusive accounts: orders of others are cancelled as well. */
  isClearing = false;
  /** Reports so far of orders and executions here, by instrument. */
  readonly reports: number[];
  /** Orders of which something was said since the last question, by number: what its answer says of them may be older. */
  readonly touched = new Set<number>();
  /** Orders that a complete answer did not show, by number. */
  readonly missing = new Map<number, Sighting>();
  /** Orders that a complete answer showed although a cancel or change was asked for, by number. */
  readonly unmoved = new Map<number, Sighting>();
  /** Orders that are over by the broker's own word, and that a complete answer showed nevertheless, by number. */
  readonly returned = new Map<number, Sighting>();
  /** Stops of a session that the journal does not have that are left alone, as they were last shown, by number. */
  readonly left = new Map<number, VenueOpenOrder>();
  /** Open orders that are left alone and were told, by the broker's id. */
  readonly standing = new Map<string, StandingOrder>();
  readonly pending = new Map<number, Pending>();
  /** Positions that differed in the last answer: `account|instrument`, and by how much. */
  readonly doubts = new Map<string, Doubt>();
  /** Positions that could not be compared since reports came during the last answers: `account|instrument`. */
  readonly busy = new Map<string, Busy>();
  report: ReconciliationReport | undefined;
  /** The last of a complete answer. */
  completeReport: ReconciliationReport | undefined;
  /** The engine was not running, and the broker's line has not been opened yet: nothing that is not known is waited for. */
  isBetweenSessions = false;
  /** A planned outage is under way: that it is away is expected. */
  isOutage = false;

  constructor(parts: {
    setup: BrokerSetup;
    accounts: readonly SuspenseAccount[];
    slots: readonly TargetSlot[];
    runners: readonly StrategyRunner[];
    instrumentCount: number;
  }) {
    this.setup = parts.setup;
    this.accounts = parts.accounts;
    this.slots = parts.slots;
    this.runners = parts.runners;
    this.reports = Array.from({ length: parts.instrumentCount }, () => 0);
  }

  get venue(): string {
    return this.setup.venue;
  }

  accountOf(name: string): SuspenseAccount | undefined {
    return this.accounts.find(({ account }) => account === name);
  }

  /** Whether reports of the instrument came since the question: what the answer says of it may be older. */
  isBusy(instrumentIndex: number): boolean {
    return this.reports[instrumentIndex] !== this.askedReports[instrumentIndex];
  }

  /** Something was said of an order: what answers showed of it before proves nothing any more. */
  touch(sequence: number): void {
    this.touched.add(sequence);
    this.missing.delete(sequence);
    this.unmoved.delete(sequence);
    this.returned.delete(sequence);
  }

  /** Whether no report at all came since the question. */
  get isQuiet(): boolean {
    return this.reports.every((_, index) => !this.isBusy(index));
  }

  /** Whether the last answer showed what is known here, and is not older than what was told since. */
  get isAgreed(): boolean {
    return this.isQuiet && this.doubts.size + this.missing.size + this.unmoved.size + this.returned.size === 0;
  }

  /**
   * Whether exits of a panic that came to nothing are tried again with this answer. Not with every one: a refusal is a report, after which
   * another panic may ask at once.
   */
  retries(at: EpochMs, settleMs: number): boolean {
    if (at < this.retriedAt + settleMs) return false;
    if (this.slots.some((slot) => slot.isFlattening && slot.isExitHeld)) this.retriedAt = at;
    return true;
  }

  /** Whether something is to be looked at again soon. */
  get isUnsettled(): boolean {
    return (
      this.isPanicking ||
      this.doubts.size > 0 ||
      this.busy.size > 0 ||
      this.missing.size > 0 ||
      this.unmoved.size > 0 ||
      this.returned.size > 0 ||
      this.slots.some((slot) => slot.isFlattening || isOversized(slot)) ||
      this.accounts.some(({ closing }) => closing.size > 0) ||
      this.accounts.some(hasNews)
    );
  }

  save(): BrokerState {
    const { state, awaySince, isBaselined, query, isAsked, askedAt, askedSequence, askedReports } = this;
    const {
      lastAnswerAt,
      failures,
      nextAskAt,
      wakeAt,
      flatAt,
      agreedAt,
      lookUntil,
      isPanicking,
      isClearing,
      isOutage,
      unknownAccounts,
    } = this;
    return {
      ...{ state, awaySince, isBaselined, query, isAsked, askedAt, askedSequence, askedReports: [...askedReports] },
      ...{
        lastAnswerAt,
        failures,
        nextAskAt,
        wakeAt,
        flatAt,
        agreedAt,
        lookUntil,
        isPanicking,
        isClearing,
        isOutage,
        unknownAccounts,
        reports: [...this.reports],
        touched: [...this.touched],
      },
      missing: [...this.missing],
      unmoved: [...this.unmoved],
      ...(Number.isNaN(this.retriedAt) ? {} : { retriedAt: this.retriedAt }),
      ...(this.returned.size === 0 ? {} : { returned: [...this.returned] }),
      ...(this.left.size === 0 ? {} : { left: [...this.left] }),
      ...(this.standing.size === 0 ? {} : { standing: [...this.standing] }),
      pending: [...this.pending],
      ...(this.isBetweenSessions ? { isBetweenSessions: true } : {}),
      doubts: [...this.doubts],
      busy: [...this.busy],
      accounts: this.accounts.map((account) => account.save()),
    };
  }

  load(saved: BrokerState): void {
    const {
      reports,
      touched,
      missing,
      unmoved,
      returned = [],
      left = [],
      standing = [],
      pending,
      doubts,
      busy,
      accounts,
      isBetweenSessions = false,
      ...fields
    } = saved;
    Object.assign(this, fields, { isBetweenSessions });
    this.touched.clear();
    for (const sequence of touched) this.touched.add(sequence);
    reports.forEach((count, index) => {
      this.reports[index] = count;
    });
    refill(this.missing, missing);
    refill(this.unmoved, unmoved);
    refill(this.returned, returned);
    refill(this.left, left);
    refill(this.standing, standing);
    refill(this.pending, pending);
    refill(this.doubts, doubts);
    refill(this.busy, busy);
    accounts.forEach((account, index) => this.accounts[index]?.load(account));
  }
}

/** Whether protection that may be more than there is to protect could be neither changed nor cancelled: it would open a position. */
function isOversized(slot: TargetSlot): boolean {
  if (slot.isSettled) return false;
  return slot.protection.some((order) => (slot.holds & HOLD.frozen) !== 0 || isTooLarge(slot, order));
}

/** A {@link BrokerWatch} as plain values. */
export type BrokerState = Pick<
  BrokerWatch,
  | 'state'
  | 'awaySince'
  | 'isBaselined'
  | 'query'
  | 'isAsked'
  | 'askedAt'
  | 'askedSequence'
  | 'askedReports'
  | 'lastAnswerAt'
  | 'failures'
  | 'nextAskAt'
  | 'wakeAt'
  | 'flatAt'
  | 'agreedAt'
  | 'lookUntil'
  | 'isPanicking'
  | 'isClearing'
  | 'isOutage'
  | 'unknownAccounts'
> & {
  readonly reports: readonly number[];
  readonly touched: readonly number[];
  readonly missing: readonly (readonly [number, Sighting])[];
  readonly unmoved: readonly (readonly [number, Sighting])[];
  /** Absent where there is none. */
  readonly retriedAt?: EpochMs;
  /** Absent where there is none. */
  readonly returned?: readonly (readonly [number, Sighting])[];
  /** Absent where there is none. */
  readonly left?: readonly (readonly [number, VenueOpenOrder])[];
  /** Absent where there is none. */
  readonly standing?: readonly (readonly [string, StandingOrder])[];
  readonly pending: readonly (readonly [number, Pending])[];
  /** Absent where it is not. */
  readonly isBetweenSessions?: boolean;
  readonly doubts: readonly (readonly [string, Doubt])[];
  readonly busy: readonly (readonly [string, Busy])[];
  readonly accounts: readonly ReturnType<SuspenseAccount['save']>[];
};
