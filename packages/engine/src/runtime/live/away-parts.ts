// Feeds and brokers that a session goes on without: each is opened again and again until it is there, and joins.
import { type Clock, type EngineNotice, type Feed, isTradingError } from '@bookrunner/sdk';
import { type AwayPart as UnopenedPart, bootError, firstLine } from '../../plugins/index.js';
import { withTimeLimit } from '../../plugins/time-limit.js';
import type { InstrumentTerms } from '../brokers/broker-instruments.js';
import type { BrokerLine } from '../brokers/broker-line.js';
import { AwayNews, failureText, type Trying, whyAway } from './away-news.js';
import { mayPass } from './passing-failure.js';

/** It is opened again after 1, 2, 4 … 30 s. */
const FIRST_WAIT_MS = 1_000;
/**
 * Longest wait by what the last try has failed of: what may pass; nobody knows; and what no time mends, such as a refused password, after
 * the first try at once: brokers lock accounts that are tried too often.
 */
const LONGEST_WAIT_MS: Readonly<Record<Trying, number>> = {
  soon: 30_000,
  'ever-less': 15 * 60_000,
  seldom: 15 * 60_000,
};
/** Longest time for an answer before the run begins, where it may do without it: what is open elsewhere waits for protection. */
const AWAY_ANSWER_MS = 10_000;
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
  join(part: PartName, signal: AbortSignal): Promise<void>;
  tell(notice: EngineNotice): void;
  /** It is away for another reason now. */
  stillAway(part: PartName, why: string): void;
  /** Whether it is away by plan. */
  isPlanned(part: PartName): boolean;
}

interface Away extends PartName {
  /** As a start that waits for it would have failed. */
  readonly failure: unknown;
  readonly news: AwayNews;
  /** The instance that failed closes. */
  leaving: Promise<void>;
}

/** What of a run that goes on from another is not there. One broker has to be: without any there is nothing to go on with. */
export class AwayParts {
  readonly #setup: AwayPartsSetup;
  readonly #away = new Map<string, Away>();
  readonly #taken: Away[] = [];
  readonly #closed = new AbortController();

  constructor(setup: AwayPartsSetup) {
    this.#setup = setup;
  }

  isAway({ kind, name }: PartName): boolean {
    return this.#away.has(`${kind} ${name}`);
  }

  /** What it is away for; empty where it is not. */
  whyOf({ kind, name }: PartName): string {
    return this.#away.get(`${kind} ${name}`)?.news.why ?? '';
  }

  /** What brokers said of the instrument last. */
  termsOf(symbol: string): InstrumentTerms {
    return this.#setup.terms.get(symbol) ?? {};
  }

  /** For `openInOrder`: whether the run goes on without these. */
  takeAll(parts: readonly UnopenedPart[]): boolean {
    const found = parts.map(({ group, name, failure }) => {
      const part = { kind: group === 'feeds' ? 'feed' : 'venue', name } as const;
      return awayOf(part, bootError([failure]), failureText(failure));
    });
    if (!this.#hasBrokerBeside(found)) return false;
    for (const each of found) this.#take(each);
    return true;
  }

  /** Whether the run goes on without a part that failed like this once it was open; it is closed then. */
  take(part: PartName, failure: unknown): boolean {
    if (!mayPass(failure) || !this.#hasBrokerBeside([part])) return false;
    this.#take(awayOf(part, failure, this.#setup.mask(whyAway(failure))));
    return true;
  }

  /** How long, in ms, an answer of a part is waited for before the run begins; `longestMs` where there is no run without the part. */
  answerMs(part: PartName, longestMs: number): number {
    return this.#hasBrokerBeside([part]) ? AWAY_ANSWER_MS : longestMs;
  }

  /** A run that goes on from none is not begun without a part. Errors: that of the first which is away. */
  requireAll(): void {
    const [first] = this.#away.values();
    if (first !== undefined) throw first.failure;
  }

  /** The run has begun: what is away is told, and joins as soon as it is there. */
  begin(joining: Joining): void {
    for (const away of this.#away.values()) {
      this.#tell(away, 'soon', joining);
      void this.#untilThere(away, joining);
    }
  }

  /** Nothing joins from now on. */
  stop(): void {
    this.#closed.abort();
  }

  /** Feeds that were away are closed, those that have joined with them; of brokers what failed is: the others their run closes. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#taken.map((away) => (away.kind === 'feed' ? this.#leave(away) : away.leaving)));
  }

  #hasBrokerBeside(more: readonly PartName[]): boolean {
    const isGone = (name: string): boolean =>
      this.isAway({ kind: 'venue', name }) || more.some((part) => part.kind === 'venue' && part.name === name);
    return this.#setup.lines.some(({ name }) => !isGone(name));
  }

  #take(away: Away): void {
    this.#away.set(`${away.kind} ${away.name}`, away);
    this.#taken.push(away);
    if (away.kind === 'venue') this.#lineOf(away.name).away(away.news.why);
    away.leaving = this.#leave(away);
  }

  async #untilThere(away: Away, joining: Joining): Promise<void> {
    const { clock } = this.#setup;
    const { signal } = this.#closed;
    let waitMs = FIRST_WAIT_MS;
    for (let tries = 1; ; tries++) {
      // Two instances are not connected at once, but where one does not close within its time.
      await away.leaving;
      await clock.sleepUntil(clock.nowUtc() + waitMs, signal).catch(() => {});
      if (signal.aborted) return;
      const failure = await joining.join(away, signal).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure === undefined && !signal.aborted) return this.#back(away, joining);
      away.leaving = this.#leave(away);
      if (failure === undefined || signal.aborted) return;
      const trying = tryingAfter(failure.error);
      waitMs = Math.min(LONGEST_WAIT_MS[trying], trying === 'seldom' ? Infinity : FIRST_WAIT_MS * 2 ** tries);
      this.#failed(away, { error: failure.error, trying }, joining);
    }
  }

  /** What shows the part says why; told where it is news. */
  #failed(away: Away, { error, trying }: { readonly error: unknown; readonly trying: Trying }, joining: Joining): void {
    const { clock, mask } = this.#setup;
    const { news } = away;
    const before = news.why;
    const [line, why] = [mask(firstLine(error)), mask(whyAway(error))];
    const isNew = news.failed({ line, why, trying, now: clock.nowUtc() });
    if (news.why !== before) joining.stillAway(away, news.why);
    if (isNew) this.#tell(away, trying, joining);
  }

  async #leave({ kind, name }: PartName): Promise<void> {
    if (kind === 'venue') return this.#lineOf(name).leave();
    await withTimeLimit(async () => this.#setup.feeds.get(name)?.close(), CLOSE_LIMIT_MS);
  }

  #lineOf(name: string): BrokerLine {
    return this.#setup.lines.find((line) => line.name === name) as BrokerLine;
  }

  #tell(away: Away, trying: Trying, joining: Joining): void {
    joining.tell(away.news.away(trying, { ts: this.#setup.clock.nowUtc(), isPlanned: joining.isPlanned(away) }));
  }

  #back({ kind, name, news }: Away, joining: Joining): void {
    this.#away.delete(`${kind} ${name}`);
    joining.tell(news.joined(this.#setup.clock.nowUtc()));
  }
}

function awayOf(part: PartName, failure: unknown, why: string): Away {
  return { ...part, failure, news: new AwayNews(part, why), leaving: Promise.resolve() };
}

function tryingAfter(error: unknown): Trying {
  if (mayPass(error)) return 'soon';
  // What a plugin throws without a word on whether it may pass.
  return isTradingError(error) && error.details['isUnclassified'] !== true ? 'seldom' : 'ever-less';
}
