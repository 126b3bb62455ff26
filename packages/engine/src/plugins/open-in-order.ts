// Phase open: feeds, then venues, then controls, each with a time limit; closing goes the other way.
import { isTradingError } from '@bookrunner/sdk';
import { isNetworkError } from './network-error.js';
import { bootError, firstLine, PLUGIN_ERRORS } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import { untilStopped } from './until-stopped.js';
import { withTimeLimit } from './time-limit.js';

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
  /** Once aborted nothing more is opened and nothing waited for: everything is closed, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  /** Removes from texts what came from the environment: `config.source.mask`. */
  readonly mask?: (text: string) => string;
}

/** The open parts. */
export interface OpenedParts {
  /** Parts that failed and that the engine runs without; they are closed. */
  readonly warnings: readonly PhaseFailure[];
  /** Closes everything in reverse order; gives what failed and never rejects. A second call waits for the first. */
  close(): Promise<readonly PhaseFailure[]>;
}

const GROUPS = ['feeds', 'venues', 'controls'] as const;
const NOUNS = { feeds: 'feed', venues: 'venue', controls: 'control surface' } as const;

/**
 * Opens the parts: a group after the other, the parts of a group at the same time. If one fails, the rest of its group is waited
 * for, everything is closed in reverse, and all failures are thrown at once.
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
  readonly #parts: OpenableParts;
  readonly #options: OpenOptions;
  readonly #attempted: Attempt[] = [];
  #closing: Promise<readonly PhaseFailure[]> | undefined;

  constructor(parts: OpenableParts, options: OpenOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      await this.#group('feeds');
      await this.#group('venues');
      await this.#options.afterVenues?.();
      await this.#group('controls');
    } catch (error) {
      await this.close();
      throw error;
    }
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
    const failures = outcomes.filter((outcome) => outcome !== undefined);
    if (failures.length > 0) throw bootError(failures);
  }

  async #open(attempt: Attempt): Promise<PhaseFailure | undefined> {
    const { part, noun } = attempt;
    const outcome = await withTimeLimit(() => part.open(), this.#options.timeoutMs);
    if (outcome.kind === 'done') return undefined;
    const what = `${noun} '${part.name}'`;
    const failure =
      outcome.kind === 'late'
        ? this.#late(attempt, what)
        : this.#refused(attempt, `${what} did not open: ${firstLine(outcome.cause)}.`, outcome.cause);
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

  #late(attempt: Attempt, what: string): PhaseFailure {
    const message = `${what} did not open within ${this.#options.timeoutMs} ms.`;
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
