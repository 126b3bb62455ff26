// Phase open: feeds, then venues, then controls, each with a time limit; closing goes the other way.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { isNetworkError } from './network-error.js';
import { bootError, failuresOf, firstLine, PLUGIN_ERRORS } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import { untilStopped } from './until-stopped.js';
import { withTimeLimit } from './time-limit.js';
import { sentence } from '../sentence.js';

/** A part that connects: a feed, a venue with its sink, a control surface with its engine. */
export interface Openable {
  readonly name: string;
  open(): Promise<void>;
  /** Safe to call twice, also after a failed `open`. */
  close(): Promise<void>;
  /** The engine runs without it: a failure is a warning. */
  readonly isOptional?: boolean;
}

/** The parts by group, in the order of opening. */
export interface OpenableParts {
  readonly feeds?: readonly Openable[];
  readonly venues?: readonly Openable[];
  readonly controls?: readonly Openable[];
}

/** What {@link openInOrder} takes. */
export interface OpenOptions {
  /** Longest time one part may take to open, and to close. */
  readonly timeoutMs: number;
  /** Runs once the venues are open and before the controls are: reconciliation. A throw closes everything and is passed on. */
  readonly afterVenues?: () => Promise<void>;
  /**
   * Whether the engine begins without parts that cannot be opened for now; asked once every feed and venue was tried. Whoever
   * agrees has to close them, and to open them later. Absent: it needs all. Given: parts that take long are not waited for once others are open.
   */
  readonly mayDoWithout?: (away: readonly AwayPart[]) => boolean;
  /** Once aborted nothing more is opened and nothing waited for: everything is closed, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  /** Removes from texts what came from the environment: `config.source.mask`. */
  readonly mask?: (text: string) => string;
}

/** A feed or venue that could not be opened for now. */
export interface AwayPart {
  readonly group: 'feeds' | 'venues';
  readonly name: string;
  readonly failure: PhaseFailure;
}

/** The open parts. */
export interface OpenedParts {
  /** Parts that failed and that the engine runs without; they are closed. */
  readonly warnings: readonly PhaseFailure[];
  /** Closes everything in reverse order; gives what failed and never rejects. A second call waits for the first. */
  close(): Promise<readonly PhaseFailure[]>;
}

/** So long a part is waited for after the first venue is open, where the engine may do without it. */
const OTHERS_WAIT_MS = 10_000;
/** After this time venues are opened though a feed is not, where the engine may do without it. */
const HEAD_START_MS = 2_000;

const GROUPS = ['feeds', 'venues', 'controls'] as const;
const NOUNS = { feeds: 'feed', venues: 'venue', controls: 'control surface' } as const;

/**
 * Opens the parts: a group after the other, the parts of a group at the same time; where the engine may do without some, venues no later
 * than 2 s after feeds. If one fails that the engine needs, the rest of its
 * group is waited for, everything is closed in reverse, and all failures are thrown at once.
 * Errors: the reason of `signal`; PLUGIN_BOOT_FAILED with what a part says of itself, PLUGIN_OPEN_FAILED where that has no code, and PLUGIN_OPEN_TIMEOUT; whatever `afterVenues` throws.
 */
export async function openInOrder(parts: OpenableParts, options: OpenOptions): Promise<OpenedParts> {
  const opening = new Opening(parts, options);
  await opening.run();
  return opening;
}

interface Attempt {
  readonly part: Openable;
  readonly path: string;
  readonly noun: string;
}

class Opening implements OpenedParts {
  readonly warnings: PhaseFailure[] = [];
  /** What could not be opened for now. */
  readonly #away: AwayPart[] = [];
  readonly #patience: Patience | undefined;
  readonly #parts: OpenableParts;
  readonly #options: OpenOptions;
  #attempted: Attempt[] = [];
  #closing: Promise<readonly PhaseFailure[]> | undefined;

  constructor(parts: OpenableParts, options: OpenOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#patience = options.mayDoWithout === undefined ? undefined : new Patience(OTHERS_WAIT_MS);
  }

  async run(): Promise<void> {
    try {
      await this.#feedsAndVenues();
      this.#doWithout();
      await this.#options.afterVenues?.();
      await this.#group('controls');
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      this.#patience?.end();
    }
  }

  /** Where the engine may do without a feed, one that hangs does not keep it from its brokers: there what is open waits for protection. */
  async #feedsAndVenues(): Promise<void> {
    const feeds = this.#group('feeds');
    if (this.#options.mayDoWithout === undefined) await feeds;
    const early = await withTimeLimit(() => feeds, HEAD_START_MS);
    if (early.kind === 'failed') throw early.cause;
    const venues = this.#group('venues');
    // Both, whichever fails: none is opened any more when everything is closed.
    const outcomes = await Promise.allSettled([feeds, venues]);
    // A stop is no failure, whatever has failed before it.
    this.#options.signal?.throwIfAborted();
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const failures = reasons.flatMap((reason) => (isBootError(reason) ? failuresOf(reason) : []));
    if (reasons.length > 0) throw failures.length === 0 ? reasons[0] : bootError([...new Set(failures)]);
  }

  close(): Promise<readonly PhaseFailure[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #group(group: (typeof GROUPS)[number]): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const attempts = (this.#parts[group] ?? []).map((part) => ({
      part,
      path: `${group}.${part.name}`,
      noun: NOUNS[group],
    }));
    this.#attempted.push(...attempts);
    const opening = Promise.all(attempts.map((attempt) => this.#open(attempt)));
    const { signal } = this.#options;
    const outcomes = await (signal === undefined ? opening : untilStopped(opening, signal));
    const failed = outcomes.flatMap((failure, at) =>
      failure === undefined ? [] : { attempt: attempts[at] as Attempt, failure },
    );
    if (failed.length === 0) return;
    const isForNow = failed.every(({ failure }) => failure.isPassing === true);
    if (group === 'controls' || this.#options.mayDoWithout === undefined || !isForNow)
      throw this.#boot(failed.map(({ failure }) => failure));
    for (const { attempt, failure } of failed) {
      this.#away.push({ group, name: attempt.part.name, failure });
    }
  }

  #doWithout(): void {
    if (this.#away.length === 0) return;
    if (this.#options.mayDoWithout?.(this.#away) !== true) throw this.#boot([]);
    const isAway = ({ path }: Attempt): boolean => this.#away.some(({ group, name }) => path === `${group}.${name}`);
    this.#attempted = this.#attempted.filter((attempt) => !isAway(attempt));
  }

  #boot(failures: readonly PhaseFailure[]): Error {
    return bootError([...this.#away.map(({ failure }) => failure), ...failures]);
  }

  async #open(attempt: Attempt): Promise<PhaseFailure | undefined> {
    const { part, noun } = attempt;
    const { timeoutMs } = this.#options;
    const patience = noun === NOUNS.controls ? undefined : this.#patience;
    const opening = withTimeLimit(() => part.open(), timeoutMs);
    const outcome = await (patience === undefined ? opening : Promise.race([opening, patience.over]));
    if (outcome.kind === 'done') {
      if (noun === NOUNS.venues) patience?.begin();
      return undefined;
    }
    const what = `${noun} '${part.name}'`;
    const failure =
      outcome.kind === 'late'
        ? this.#late(
            attempt,
            `${what} did not open within ${patience?.isOver === true ? `${OTHERS_WAIT_MS} ms after a venue was open` : `${timeoutMs} ms`}.`,
          )
        : this.#refused(attempt, sentence(`${what} did not open: ${firstLine(outcome.cause)}`), outcome.cause);
    if (part.isOptional !== true) return failure;
    this.warnings.push(failure);
    // What is half open now is never used; a failure to close it has nothing to add.
    await withTimeLimit(() => part.close(), this.#options.timeoutMs);
    this.#attempted.splice(this.#attempted.indexOf(attempt), 1);
    return undefined;
  }

  async #closeAll(): Promise<readonly PhaseFailure[]> {
    const failures: PhaseFailure[] = [];
    for (const attempt of this.#attempted.toReversed()) {
      const { part, noun } = attempt;
      // In order on purpose: what was opened later may need what was opened before.
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await withTimeLimit(() => part.close(), this.#options.timeoutMs);
      if (outcome.kind === 'done') continue;
      const how =
        outcome.kind === 'late'
          ? `not close within ${this.#options.timeoutMs} ms`
          : `not close: ${firstLine(outcome.cause)}`;
      failures.push(this.#failure(attempt, 'PLUGIN_CLOSE_FAILED', `${noun} '${part.name}' did ${how}.`));
    }
    return failures;
  }

  #late(attempt: Attempt, message: string): PhaseFailure {
    return { ...this.#failure(attempt, 'PLUGIN_OPEN_TIMEOUT', message), isPassing: true };
  }

  /** What the plugin itself says of it, and what to do, says more than we could. */
  #refused(attempt: Attempt, message: string, cause: unknown): PhaseFailure {
    const failure = this.#failure(attempt, 'PLUGIN_OPEN_FAILED', message);
    if (!isTradingError(cause)) return isNetworkError(cause) ? { ...failure, isPassing: true } : failure;
    const remedy = cause.remedy === '' ? failure.remedy : (this.#options.mask?.(cause.remedy) ?? cause.remedy);
    return { ...failure, code: cause.code, remedy, ...(cause.severity === 'retryable' ? { isPassing: true } : {}) };
  }

  #failure(
    attempt: Attempt,
    code: 'PLUGIN_OPEN_FAILED' | 'PLUGIN_OPEN_TIMEOUT' | 'PLUGIN_CLOSE_FAILED',
    message: string,
  ): PhaseFailure {
    const masked = this.#options.mask?.(message) ?? message;
    return { phase: 'open', code, path: attempt.path, message: masked, remedy: PLUGIN_ERRORS[code].remedy };
  }
}

/** What is waited no longer than some time after it began. */
class Patience {
  readonly over: Promise<{ readonly kind: 'late' }>;
  isOver = false;
  readonly #limitMs: number;
  #resolve!: (outcome: { readonly kind: 'late' }) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.isOver = true;
      this.#resolve({ kind: 'late' });
    }, this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function isBootError(error: unknown): error is TradingError {
  return isTradingError(error) && error.code === 'PLUGIN_BOOT_FAILED';
}
