// Feeds and brokers that a session goes on without: each is opened again and again until it is there, and joins.
import { type Clock, type EngineNotice, type Feed, isTradingError } from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';
import { type AwayPart as UnopenedPart, bootError, firstLine, type PhaseFailure } from '../../plugins/index.js';
import { withTimeLimit } from '../../plugins/time-limit.js';
import type { InstrumentTerms } from '../brokers/broker-instruments.js';
import type { BrokerLine } from '../brokers/broker-line.js';
import { mayPass } from './passing-failure.js';

/** It is opened again after 1, 2, 4 … 30 s. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** After a failure that no time mends, such as a refused password: brokers lock accounts that are tried too often. */
const LASTING_WAIT_MS = 15 * 60_000;
/** Longest time a part may take to close. */
const CLOSE_LIMIT_MS = 5_000;

/** A feed or a broker by its name in engine.yaml. */
export interface PartName {
  readonly kind: 'feed' | 'venue';
  readonly name: string;
}

/** What {@link AwayParts} works on. */
export interface AwayPartsSetup {
  readonly clock: Clock;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly lines: readonly BrokerLine[];
  /** What brokers said of instruments when the run that is gone on from began, by symbol: they cannot be asked while they are away. */
  readonly terms: ReadonlyMap<string, InstrumentTerms>;
  /** Removes what came from the environment. */
  readonly mask: (text: string) => string;
}

/** How parts come into a run that has begun. */
export interface Joining {
  /** Opens the part, and makes it one of the run, unless the signal says that none may join any more. Rejects where it is not there yet. */
  readonly join: (part: PartName, signal: AbortSignal) => Promise<void>;
  readonly tell: (notice: EngineNotice) => void;
}

interface Away extends PartName {
  /** As a start that waits for it would have failed. */
  readonly failure: unknown;
  why: string;
  /** The instance that failed closes. */
  leaving: Promise<void>;
}

/** What of a run that goes on from another is not there. One broker has to be: without any there is nothing to go on with. */
export class AwayParts {
  readonly #setup: AwayPartsSetup;
  readonly #away = new Map<string, Away>();
  readonly #taken: PartName[] = [];
  readonly #closed = new AbortController();

  constructor(setup: AwayPartsSetup) {
    this.#setup = setup;
  }

  isAway({ kind, name }: PartName): boolean {
    return this.#away.has(`${kind} ${name}`);
  }

  /** What it is away for; empty where it is not. */
  whyOf({ kind, name }: PartName): string {
    return this.#away.get(`${kind} ${name}`)?.why ?? '';
  }

  /** What brokers said of the instrument last. */
  termsOf(symbol: string): InstrumentTerms {
    return this.#setup.terms.get(symbol) ?? {};
  }

  /** For `openInOrder`: whether the run goes on without these. */
  takeAll(parts: readonly UnopenedPart[]): boolean {
    const found = parts.map(({ group, name, failure }): Away => {
      const kind = group === 'feeds' ? 'feed' : 'venue';
      return { kind, name, failure: bootError([failure]), why: textOf(failure), leaving: Promise.resolve() };
    });
    if (!this.#hasBrokerBeside(found)) return false;
    for (const each of found) this.#take(each);
    return true;
  }

  /** Whether the run goes on without a part that failed like this once it was open; it is closed then. */
  take(part: PartName, failure: unknown): boolean {
    if (!mayPass(failure)) return false;
    const away = { ...part, failure, why: this.#textOf(failure), leaving: Promise.resolve() };
    if (!this.#hasBrokerBeside([away])) return false;
    this.#take(away);
    return true;
  }

  /** A run that goes on from none is not begun without a part. Errors: that of the first which is away. */
  requireAll(): void {
    const [first] = this.#away.values();
    if (first !== undefined) throw first.failure;
  }

  /** The run has begun: what is away is told, and joins as soon as it is there. */
  begin(joining: Joining): void {
    for (const away of this.#away.values()) {
      this.#tell(away, joining, FIRST_WAIT_MS);
      void this.#untilThere(away, joining);
    }
  }

  /** Nothing joins from now on. */
  stop(): void {
    this.#closed.abort();
  }

  /** Feeds that were away are closed, those that have joined with them; brokers are closed by their run. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#taken.filter(({ kind }) => kind === 'feed').map((part) => this.#leave(part)));
  }

  #hasBrokerBeside(more: readonly PartName[]): boolean {
    const isGone = (name: string): boolean =>
      this.isAway({ kind: 'venue', name }) || more.some((part) => part.kind === 'venue' && part.name === name);
    return this.#setup.lines.some(({ name }) => !isGone(name));
  }

  #take(away: Away): void {
    this.#away.set(`${away.kind} ${away.name}`, away);
    this.#taken.push(away);
    away.leaving = this.#leave(away);
    if (away.kind === 'venue') this.#lineOf(away.name).away(away.why);
  }

  async #untilThere(away: Away, joining: Joining): Promise<void> {
    const { clock, mask } = this.#setup;
    const { signal } = this.#closed;
    // No two instances are connected at once.
    await away.leaving;
    let waitMs = FIRST_WAIT_MS;
    for (let tries = 1; ; tries++) {
      await clock.sleepUntil(clock.nowUtc() + waitMs, signal).catch(() => {});
      if (signal.aborted) return;
      const failure = await joining.join(away, signal).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure === undefined && !signal.aborted) return this.#back(away, joining);
      await this.#leave(away);
      if (failure === undefined || signal.aborted) return;
      waitMs = mayPass(failure.error) ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) : LASTING_WAIT_MS;
      // A start says it in more words.
      if (away.why.includes(mask(firstLine(failure.error)))) continue;
      this.#tell(Object.assign(away, { why: this.#textOf(failure.error) }), joining, waitMs);
    }
  }

  async #leave({ kind, name }: PartName): Promise<void> {
    if (kind === 'venue') return this.#lineOf(name).leave();
    await withTimeLimit(async () => this.#setup.feeds.get(name)?.close(), CLOSE_LIMIT_MS);
  }

  #lineOf(name: string): BrokerLine {
    return this.#setup.lines.find((line) => line.name === name) as BrokerLine;
  }

  #tell({ kind, name, why }: Away, { tell }: Joining, waitMs: number): void {
    const what =
      kind === 'venue'
        ? 'Nothing is sent there, and nobody watches what is open there.'
        : 'Its strategies are not asked, and what they hold is watched at its broker only.';
    const again =
      waitMs < LASTING_WAIT_MS
        ? `in ${waitMs / 1_000} s, then at most every 30 s, until it is there.`
        : `in ${waitMs / 60_000} minutes.`;
    const message = `The session goes on without ${kind} '${name}': ${why} ${what} It is tried again ${again}`;
    tell({ ...this.#at, level: 'alarm', code: 'ENGINE_PART_AWAY', message, details: { kind, name } });
  }

  #back({ kind, name }: Away, { tell }: Joining): void {
    this.#away.delete(`${kind} ${name}`);
    const message = `${kind === 'venue' ? 'Venue' : 'Feed'} '${name}' is there, and has joined the session.`;
    tell({ ...this.#at, level: 'info', code: 'ENGINE_PART_JOINED', message, details: { kind, name } });
  }

  get #at(): Pick<EngineNotice, 'ts'> {
    return { ts: this.#setup.clock.nowUtc() };
  }

  #textOf(error: unknown): string {
    return this.#setup.mask(isTradingError(error) ? textOf(error) : sentence(messageOf(error)));
  }
}

function textOf({ code, message, remedy }: Pick<PhaseFailure, 'code' | 'message' | 'remedy'>): string {
  return `${sentence(`${code}: ${message}`)} ${remedy}`.trim();
}

/** In one line. */
function sentence(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' ');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
