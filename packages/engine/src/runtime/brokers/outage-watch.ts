// Planned outages of brokers, as events the kernel hears: shortly before, when one begins, when it is over, and when it is not.
import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import type { GuardEvent } from '../../kernel/event.js';
import { type OutagePhase, PlannedOutages } from './planned-outages.js';

/** What a watch is made from. */
export interface OutageWatchOptions {
  readonly venue: string;
  readonly outages: EngineConfig['venues'][string]['outages'];
  readonly limits: Pick<EngineConfig['engine']['guards'], 'outageLeadMs' | 'outageGraceMs'>;
  readonly clock: Clock;
  readonly deliver: (make: (at: EpochMs) => GuardEvent) => void;
  /** Whether new risk at the venue waits already: a run that went on from an earlier one may have been told. */
  readonly isPaused: boolean;
  /** Whether the broker has said what is there. */
  readonly isReady: () => boolean;
}

/** Watches one venue, from {@link OutageWatch.start} to {@link OutageWatch.stop}. */
export class OutageWatch {
  readonly #options: OutageWatchOptions;
  readonly #planned: PlannedOutages;
  #phase: OutagePhase['phase'];
  #overdueAt: EpochMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(options: OutageWatchOptions) {
    this.#options = options;
    this.#planned = new PlannedOutages(options.outages, options.limits.outageLeadMs);
    // The kernel hears anew that an outage is under way: whoever was told before is not told again.
    this.#phase = options.isPaused ? 'near' : 'none';
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    const { clock, outages, limits } = this.#options;
    const now = clock.nowUtc();
    const planned = outages.length === 0 ? NEVER : this.#planned.at(now);
    if (planned.phase !== this.#phase) this.#enter(planned, now);
    if (now >= this.#overdueAt) this.#overdue(limits.outageGraceMs);
    const next = Math.min(planned.changesAt, this.#overdueAt);
    if (next !== Number.POSITIVE_INFINITY) this.#cancel = clock.callAt(next, () => this.#look());
  }

  #enter({ phase, from, until }: OutagePhase, now: EpochMs): void {
    const { venue, limits } = this.#options;
    const wasOutage = this.#phase === 'outage';
    this.#phase = phase;
    if (wasOutage) this.#overdueAt = now + limits.outageGraceMs;
    if (phase === 'outage') {
      this.#overdueAt = Number.POSITIVE_INFINITY;
      this.#say('begin', `Venue ${venue} has a planned outage until ${isoText(until)}: no new risk there until then.`);
    } else if (phase === 'near') {
      const message = `Venue ${venue} has a planned outage from ${isoText(from)} to ${isoText(until)}: no new risk there until then.`;
      this.#say('warning', message);
    } else {
      this.#say('end', `The planned outage of venue ${venue} is over.`);
    }
  }

  #overdue(graceMs: number): void {
    const { venue, isReady } = this.#options;
    this.#overdueAt = Number.POSITIVE_INFINITY;
    if (isReady()) return;
    this.#say('late', `Venue ${venue} is not ready ${Math.round(graceMs / 1_000)} s after its planned outage.`);
  }

  #say(stage: NonNullable<GuardEvent['stage']>, message: string): void {
    const { venue, deliver } = this.#options;
    deliver((at) => ({ kind: 'guard', at, guard: 'planned-outage', stage, subject: venue, message }));
  }
}

const NEVER: OutagePhase = {
  phase: 'none',
  from: Number.NaN,
  until: Number.NaN,
  changesAt: Number.POSITIVE_INFINITY,
};

function isoText(at: EpochMs): string {
  return new Date(at).toISOString();
}
