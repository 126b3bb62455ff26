import type { EngineNotice, EpochMs, HaltDecision } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { Book } from '../portfolio/book.js';
import { messageOf } from './message-of.js';
import type { GuardedScope } from './guarded-scope.js';
import { Watch } from './watch.js';

/** Notices that are no alarm. */
const CALM = new Set(['RISK_RESUMED', 'RISK_LIMIT_SET', 'FEED_RESUMED', 'OUTAGE_NEAR', 'OUTAGE_OVER']);
/** Who halts for the seconds in which a run ends: nobody is to come for that. */
export const STOP_ACTOR = 'engine.onStop';
const BY_STOP = ` by ${STOP_ACTOR}`;
/** Notices that ask for nobody yet: whoever watches the clock tells where it lasts. */
const EARLY = new Set(['FEED_PAUSED']);
/** Notices of what events and the calendar say anyway; all others are halts by policies. */
const KNOWN = new Set([...CALM, 'RISK_HALTED', 'FEED_PAUSED']);

/** How a pause is told. */
export interface PauseCodes {
  readonly paused: string;
  readonly resumed: string;
  /** What is said when it is over. */
  readonly back: string;
}

const FEED: PauseCodes = { paused: 'FEED_PAUSED', resumed: 'FEED_RESUMED', back: 'Data comes again.' };

/** A planned outage of a venue pauses its books. */
export const OUTAGE: PauseCodes = {
  paused: 'OUTAGE_NEAR',
  resumed: 'OUTAGE_OVER',
  back: 'The planned outage is over.',
};

/**
 * Lets the policies look at their scopes after each mark, and stops new risk where they say so. Never resumes by itself but at the
 * day's end, or when paused data comes again.
 */
export class Guards {
  private readonly scopes: readonly GuardedScope[];
  /** Scopes whose day is watched: by their policy, or by a limit a person set. */
  #watching: readonly Watch[] = [];
  /** The first of a chain of those that read a position. */
  #first: Watch | undefined = undefined;
  /** The engine's only book, where it has one. */
  private readonly book: Book | undefined;
  /** Its equity above which nobody has anything to say of what it is the equity of; infinity where a scope has to be looked at by itself. */
  #quietAbove = Number.POSITIVE_INFINITY;
  readonly #notify: (notice: EngineNotice) => void;
  private readonly time: KernelTime;

  constructor(scopes: readonly GuardedScope[], notify: (notice: EngineNotice) => void, time: KernelTime) {
    this.time = time;
    this.scopes = scopes;
    this.book = scopes.find(({ view }) => view.onlyBook !== undefined)?.view.onlyBook;
    this.#notify = notify;
    this.watch();
  }

  /** Takes anew who is watched and from where: after a day began, cash was paid in, a limit or an allocation was set. */
  watch(): void {
    const watching: Watch[] = [];
    let first: Watch | undefined;
    let above = Number.NEGATIVE_INFINITY;
    for (const scope of this.scopes) {
      if (scope.policy?.onState === undefined && !(scope.lossLimitBps < Number.POSITIVE_INFINITY)) continue;
      const watch = new Watch(scope);
      watching.push(watch);
      if (watch.book !== undefined) {
        above = Math.max(above, watch.quietAbove);
      } else if (watch.position === undefined) {
        above = Number.POSITIVE_INFINITY;
      } else {
        watch.next = first;
        first = watch;
      }
    }
    this.#watching = watching;
    this.#first = first;
    this.#quietAbove = above;
  }

  /** After a mark. */
  onState(): void {
    const { book } = this;
    if (book === undefined || !(book.markedEquity > this.#quietAbove)) return this.#look();
    for (let watch = this.#first; watch !== undefined; watch = watch.next) if (!watch.isQuiet) return this.#look();
  }

  #look(): void {
    const watching = this.#watching;
    for (let i = 0; i < watching.length; i++) {
      const watch = watching[i] as Watch;
      if (!watch.isQuiet) this.#judge(watch.scope);
    }
  }

  #judge(scope: GuardedScope): void {
    if (scope.haltReason !== '') return;
    const at = this.time.now;
    scope.view.ts = at;
    const decision = judge(scope);
    if (decision === undefined) return;
    scope.haltReason = decision.message;
    // A daily halt ends with the scope's own trading day; any other waits for a person.
    scope.haltUntil = decision.until === 'next-day' ? scope.view.dayEnd : Number.POSITIVE_INFINITY;
    this.#tell(scope, at, decision.reason, decision.message);
  }

  /** A person's limit on the day's loss of a strategy. */
  limitLoss(scope: GuardedScope, at: EpochMs, bps: number): void {
    scope.lossLimitBps = bps;
    this.watch();
    this.#tell(scope, at, 'RISK_LIMIT_SET', `New risk stops at a loss of ${bps} bps of the day.`);
  }

  /** New risk waits, for data or for a venue, or goes on where the reason is empty. An outage that begins was told already. */
  pause(
    scope: GuardedScope,
    at: EpochMs,
    { reason, codes = FEED }: { readonly reason: string; readonly codes?: PauseCodes },
  ): void {
    if (scope.pauseReason === reason) return;
    const isNews = codes === FEED || scope.pauseReason === '' || reason === '';
    scope.pauseReason = reason;
    if (isNews)
      this.#tell(scope, at, reason === '' ? codes.resumed : codes.paused, reason === '' ? codes.back : reason);
  }

  /** A trading day of some book ended: new days begin, and the halts of ended days are over. */
  onDay(at: EpochMs): void {
    for (const scope of this.scopes) scope.view.openDay();
    this.watch();
    for (const scope of this.scopes) {
      if (scope.haltReason === '' || at < scope.haltUntil) continue;
      scope.haltReason = '';
      this.#tell(scope, at, 'RISK_RESUMED', 'A new trading day began.');
    }
  }

  /** A person's halt or resume. */
  set(scope: GuardedScope, at: EpochMs, reason: string): void {
    scope.haltReason = reason;
    scope.haltUntil = Number.POSITIVE_INFINITY;
    this.#tell(
      scope,
      at,
      reason === '' ? 'RISK_RESUMED' : 'RISK_HALTED',
      reason === '' ? 'Resumed by command.' : reason,
    );
  }

  /** The same for the venue of a book's account: neither takes the other's back. */
  setVenue(scope: GuardedScope, at: EpochMs, reason: string): void {
    if (scope.venueHalt === reason) return;
    scope.venueHalt = reason;
    this.#tell(
      scope,
      at,
      reason === '' ? 'RISK_RESUMED' : 'RISK_HALTED',
      reason === '' ? 'The venue was resumed by command.' : reason,
    );
  }

  #tell(scope: GuardedScope, at: EpochMs, code: string, message: string): void {
    const { view } = scope;
    const subject = view.name === '' ? view.scope : `${view.scope} ${view.name}`;
    const level = CALM.has(code) || message.endsWith(BY_STOP) ? 'info' : EARLY.has(code) ? 'warning' : 'alarm';
    this.#notify({
      ts: at,
      level,
      code,
      message: `${subject}: ${message}`,
      details: { scope: view.scope, name: view.name, ...(KNOWN.has(code) ? {} : haltOf(scope)) },
    });
  }
}

/** A halt as its notice tells it, so that it can be had from the journal where the policy is not asked again. */
function haltOf({ haltReason, haltUntil }: GuardedScope): object {
  return { halt: { reason: haltReason, until: Number.isFinite(haltUntil) ? haltUntil : null } };
}

/** A policy that throws stops new risk: what cannot be judged adds none until a person has looked. */
function judge(scope: GuardedScope): HaltDecision | undefined {
  try {
    return scope.policy?.onState?.(scope.view) ?? beyondLimit(scope);
  } catch (error) {
    return { reason: 'RISK_POLICY_THREW', message: `The risk policy threw: ${messageOf(error)}`, until: 'resumed' };
  }
}

/** What a limit set by a person says of a scope. */
function beyondLimit(scope: GuardedScope): HaltDecision | undefined {
  if (!(scope.view.dayPnlBps <= -scope.lossLimitBps)) return undefined;
  const message = `The day's loss of ${(-scope.view.dayPnlBps).toFixed(1)} bps reached the limit of ${scope.lossLimitBps} bps.`;
  return { reason: 'RISK_LOSS_DAY', message, until: 'next-day' };
}
