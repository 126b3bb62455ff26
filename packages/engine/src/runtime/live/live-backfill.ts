// While a feed, or one symbol of it, is away its rows wait. When it is back, what it did not bring comes from history, then what waited.
import type { Clock, EngineNotice, EpochMs, FeedState, FeedStatus } from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';
import type { BackfillEvent } from '../../kernel/event.js';
import { ASKED_AT_ONCE } from './history-ahead.js';
import type { BackfillLine, Unwatched } from './live-backfill-line.js';
import type { LiveMarket } from './live-market.js';
import type { QueuedRows } from './live-queue.js';

/** What a feed says when nothing can come. */
const LOST: ReadonlySet<FeedState> = new Set(['disconnected', 'failed']);
const BACK: ReadonlySet<FeedState> = new Set(['live', 'delayed']);

/** Options of {@link LiveBackfill}. */
export interface LiveBackfillOptions {
  readonly feed: string;
  /** Of instruments whose feed has a history to fill gaps with. */
  readonly lines: readonly BackfillLine[];
  /** Symbols of the feed without one. */
  readonly others: readonly string[];
  readonly market: LiveMarket;
  readonly clock: Clock;
  /** Longest time history may take, in ms. */
  readonly limitMs: number;
  readonly mask?: ((text: string) => string) | undefined;
  readonly onNotice: (notice: EngineNotice) => void;
  readonly onFault: (error: unknown) => void;
}

/** Symbols that nobody watched since an instant, and what is said of each once its history is there. */
export interface UnseenSymbols {
  readonly symbols: readonly string[];
  readonly since: EpochMs;
  readonly statusOf: (symbol: string) => FeedStatus;
}

/** What the channel of the feed does for it. */
export interface BackfillSink {
  /** To kernel and people; `filled`: symbols of which nothing is missing. */
  status(status: FeedStatus, filled: readonly string[]): void;
  /** Rows of the symbol that waited were taken. */
  took(symbol: string, rows: number): void;
}

/** Lines that are filled together, and what the feed has said since they came back. */
interface Job {
  readonly lines: Set<BackfillLine>;
  statuses: FeedStatus[];
  /** Why: the feed was away, nobody was here, bars were left out, or rows had no place before the run began. */
  readonly cause: 'outage' | 'restart' | 'skip' | 'overflow';
  /** Lines whose history is there, and those without, with the reason. */
  readonly filled: Set<BackfillLine>;
  readonly failed: Map<BackfillLine, string>;
  rows: number;
  /** History has taken too long; and what forgets about that. */
  readonly limit: AbortSignal;
  readonly cancel: () => void;
}

/**
 * Fills the gaps of one feed. To the kernel the feed is away until all is in: no new risk, no strategy is asked about its bars;
 * reports and commands go on. A line that is lost again meanwhile begins anew; the others of its job are not kept waiting.
 */
export class LiveBackfill {
  readonly #options: LiveBackfillOptions;
  readonly #lines: ReadonlyMap<string, BackfillLine>;
  readonly #jobs = new Set<Job>();
  #sink!: BackfillSink;
  #isFeedAway = false;
  #isClosed = false;
  #heldLines = 0;

  constructor(options: LiveBackfillOptions) {
    this.#options = options;
    this.#lines = new Map(options.lines.map((line) => [line.symbol, line]));
  }

  connect(sink: BackfillSink): void {
    this.#sink = sink;
  }

  /** Whether rows of any symbol wait. */
  get isHolding(): boolean {
    return this.#heldLines > 0;
  }

  /** Rows pushed out of full queues. */
  get dropped(): number {
    return [...this.#lines.values()].reduce((sum, { queue }) => sum + queue.dropped, 0);
  }

  /** The run goes on from another: the kernel holds these symbols already. */
  restart({ symbols, since, statusOf }: UnseenSymbols): void {
    const lines = symbols.flatMap((symbol) => this.#lines.get(symbol) ?? []);
    for (const line of lines) {
      line.lostAt = since;
      this.#mark(line, 'away');
    }
    if (lines.length > 0) this.#start(lines, { statuses: symbols.map(statusOf), cause: 'restart' });
  }

  /** The run begins while the feed is away: the kernel holds all its symbols already. */
  begunWithout(sinceOf: (symbol: string) => Unwatched): void {
    for (const line of this.#lines.values()) {
      line.unwatched = sinceOf(line.symbol);
      line.lostAt = line.unwatched.since;
      this.#mark(line, 'away');
    }
  }

  /** Whether the entry is kept: it is delivered when its time comes. */
  takes(entry: QueuedRows): boolean {
    if (this.#isClosed) return false;
    if (entry.kind === 'status') return this.#takesStatus(entry.status);
    if (this.#heldLines === 0) return false;
    const line = this.#lines.get(entry.kind === 'tick' ? entry.tick.symbol : entry.columns.symbol);
    if (line === undefined || line.stage === 'well') return false;
    line.queue.push(entry);
    return true;
  }

  /**
   * The ready bar of `ts` came and the one before it did not, though the market was open. True where history is asked: rows of the symbol
   * wait from now on. One in which nothing was found is asked again after twice the time, so that an instrument that trades seldom
   * costs little.
   */
  skipped(symbol: string, ts: EpochMs): boolean {
    const line = this.#lines.get(symbol);
    const now = this.#options.clock.nowUtc();
    if (line === undefined || this.#isClosed || line.stage !== 'well' || now < line.lookAt) return false;
    line.lostAt = now;
    line.until = ts;
    this.#start([line], { statuses: [], cause: 'skip' });
    return true;
  }

  /** Rows that waited for the run to begin were pushed out: those that are left wait until what is missing has come from history. */
  overflowed(since: EpochMs): void {
    const lines = [...this.#lines.values()].filter(({ stage }) => stage === 'well');
    for (const line of lines) {
      line.lostAt = since;
      line.mayRepeat();
    }
    if (lines.length > 0) this.#start(lines, { statuses: [], cause: 'overflow' });
  }

  /** Ends all that is under way; what is held stays so, for the next start to find. */
  close(): void {
    this.#isClosed = true;
    for (const job of this.#jobs) this.#end(job);
    for (const line of this.#lines.values()) line.abort();
  }

  #takesStatus(status: FeedStatus): boolean {
    const { state, symbol } = status;
    const lines = [...this.#lines.values()].filter((line) => symbol === undefined || line.symbol === symbol);
    if (LOST.has(state)) {
      this.#lose(status, lines);
      return false;
    }
    if (state === 'ended') {
      this.#giveUp(lines);
      return false;
    }
    return BACK.has(state) ? this.#back(status, lines) : this.#follows(status, lines);
  }

  #lose(status: FeedStatus, lines: readonly BackfillLine[]): void {
    if (status.symbol === undefined) this.#isFeedAway = true;
    const lost: BackfillLine[] = [];
    for (const line of lines) {
      if (status.symbol !== undefined) line.away = status;
      line.abort();
      for (const job of this.#jobs) drop(job, line);
      if (line.stage === 'well') line.lostAt = this.#options.clock.nowUtc();
      if (line.stage !== 'away') lost.push(line);
      this.#mark(line, 'away');
    }
    if (lost.length > 0) this.#tellKernel('hold', lost);
    for (const job of this.#jobs) {
      if (job.lines.size > 0) continue;
      this.#end(job);
      // The feed itself is back, though each of its symbols was lost again.
      if (!this.#isFeedAway) this.#say(job);
    }
  }

  #back(status: FeedStatus, lines: readonly BackfillLine[]): boolean {
    if (status.symbol === undefined) this.#isFeedAway = false;
    if (this.#isFeedAway) {
      // A symbol is not back before its feed is.
      for (const line of lines) line.away = undefined;
      return false;
    }
    const away = lines.filter(({ stage }) => stage === 'away');
    if (away.length === 0) return this.#follows(status, lines);
    const cause = away.some(({ unwatched }) => unwatched !== undefined) ? 'restart' : 'outage';
    this.#start(away, { statuses: [status], cause });
    return true;
  }

  /** What is said of lines that are being filled comes after what was said before. */
  #follows(status: FeedStatus, lines: readonly BackfillLine[]): boolean {
    const job = [...this.#jobs].findLast((one) => lines.some((line) => one.lines.has(line)));
    job?.statuses.push(status);
    return job !== undefined;
  }

  /** Nothing more comes: what waits is taken, and what is missing stays so. */
  #giveUp(lines: readonly BackfillLine[]): void {
    const held = lines.filter(({ stage }) => stage !== 'well');
    for (const line of held) {
      line.abort();
      for (const job of this.#jobs) job.lines.delete(line);
    }
    for (const job of this.#jobs) if (job.lines.size === 0) this.#end(job);
    for (const line of held) {
      this.#sink.took(line.symbol, line.waited());
      line.show();
    }
    this.#release(held);
  }

  #start(lines: readonly BackfillLine[], { statuses, cause }: Pick<Job, 'statuses' | 'cause'>): void {
    const { clock, limitMs } = this.#options;
    const now = clock.nowUtc();
    const limit = new AbortController();
    const waits = lines.map(({ mayAskAt }) => Math.max(0, mayAskAt - now));
    const late = (): void => limit.abort(new Error(`nothing within ${limitMs} ms`));
    const job: Job = {
      lines: new Set(lines),
      statuses: [...statuses],
      ...{ cause, filled: new Set(), failed: new Map(), rows: 0, limit: limit.signal },
      cancel: clock.callAt(now + Math.max(...waits) + limitMs, late),
    };
    this.#jobs.add(job);
    for (const line of lines) this.#mark(line, 'filling');
    this.#tellKernel('fill', lines);
    this.#work(job).catch(this.#options.onFault);
  }

  async #work(job: Job): Promise<void> {
    const waiting = [...job.lines].map((line) => ({ line, signal: line.begin() }));
    const one = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.#fill(next.line, job, next.signal);
      }
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, one));
    if (this.#jobs.has(job)) this.#finish(job);
  }

  /** Never rejects for what a history does: only where the kernel cannot go on. */
  async #fill(line: BackfillLine, job: Job, signal: AbortSignal): Promise<void> {
    if (!(await this.#ask(line, job, signal))) return;
    // What is pushed out from here on is newer than what this answer has: it is asked once more, for that.
    if (!line.hasOverflowed) return void job.filled.add(line);
    if (!(await this.#ask(line, job, signal))) return;
    if (line.hasOverflowed) job.failed.set(line, 'more rows came while it was asked than there is place for');
    else job.filled.add(line);
  }

  /** Asks history once; false where nothing came of it. */
  async #ask(line: BackfillLine, job: Job, signal: AbortSignal): Promise<boolean> {
    await line.mayAsk(signal);
    if (signal.aborted) return false;
    const missed = await line.ask(AbortSignal.any([signal, job.limit])).catch((error: unknown) => ({ error }));
    if (signal.aborted) return false;
    if ('error' in missed) {
      job.failed.set(line, this.#textOf(missed.error));
      line.found(0, job.cause === 'skip');
      return false;
    }
    // Bars made of ticks of which history has the bars alone: those under way at both ends are given up.
    if (line.isMadeOfTicks && missed.ticks.length === 0 && missed.bars.length > 0) {
      this.#options.market.take((at) => ({
        kind: 'backfill',
        at,
        stage: 'drop',
        symbols: [line.symbol],
        to: missed.to,
      }));
    }
    const rows = await line.enter(missed, signal);
    job.rows += rows;
    line.found(rows, job.cause === 'skip');
    return !signal.aborted;
  }

  #finish(job: Job): void {
    this.#end(job);
    const lines = [...job.lines];
    const took = lines.map((line) => line.waited());
    // As at a start without history: what was under way when the engine ended, or lost rows since, is no whole bar.
    const isTorn = job.cause === 'restart' || job.cause === 'overflow';
    const torn = isTorn ? lines.filter((line) => job.failed.has(line)) : [];
    if (torn.length > 0) this.#tellKernel('drop', torn);
    // Before anything is ordered.
    for (const line of lines) line.show();
    this.#say(job);
    this.#release(lines);
    lines.forEach((line, place) => this.#sink.took(line.symbol, took[place] as number));
    this.#tell(job, lines);
  }

  /** What the feed has said, in order. */
  #say(job: Job): void {
    for (const status of job.statuses) {
      this.#sink.status(status, this.#wholeFor(status, job));
      if (status.symbol === undefined && BACK.has(status.state)) this.sayAway(job.lines);
    }
  }

  /** A feed that is back brings its symbols back: of those that are not, but for `lines`, it is said again. */
  sayAway(lines: ReadonlySet<BackfillLine> = new Set()): void {
    for (const line of this.#lines.values()) {
      if (line.away !== undefined && !lines.has(line)) this.#options.market.status(line.away);
    }
  }

  /** Symbols of which nothing is missing when this is said. Those without history miss what the whole feed missed. */
  #wholeFor({ symbol }: FeedStatus, { filled }: Job): readonly string[] {
    const whole = [...this.#lines.values()].filter((line) => line.stage === 'well' || filled.has(line));
    return [...whole.map((line) => line.symbol), ...(symbol === undefined ? [] : this.#options.others)];
  }

  #end(job: Job): void {
    job.cancel();
    this.#jobs.delete(job);
  }

  #release(lines: readonly BackfillLine[]): void {
    if (lines.length === 0) return;
    for (const line of lines) {
      line.away = undefined;
      line.unwatched = undefined;
      this.#mark(line, 'well');
    }
    this.#tellKernel('release', lines);
  }

  #mark(line: BackfillLine, stage: BackfillLine['stage']): void {
    if (line.stage === 'well') this.#heldLines += 1;
    line.stage = stage;
    if (stage === 'well') this.#heldLines -= 1;
  }

  #tellKernel(stage: BackfillEvent['stage'], lines: readonly BackfillLine[]): void {
    const symbols = lines.map(({ symbol }) => symbol);
    this.#options.market.take((at) => ({ kind: 'backfill', at, stage, symbols }));
  }

  #tell({ rows, failed }: Job, lines: readonly BackfillLine[]): void {
    const { feed, clock, onNotice } = this.#options;
    const ts: EpochMs = clock.nowUtc();
    const missing = lines.filter((line) => failed.has(line));
    if (rows > 0) {
      const symbols = lines.filter((line) => !failed.has(line)).map(({ symbol }) => symbol);
      const message = `Feed '${feed}', ${symbols.join(', ')}: ${rows} rows that it did not bring came from history.`;
      onNotice({ ts, level: 'info', code: 'FEED_BACKFILLED', message, details: { feed, symbols, rows } });
    }
    for (const { symbol } of missing) {
      const reason = failed.get(this.#lines.get(symbol) as BackfillLine) ?? '';
      const message = `Feed '${feed}', ${symbol}: what it did not bring is not in its history: ${reason}. Bars of that time are missing; look at the history of the data source, or raise engine.history.limitMs.`;
      onNotice({ ts, level: 'warning', code: 'FEED_BACKFILL_FAILED', message, details: { feed, symbol } });
    }
  }

  #textOf(error: unknown): string {
    const text = messageOf(error).split('\n')[0] ?? '';
    return (this.#options.mask?.(text) ?? text).replace(/\.$/, '');
  }
}

/** A line is lost again: what was to be said of it alone is true no longer. */
function drop(job: Job, line: BackfillLine): void {
  job.lines.delete(line);
  job.statuses = job.statuses.filter(({ symbol }) => symbol !== line.symbol);
}
