// A clock in front of recorded data: rows come when the replayed clock shows their instant, deadlines between them likewise.
import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { Turns } from '../live/pace-turns.js';
import { ReplayClock } from './replay-clock.js';
import { liveError } from '../live/live-errors.js';

/** The part of the driver that a pace needs. */
export interface PacedDriver {
  nextDeadline(): EpochMs;
  advanceTo(at: EpochMs): void;
}

/** How fast recorded time passes: a multiple of real time, or as fast as the machine can. */
export type ReplaySpeed = number | 'max';

/** Options of {@link ReplayPace}. */
export interface ReplayPaceOptions {
  readonly clock: Clock;
  readonly speed: ReplaySpeed;
  /** Earlier rows only warm up and are not waited for. */
  readonly from: EpochMs;
  readonly signal: AbortSignal;
  readonly turns: Turns;
}

/**
 * The `pace` of a recorded run. At `max` it waits for nothing; at a speed it holds each instant back until the clock shows it, and
 * meanwhile delivers what falls due strictly before that instant. That is exactly what the driver would do first thing at the
 * instant, so the speed changes no decision.
 */
export class ReplayPace {
  readonly #options: ReplayPaceOptions;
  readonly #replay: ReplayClock | undefined;
  #driver: PacedDriver | undefined;
  /** The instant waited for; NaN while none is. */
  #pending: EpochMs = Number.NaN;
  /** The last instant let through. */
  #delivered: EpochMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;

  constructor(options: ReplayPaceOptions) {
    this.#options = options;
    this.#replay = options.speed === 'max' ? undefined : new ReplayClock(options.clock, options.speed);
    options.signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  connect(driver: PacedDriver): void {
    this.#driver = driver;
  }

  /** Real milliseconds by which the run is behind the clock; 0 at `max` and while it waits. */
  get lagMs(): number {
    if (this.#replay?.isStarted !== true || this.#delivered < this.#options.from) return 0;
    return Number.isNaN(this.#pending) ? Math.max(0, this.#replay.lateness(this.#delivered)) : 0;
  }

  /**
   * Recorded time for something that happens now and is no row: not before what was delivered, and before the instant waited for.
   * Minus infinity before the first row.
   */
  now(): EpochMs {
    const shown = this.#replay?.now() ?? Number.NaN;
    const waiting = Math.floor(Math.min(shown, this.#pending - 1));
    return waiting > this.#delivered ? waiting : this.#delivered;
  }

  /** What was waited for may have changed: a command made a new deadline, or the run is to end. */
  wake(): void {
    this.#wake?.();
  }

  /** For `RecordedRunOptions.pace`. */
  readonly pace = (at: EpochMs): Promise<void> | undefined => {
    const replay = this.#replay;
    if (replay !== undefined && at >= this.#options.from) {
      if (!replay.isStarted) replay.start(at);
      if (replay.lateness(at) < 0) return this.#wait(at, replay);
    }
    this.#delivered = at;
    return this.#options.turns.next();
  };

  async #wait(at: EpochMs, replay: ReplayClock): Promise<void> {
    const { signal, turns } = this.#options;
    this.#pending = at;
    while (!signal.aborted) {
      const due = this.#driver?.nextDeadline() ?? Number.POSITIVE_INFINITY;
      const next = due < at ? due : at;
      if (replay.lateness(next) < 0) {
        await this.#sleepUntil(replay.realTimeOf(next));
        continue;
      }
      if (next === at) break;
      this.#driver?.advanceTo(next);
      const turn = turns.next();
      if (turn !== undefined) await turn;
    }
    this.#pending = Number.NaN;
    // A run that ends while it waits never saw the instant.
    if (!signal.aborted) this.#delivered = at;
    turns.rested();
  }

  #sleepUntil(real: EpochMs): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
      this.#wake = done;
      const cancel = this.#options.clock.callAt(Math.ceil(real), done);
    });
  }
}

/** Errors: LIVE_SPEED_INVALID. */
export function checkSpeed(speed: ReplaySpeed | undefined): void {
  if (speed === undefined || speed === 'max' || (Number.isFinite(speed) && speed > 0)) return;
  throw liveError('LIVE_SPEED_INVALID', `A run cannot go at speed ${String(speed)}.`);
}
