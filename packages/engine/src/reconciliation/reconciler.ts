// Brokers: what is known of them only by what they say. Asks for snapshots, compares, and keeps everything that depends on a broker
// quiet until it has said what is there.
import type { EngineNotice, EpochMs, VenueSnapshot, VenueStatus } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import { isNotOpen } from '../execution/told-refusals.js';
import type { ExecutionEvent, VenueReportEvent, VenueSnapshotEvent } from '../kernel/event.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { FlatProof } from '../kernel/panic-watch.js';
import type { Outbox } from '../kernel/outbox.js';
import type { ReconcileSetup } from '../kernel/setup.js';
import type { SignalStage } from '../signals/signal-stage.js';
import { EXECUTION_DAYS } from '../execution/booked-executions.js';
import { foreignOrders, hasStray, inOrder, isFlat, isWhole, unknownAccounts, unprovenText } from './answer.js';
import { ExecutionBooking } from './book-execution.js';
import type { BrokerState, BrokerWatch } from './broker-watch.js';
import { Closing } from './closing.js';
import { BalanceComparison, type BalanceComparisonParts } from './compare-balances.js';
import { OrderComparison } from './compare-orders.js';
import {
  noticeOfIncomplete,
  noticeOfLostFees,
  noticeOfUnknownAccounts,
  noticesOfDifferences,
  type ReconciliationReport,
  ReportDraft,
} from './difference.js';
import { limitProtectionAt, type Place } from './freeze.js';
import { doubtBroker, leaveBroker, openGate, shutGate } from './gate.js';
import { LeftOrders } from './left-orders.js';
import { holdToLook, settlePanic } from './panic-set-off.js';
import { followPending, followSessions, pagePending, retryOpen } from './pending-orders.js';
import { concernedBy, isRefusal } from './report-of.js';

const DAY_MS = 86_400_000;
/** Longest wait for a complete answer after incomplete ones. */
const LONGEST_RETRY_MS = 30_000;
/** Incomplete answers in a row between two alarms. */
const REMIND_AFTER = 60;
/** What the reconciler works with. */
export interface ReconcilerParts extends Omit<BalanceComparisonParts, 'settleMs' | 'pageMs'> {
  readonly watches: readonly BrokerWatch[];
  readonly reconcile: ReconcileSetup;
  readonly runEpoch: string;
  /** Whether every broker changes orders in place. */
  readonly venueReplaces: boolean;
  readonly outbox: Outbox;
  readonly time: KernelTime;
  readonly signals: SignalStage;
  readonly notify: (notice: EngineNotice) => void;
}

/** Keeps books and brokers together. */
export class Reconciler implements FlatProof {
  readonly watches: readonly BrokerWatch[];
  /** A journal is folded: it says what was asked. */
  isFolding = false;
  readonly #parts: ReconcilerParts;
  readonly #booking: ExecutionBooking;
  readonly #left: LeftOrders;
  /** What a person lets close. */
  readonly closing: Closing;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.closing = new Closing(parts);
    this.#left = new LeftOrders({ ...parts, ...parts.reconcile });
    this.watches = parts.watches;
    this.#booking = new ExecutionBooking(parts);
    for (const watch of this.watches) shutGate(watch);
  }

  get parts(): ReconcilerParts {
    return this.#parts;
  }

  /** A session came or went. */
  onVenueStatus(status: VenueStatus, at: EpochMs): void {
    const { state } = status;
    const watch = this.watches.find(({ venue }) => venue === status.venue);
    if (watch === undefined) return;
    followSessions(watch, status, at);
    if (state === 'ready') {
      // A session that is ready again without having been away has been replaced: what was asked of the old one, it may not answer.
      if (watch.state !== 'away') leaveBroker(this.#parts, watch, { status, at });
      watch.state = 'asking';
      this.#ask(watch, at);
    } else if (watch.state !== 'away') {
      leaveBroker(this.#parts, watch, { status, at });
    }
    this.#look(watch, at);
    this.#aim();
  }

  /** Protection of what is frozen is as large as it may be, as after a report. */
  limitProtection(): void {
    for (const watch of this.watches) limitProtectionAt(watch, this.#parts);
  }

  /** Before execution takes it: an order that it ends is not known any more then. */
  beforeReport(event: VenueReportEvent): void {
    if (isRefusal(event)) return;
    const { sequence, instrumentIndex } = event;
    const order = this.#parts.desk.find(sequence);
    for (const watch of this.watches) {
      // What one broker says moves nothing at another.
      if (order !== undefined && watch.accountOf(order.account) === undefined) continue;
      if (instrumentIndex >= 0) watch.reports[instrumentIndex] = (watch.reports[instrumentIndex] as number) + 1;
      watch.touch(sequence);
    }
  }

  /** After execution has taken it. */
  onReport(event: VenueReportEvent): void {
    for (const watch of this.watches) {
      this.#left.onReport(watch, event.at);
      // What was just refused would be refused again: its broker's next answer asks for it once more.
      if (event.report !== 'cancel-rejected' && !isNotOpen(event)) limitProtectionAt(watch, this.#parts);
      this.closing.look(watch, event.at);
      this.#look(watch, event.at);
    }
    this.#aim();
  }

  /** A broker tells of an execution that is no fill of a live order. */
  onExecution(event: ExecutionEvent): void {
    const watch = this.watches.find((candidate) => candidate.venue === event.venue);
    if (watch === undefined) return;
    const index = this.#parts.indexOf.get(event.execution.symbol);
    if (index !== undefined) {
      watch.reports[index] = (watch.reports[index] as number) + 1;
      for (const sequence of concernedBy(event, this.#parts)) watch.touch(sequence);
    }
    const draft = new ReportDraft();
    // Before its first snapshot nobody knows what is from before our time; the snapshot has it.
    if (!watch.isBaselined && event.change === 'fill') return;
    this.#left.noteFill(watch, event);
    this.#parts.execution.together(() => {
      this.#booking.change(watch, event, draft);
      this.#left.review(watch, { at: event.at, draft });
      settlePanic(this, watch, { at: event.at });
    });
    this.#conclude(watch, draft, event.at);
  }

  /** A broker's answer. */
  onSnapshot({ venue, query, snapshot, message, at }: VenueSnapshotEvent): void {
    const watch = this.watches.find((candidate) => candidate.venue === venue);
    // Of a question before the last: what it says is older than what is known.
    if (watch === undefined || !watch.isAsked || watch.query !== query) return;
    watch.isAsked = false;
    watch.lastAnswerAt = at;
    watch.isPanicking = false;
    watch.flatAt = Number.NaN;
    watch.agreedAt = Number.NaN;
    const draft = new ReportDraft();
    const isAll = snapshot !== undefined && isWhole(snapshot);
    watch.unknownAccounts = isAll ? unknownAccounts(watch, snapshot).unknown : [];
    const isComplete = isAll && watch.unknownAccounts.length === 0;
    this.#parts.execution.together(() => {
      for (const fill of snapshot === undefined ? [] : inOrder(snapshot)) {
        if (isComplete || (watch.isBaselined && watch.unknownAccounts.length === 0))
          this.#booking.book(watch, fill, at, draft);
      }
      if (isComplete) this.#compare(watch, snapshot, { at, draft });
      else this.#incomplete(watch, { at, message, snapshot });
    });
    watch.report = { venue, at, isComplete, message, differences: draft.differences, balances: draft.balances };
    if (isComplete) watch.completeReport = watch.report;
    this.#conclude(watch, draft, at);
  }

  /** A broker is to be asked, or a person to be paged. */
  onTimer(): void {
    const { now } = this.#parts.time;
    for (const watch of this.watches) {
      this.#look(watch, now);
      if (watch.state !== 'away' && now >= watch.nextAskAt) this.#ask(watch, now);
      this.#look(watch, now);
    }
    const { executions } = this.#parts.execution;
    executions.forgetBefore(now - EXECUTION_DAYS * DAY_MS);
    const lost = executions.dropFees(now - DAY_MS);
    if (lost.length > 0) this.#parts.notify(noticeOfLostFees(lost, now));
    this.#aim();
  }

  /** Asks every broker that can be asked. */
  askAll(at: EpochMs): void {
    for (const watch of this.watches) if (watch.state !== 'away') this.#ask(watch, at);
    this.#aim();
  }

  /** A panic begins: on shared accounts it waits until their brokers have said what is there. */
  lookFirst(slots: readonly TargetSlot[], at: EpochMs): void {
    for (const watch of holdToLook(this, slots, at)) {
      if (watch.state !== 'away') this.#ask(watch, at);
      this.#look(watch, at);
    }
    this.#aim();
  }

  /** See FlatProof. */
  missing(accounts: ReadonlySet<string>, isWhole: boolean, since: EpochMs, at: EpochMs): string | undefined {
    const open = this.watches.filter((watch) => watch.accounts.some(({ account }) => accounts.has(account)));
    const unproven = open.filter((watch) => {
      // Asked after the last report: instants alone do not say what came first.
      const isCurrent = watch.isQuiet && watch.askedAt >= since;
      const isProven = isCurrent && (isWhole ? watch.flatAt : watch.agreedAt) >= since;
      watch.isPanicking = !isProven;
      watch.isClearing = isWhole && !isProven;
      // One question at a time: an account that is never quiet would else never be answered.
      if (!isCurrent && watch.state !== 'away' && !watch.isAsked) this.#ask(watch, at);
      this.#look(watch, at);
      return !isProven;
    });
    this.#aim();
    return unproven.length === 0 ? undefined : unproven.map(unprovenText).join('; ');
  }

  /** A person has decided, or said panic: what was left alone is judged anew; where `closed` is given, nothing of it stays there. */
  reviewAll(at: EpochMs, closed?: Pick<Place, 'account' | 'index'>): void {
    for (const watch of this.watches) {
      this.#left.decided(watch, at, closed);
      this.#look(watch, at);
    }
    this.#aim();
  }

  reports(): readonly ReconciliationReport[] {
    return this.watches.flatMap(({ report }) => report ?? []);
  }

  save(): readonly BrokerState[] {
    return this.watches.map((watch) => watch.save());
  }

  load(saved: readonly BrokerState[]): void {
    saved.forEach((state, index) => this.watches[index]?.load(state));
    for (const watch of this.watches) {
      for (const runner of watch.runners) {
        runner.isGated = watch.state !== 'ready';
        runner.awaitsAnswer = runner.slots.some((slot) => slot.awaitsAnswer);
      }
    }
    this.#aim();
  }

  #compare(
    watch: BrokerWatch,
    snapshot: VenueSnapshot,
    { at, draft }: { readonly at: EpochMs; readonly draft: ReportDraft },
  ): void {
    const parts = { ...this.#parts, ...this.#parts.reconcile };
    watch.failures = 0;
    watch.isBaselined = true;
    new OrderComparison(parts, { watch, at, draft }).compare(snapshot);
    new BalanceComparison(parts, { watch, at, draft }).compare(snapshot);
    const isAgreed = watch.isAgreed && !hasStray(watch, snapshot, parts);
    watch.agreedAt = isAgreed ? watch.askedAt : Number.NaN;
    watch.flatAt = isAgreed && isFlat(watch, snapshot, this.#parts.runEpoch) ? watch.askedAt : Number.NaN;
    if (watch.isClearing) {
      for (const ref of foreignOrders(watch, snapshot, this.#parts.desk))
        this.#parts.outbox.cancelForeign(watch.venue, ref);
    }
    watch.isClearing = false;
    settlePanic(this, watch, { at, look: 'answered' });
    if (watch.state === 'asking') openGate(this.#parts, watch, at);
    retryOpen(parts, watch, at);
  }

  #incomplete(
    watch: BrokerWatch,
    {
      at,
      message,
      snapshot,
    }: { readonly at: EpochMs; readonly message: string; readonly snapshot: VenueSnapshot | undefined },
  ): void {
    watch.failures += 1;
    settlePanic(this, watch, { at });
    const isUnknown = snapshot !== undefined && watch.unknownAccounts.length > 0;
    if (isUnknown) doubtBroker(watch, at);
    // When it begins, when it stays so, and now and then.
    if (watch.failures !== 1 && watch.failures !== 4 && watch.failures % REMIND_AFTER !== 0) return;
    if (isUnknown) {
      return this.#parts.notify(noticeOfUnknownAccounts(watch.venue, unknownAccounts(watch, snapshot), at));
    }
    this.#parts.notify(noticeOfIncomplete(watch, message, at));
  }

  /** A question that a run asked, as its journal has it. */
  asked(venue: string, query: number, at: EpochMs): void {
    const watch = this.watches.find((candidate) => candidate.venue === venue);
    if (watch !== undefined) this.#asked(watch, query, at);
  }

  #ask(watch: BrokerWatch, at: EpochMs): void {
    if (this.isFolding) return;
    this.#asked(watch, watch.query + 1, at);
    this.#parts.outbox.query(watch.venue, watch.query);
  }

  #asked(watch: BrokerWatch, query: number, at: EpochMs): void {
    watch.query = query;
    watch.isAsked = true;
    watch.askedAt = at;
    watch.askedSequence = this.#parts.desk.sequence;
    watch.askedReports = [...watch.reports];
    watch.touched.clear();
  }

  /** Follows what is not known, pages where it stays so, and finds when to ask next. */
  #look(watch: BrokerWatch, now: EpochMs): void {
    const { settleMs, pageMs, everyMs } = this.#parts.reconcile;
    if (now >= watch.lookUntil) this.#endLook(watch, now);
    const soon = watch.lastAnswerAt + settleMs;
    let askAt = watch.isUnsettled ? soon : watch.lastAnswerAt + everyMs;
    let wakeAt = Number.isNaN(watch.lookUntil) ? Number.POSITIVE_INFINITY : watch.lookUntil;
    followPending(this.#parts, watch, now);
    for (const [sequence, { status, since, isPaged, waitsFrom = since }] of watch.pending) {
      const known = status === 'unknown' ? since : since + settleMs;
      askAt = Math.min(askAt, Math.max(known, soon));
      if (isPaged) continue;
      if (now - waitsFrom >= pageMs) pagePending(this.#parts, watch, { sequence, now });
      else wakeAt = Math.min(wakeAt, waitsFrom + pageMs);
    }
    if (watch.failures > 0)
      askAt = watch.lastAnswerAt + Math.min(settleMs * 2 ** (watch.failures - 1), LONGEST_RETRY_MS);
    // An answer that never comes is one that failed; the runtime limits it, this is for one that was lost with it.
    if (watch.isAsked) askAt = watch.askedAt + pageMs * 4;
    watch.nextAskAt = watch.state === 'away' ? Number.POSITIVE_INFINITY : askAt;
    watch.wakeAt = wakeAt;
  }

  /** The broker has not said what is there, or not of everything: a panic waits no longer. */
  #endLook(watch: BrokerWatch, at: EpochMs): void {
    this.#parts.execution.together(() => {
      settlePanic(this, watch, { at, look: 'over' });
      for (const slot of watch.slots) if (slot.isFlattening) this.#parts.execution.evaluate(slot);
    });
  }

  /** What was found is told, and what follows from it done. */
  #conclude(watch: BrokerWatch, { differences }: ReportDraft, at: EpochMs): void {
    for (const notice of noticesOfDifferences(differences, watch.venue, at)) this.#parts.notify(notice);
    limitProtectionAt(watch, this.#parts);
    this.closing.look(watch, at);
    this.#look(watch, at);
    this.#aim();
  }

  #aim(): void {
    const { time } = this.#parts;
    time.reconcileAt = Number.POSITIVE_INFINITY;
    for (const { nextAskAt, wakeAt } of this.watches) time.reconcileAt = Math.min(time.reconcileAt, nextAskAt, wakeAt);
    time.aim();
  }
}
