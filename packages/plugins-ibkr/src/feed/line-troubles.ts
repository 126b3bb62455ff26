// What is done when the gateway speaks against a subscription.
import type { Clock, Logger } from '@bookrunner/sdk';
import type { DataCodeKind, DataVerdict } from './data-codes.js';
import type { IbkrFeedOptions } from './feed-options.js';
import type { FeedReporter } from './feed-reporter.js';
import type { LineState, Trouble } from './line-health.js';
import type { MarketLine } from './market-line.js';

/** Data that another session has is asked for again after this time. */
const COMPETING_RETRY_MS = 60_000;
/** People hear of it at most this often. */
const ALERT_EVERY_MS = 900_000;
/** A line that may be cut off is silent for this long: it is. */
const MISSING_MS = 3_000;
/** Times a request is asked again under another id. */
const MOST_DUPLICATES = 3;

const REFUSALS = { 'too-many': 'IBKR_DATA_LIMIT', refused: 'IBKR_FEED_UNAVAILABLE' } as const;
/** Nobody has to do anything. */
const QUIET: ReadonlySet<DataCodeKind> = new Set(['advisory', 'unknown-id']);

/** What {@link LineTroubles} is made of. */
export interface LineTroublesParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: IbkrFeedOptions;
  readonly reporter: FeedReporter;
  /** Asks for the top of book of a line again. */
  readonly renew: (line: MarketLine) => void;
  /** Ends a tick-by-tick request that was refused; too early is what comes within 15 s of another. */
  readonly fallBack: (line: MarketLine, kind: 'quotes' | 'trades', isTooEarly: boolean) => void;
}

export class LineTroubles {
  readonly #parts: LineTroublesParts;
  readonly #competing = new Set<MarketLine>();
  readonly #farms = new Map<string, Set<MarketLine>>();
  readonly #duplicates = new WeakMap<MarketLine, number>();
  readonly #timers = new Set<() => void>();
  #cancelRetry: (() => void) | undefined;
  #alertedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: LineTroublesParts) {
    this.#parts = parts;
  }

  close(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#competing.clear();
    this.#farms.clear();
  }

  forget(line: MarketLine): void {
    this.#competing.delete(line);
    for (const lines of this.#farms.values()) lines.delete(line);
  }

  breakFarm(name: string, lines: readonly MarketLine[]): void {
    const known = this.#farms.get(name) ?? new Set();
    this.#farms.set(name, known);
    for (const line of lines) {
      known.add(line);
      this.#missing(line, 'farm', { reason: 'IBKR_FARM_BROKEN', message: farmMessage(name) });
    }
  }

  /** Lines to ask for again, now that the farm is whole. Of those that another broken farm may carry it is that one that is told. */
  mendFarm(name: string): readonly MarketLine[] {
    const lines = [...(this.#farms.get(name) ?? [])];
    this.#farms.delete(name);
    for (const { health, other } of lines.map((line) => ({ health: line.health, other: this.#farmOf(line) }))) {
      if (other !== undefined && health.has('farm')) health.rename('farm', farmMessage(other));
    }
    return lines;
  }

  /** Names of the farms that are broken. */
  get brokenFarms(): readonly string[] {
    return [...this.#farms.keys()];
  }

  /** Whether a farm that may carry the line is broken. */
  isFarmBroken(line: MarketLine): boolean {
    return this.#farmOf(line) !== undefined;
  }

  #farmOf(line: MarketLine): string | undefined {
    return [...this.#farms].find(([, lines]) => lines.has(line))?.[0];
  }

  /** The gateway spoke of a request for the top of book. */
  onBook(line: MarketLine, { kind, text }: DataVerdict): void {
    switch (kind) {
      case 'not-subscribed':
        return this.#notSubscribed(line, text, 'failed');
      case 'partly-subscribed':
        // What is subscribed may come all the same: then nothing is wrong.
        return line.hasRows ? undefined : this.#notSubscribed(line, text, 'stale');
      case 'too-many':
      case 'refused':
        return line.health.add('failed', { state: 'failed', reason: REFUSALS[kind], message: text });
      case 'duplicate-id':
        return this.#duplicate(line, text);
      case 'ended':
        return this.#parts.renew(line);
      case 'competing':
        return this.#compete(line, text);
      default:
        this.#note(line, { kind, text });
    }
  }

  /** The gateway spoke of a tick-by-tick request. */
  onTickByTick(
    { line, kind }: { readonly line: MarketLine; readonly kind: 'quotes' | 'trades' },
    verdict: DataVerdict,
  ): void {
    const { text } = verdict;
    if (verdict.kind === 'competing') return this.#compete(line, text);
    if (verdict.kind === undefined || QUIET.has(verdict.kind)) return this.#note(line, verdict);
    this.#parts.fallBack(line, kind, /within 15 sec/i.test(text));
    const { state } = line.health.state;
    const message = `No tick-by-tick ${kind}, the top of book is used instead. ${text}`;
    this.#parts.reporter.tell(line, { state, reason: 'IBKR_DATA_LIMIT', message });
  }

  /**
   * Rows may be missing. What comes all the same proves that they are not; after a while without any the line is told as
   * disconnected, so that the engine asks history for what was missed.
   */
  #missing(line: MarketLine, trouble: Trouble, why: Pick<LineState, 'reason' | 'message'>): void {
    if (line.health.has(trouble)) return;
    const { clock } = this.#parts;
    line.health.add(trouble, { state: 'stale', ...why });
    const cancel = clock.callAt(clock.nowUtc() + MISSING_MS, () => {
      this.#timers.delete(cancel);
      if (line.health.has(trouble)) line.health.add(trouble, { state: 'disconnected', ...why });
    });
    this.#timers.add(cancel);
  }

  #note(line: MarketLine, { kind, text }: DataVerdict): void {
    if (kind !== undefined && QUIET.has(kind)) return;
    this.#parts.logger.warn('The gateway says something of a subscription.', { symbol: line.symbol, text });
  }

  #notSubscribed(line: MarketLine, message: string, state: 'failed' | 'stale'): void {
    if (this.#parts.options.marketData === 'delayed-if-needed' && !line.wantsDelayed) {
      line.wantsDelayed = true;
      return this.#parts.renew(line);
    }
    line.health.add('not-subscribed', { state, reason: 'IBKR_DATA_NOT_SUBSCRIBED', message });
  }

  #duplicate(line: MarketLine, message: string): void {
    const count = (this.#duplicates.get(line) ?? 0) + 1;
    this.#duplicates.set(line, count);
    if (count <= MOST_DUPLICATES) return this.#parts.renew(line);
    line.health.add('failed', { state: 'failed', reason: 'IBKR_FEED_UNAVAILABLE', message });
  }

  #compete(line: MarketLine, message: string): void {
    const { clock, logger } = this.#parts;
    this.#missing(line, 'competing', { reason: 'IBKR_DATA_COMPETING', message });
    this.#competing.add(line);
    const now = clock.nowUtc();
    if (now - this.#alertedAt >= ALERT_EVERY_MS) {
      this.#alertedAt = now;
      logger.warn('Another session of this login has the market data.', { symbol: line.symbol, message });
    }
    this.#cancelRetry ??= clock.callAt(now + COMPETING_RETRY_MS, () => this.#retry());
  }

  /** Who got no data meanwhile asks again. */
  #retry(): void {
    const { clock, renew } = this.#parts;
    this.#cancelRetry = undefined;
    const lines = [...this.#competing].filter((line) => line.health.has('competing'));
    this.#competing.clear();
    for (const line of lines) {
      this.#competing.add(line);
      renew(line);
    }
    if (lines.length > 0) this.#cancelRetry = clock.callAt(clock.nowUtc() + COMPETING_RETRY_MS, () => this.#retry());
  }
}

function farmMessage(name: string): string {
  return `The data farm ${name} is broken.`;
}
