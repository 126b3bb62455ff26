// The sink of one live feed: screens its rows, keeps its counts and its health, and hands what is usable to the market.
import {
  type BarColumns,
  type BarSpec,
  type Clock,
  type EpochMs,
  type FeedSink,
  type FeedState,
  type FeedStatus,
  type Heartbeat,
  type RejectedRow,
  type Tick,
  type TickColumns,
} from '@bookrunner/sdk';
import { barSpecSeconds } from '../../bars/bar-spec.js';
import type { FeedView } from '../../control/engine-snapshot.js';
import type { LiveBackfill, UnseenSymbols } from './live-backfill.js';
import type { Unwatched } from './live-backfill-line.js';
import type { BarPlace, LiveMarket } from './live-market.js';
import { type QueuedRows, queuedTick } from './live-queue.js';
import { LiveSilence } from './live-silence.js';
import { type Irregularities, isPriced, noIrregularities, screenTick } from './live-screen.js';
import { barsFrom, SkipWatch } from './live-skip.js';
import type { StaleWatch } from './live-stale.js';
import { LiveTick } from './live-tick.js';
import type { LiveInstrument } from './live-warmup.js';
import type { SeenTicks } from './seen-ticks.js';

/** One instrument of a channel. */
export interface ChannelInstrument extends LiveInstrument {
  /** Where its ready bars go; undefined where it is fed ticks. */
  readonly bars: BarPlace | undefined;
  /** Judges it by itself, where it is known how often it speaks. */
  readonly stale?: StaleWatch;
}

/** Options of {@link LiveChannel}. */
export interface LiveChannelOptions {
  readonly name: string;
  readonly instruments: readonly ChannelInstrument[];
  readonly market: LiveMarket;
  readonly clock: Clock;
  readonly stale: StaleWatch;
  /** Symbols that no history fills. */
  readonly bare: readonly string[];
  /** Fills what the feed did not bring; absent where it has no history. */
  readonly backfill?: LiveBackfill | undefined;
  /** Removes from a text what must not be seen: messages of feeds reach journal, log and people. */
  readonly mask?: (text: string) => string;
  /** A state changed: the kernel knows; now tell people. */
  readonly onState: (status: FeedStatus) => void;
  /** The run cannot go on. Sinks never throw into feeds. */
  readonly onFault: (error: unknown) => void;
}

/** What has come of a feed before its run began, and is not there any more. */
export interface MissedBefore {
  /** Rows that were pushed out, none of them from before `since`. */
  readonly dropped: number;
  readonly since: EpochMs;
  /** Rows the feed itself could not use. */
  readonly rejected: number;
}

interface Line {
  readonly live: ChannelInstrument;
  readonly tick: LiveTick;
  readonly skips: SkipWatch | undefined;
  rows: number;
  firstAt: EpochMs;
  lastBar: EpochMs;
  /** Of ticks that waited for the run to begin: those that history had, too. */
  seen: SeenTicks | undefined;
}

/** Receives one feed once its run has begun: each row is an event before the call returns. */
export class LiveChannel implements FeedSink {
  readonly counts: Irregularities = noIrregularities();
  readonly #options: LiveChannelOptions;
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #silence: LiveSilence;
  #droppedBefore = 0;
  #isClosed = false;
  #state: FeedState = 'live';
  #message = '';
  #lastAt: EpochMs = Number.NaN;
  #lastReceived: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(options: LiveChannelOptions) {
    this.#options = options;
    this.#lines = new Map(
      options.instruments.map((live) => {
        const { symbol } = live.instrument;
        const tick = new LiveTick(live.index, symbol);
        const skips = live.bars === undefined ? undefined : new SkipWatch(live.calendar, live.bars.barMs);
        const fresh = { rows: 0, firstAt: Number.NaN, lastBar: Number.NEGATIVE_INFINITY, seen: undefined };
        return [symbol, { live, tick, skips, ...fresh }];
      }),
    );
    const { name: feed, stale, instruments, clock } = options;
    this.#silence = new LiveSilence({ feed, stale, instruments, clock, say: (status) => this.#status(status) });
    options.backfill?.connect({
      status: (status, filled) => this.#said(status, filled),
      took: (symbol, rows) => this.#took(symbol, rows),
    });
  }

  get name(): string {
    return this.#options.name;
  }
  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** What was received of each instrument. */
  received(): readonly { readonly symbol: string; readonly rows: number; readonly firstAt: EpochMs }[] {
    return [...this.#lines].map(([symbol, { rows, firstAt }]) => ({ symbol, rows, firstAt }));
  }

  view(): FeedView {
    const rows = [...this.#lines.values()].reduce((sum, line) => sum + line.rows, 0);
    const lastAt = Number.isNaN(this.#lastAt) ? null : this.#lastAt;
    const irregular = Object.fromEntries(Object.entries(this.counts).filter(([, count]) => count > 0));
    return { name: this.name, state: this.#state, message: this.#message, lastAt, rows, irregular };
  }

  /** Bars up to this start came as history. */
  hasBars(symbol: string, lastBar: EpochMs): void {
    const line = this.#lines.get(symbol);
    if (line !== undefined) line.lastBar = lastBar;
  }

  /** These ticks came as history: what waited since the subscription began may have them, too. */
  hasTicks(symbol: string, seen: SeenTicks): void {
    const line = this.#lines.get(symbol);
    if (line !== undefined) line.seen = seen;
  }

  /** The run goes on from another: rows of these symbols wait until what nobody watched has come from history. */
  restarted(unseen: UnseenSymbols): void {
    this.#options.backfill?.restart(unseen);
  }

  /** The run begins without the feed: when it is there, all comes from history that it has not brought since. */
  begunWithout(why: FeedStatus, sinceOf: (symbol: string) => Unwatched): void {
    this.#options.backfill?.begunWithout(sinceOf);
    this.status(why);
  }

  /** The feed is away for another reason now. */
  stillAway(why: string): void {
    this.#message = why;
  }

  /** The feed joins the run that began without it; with what has waited since it subscribed. */
  join({ waiting, missed }: { readonly waiting: readonly QueuedRows[]; readonly missed: MissedBefore }): void {
    const { market, bare, clock } = this.#options;
    // As at a start: nobody watched what is under way, and no history makes it whole.
    if (bare.length > 0)
      this.#guard(() => market.take((at) => ({ kind: 'backfill', at, stage: 'drop', symbols: bare })));
    this.goLive(missed);
    const message = 'It has joined the session.';
    // Before what it says of a symbol: a feed that is back brings its symbols back.
    const isSaid = waiting.some((row) => row.kind === 'status' && isWord(row.status));
    if (!isSaid) this.status({ ts: clock.nowUtc(), feed: this.name, state: 'live', reason: '', message });
    for (const row of waiting) this.waited(row);
  }

  /** The run has begun: what has waited follows. */
  goLive({ dropped, since, rejected }: MissedBefore): void {
    this.#droppedBefore = dropped;
    this.counts.overflowed = dropped;
    this.counts.rejected += rejected;
    if (dropped > 0) this.#guard(() => this.#options.backfill?.overflowed(since));
  }

  /** Takes what has waited. */
  waited(entry: QueuedRows): void {
    if (entry.kind === 'status') this.status(entry.status);
    else this.#take(entry);
  }

  /** All that has waited is in. */
  caughtUp(): void {
    for (const line of this.#lines.values()) line.seen = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#options.backfill?.close();
  }

  /** Time passed: the feed may have become stale. */
  look(): void {
    if (this.#isAway()) return;
    this.#silence.look();
  }

  tick(tick: Tick): void {
    if (this.#options.backfill?.isHolding !== true) return this.#guard(() => this.#tick(tick));
    this.#take(queuedTick(tick, this.#options.clock));
  }

  ticks(columns: TickColumns): void {
    this.#take({ kind: 'ticks', columns });
  }

  bars(columns: BarColumns, spec: BarSpec): void {
    this.#take({ kind: 'bars', columns, spec });
  }

  status(status: FeedStatus): void {
    const message = this.#options.mask?.(status.message) ?? status.message;
    this.#take({ kind: 'status', status: { ...status, message, feed: this.name } });
  }

  /** A heartbeat is no data: it makes nothing fresh. */
  heartbeat(_heartbeat: Heartbeat): void {}

  rejected(_row: RejectedRow): void {
    this.counts.rejected += 1;
  }

  #take(entry: QueuedRows): void {
    this.#guard(() => this.#deliver(entry));
  }

  #deliver(entry: QueuedRows): void {
    if (this.#options.backfill?.takes(entry) === true) return this.#heard(entry);
    if (entry.kind === 'tick') this.#tick(entry.tick);
    else if (entry.kind === 'ticks') this.#ticks(entry.columns);
    else if (entry.kind === 'bars') this.#bars(entry.columns, entry.spec);
    else this.#said(entry.status);
  }

  #tick(tick: Tick): void {
    const line = this.#line(tick.symbol);
    if (line === undefined) return;
    line.tick.take(tick);
    this.#use(line);
  }

  #ticks(columns: TickColumns): void {
    const line = this.#line(columns.symbol);
    if (line === undefined) {
      this.counts.unknown += columns.length - 1;
      return;
    }
    for (let row = 0; row < columns.length && !this.#isClosed; row++) {
      line.tick.takeRow(columns, row);
      this.#use(line);
    }
  }

  #use(line: Line): void {
    const { market } = this.#options;
    this.#alive(line);
    if (line.live.bars !== undefined) {
      this.counts.unexpected += 1;
      return;
    }
    if (line.seen?.has(Number.isNaN(line.tick.ts) ? line.tick.recvTs : line.tick.ts) === true) return;
    if (!screenTick(line.tick, line.live.instrument, this.counts)) return;
    if (line.tick.recvTs < this.#lastReceived) this.counts.backwards += 1;
    else if (line.tick.recvTs > this.#lastReceived) this.#lastReceived = line.tick.recvTs;
    market.tick(line.tick, this.counts);
    this.#count(line, line.tick.at);
  }

  #bars(columns: BarColumns, spec: BarSpec): void {
    const line = this.#line(columns.symbol);
    if (line === undefined) return;
    this.#alive(line);
    const place = line.live.bars;
    const isOurs = place !== undefined && barSpecSeconds(spec) * 1_000 === place.barMs;
    for (let row = 0; row < columns.length && !this.#isClosed; row++) {
      const ts = columns.ts[row] as number;
      if (!isOurs || !(ts > line.lastBar) || !isPriced(columns, row)) {
        this.counts.unexpected += 1;
        continue;
      }
      if (line.skips?.hasSkipped(line.lastBar, ts) === true) {
        this.counts.skipped += 1;
        if (this.#options.backfill?.skipped(columns.symbol, ts) === true) {
          return void this.#options.backfill.takes({ kind: 'bars', columns: barsFrom(columns, row), spec });
        }
      }
      line.lastBar = ts;
      this.#options.market.bar(place, columns, row);
      this.#count(line, this.#options.market.arrival.last);
    }
  }

  /** Rows that waited are in: the symbol speaks, and its bars go on from there. */
  #took(symbol: string, rows: number): void {
    const line = this.#lines.get(symbol);
    if (line === undefined) return;
    const { market, backfill } = this.#options;
    this.counts.overflowed = this.#droppedBefore + (backfill?.dropped ?? 0);
    if (line.live.bars !== undefined) line.lastBar = Math.max(line.lastBar, market.lastBar(line.live.bars));
    if (rows === 0) return;
    this.#alive(line);
    this.#count(line, market.arrival.last, rows);
  }

  /** What the feed says. */
  #said(status: FeedStatus, filled: readonly string[] = []): void {
    const isNews = filled.length > 0 || this.#isAway();
    // Of a silent feed only a row is news, or that history has filled what it missed: its word alone brings no price.
    if (!isNews && this.#silence.isSilent && isThere(status)) return;
    // One that says so again and again, and brings nothing, is silent all the same.
    if (isNews || status.symbol !== undefined) this.#silence.said(status);
    this.#status(status, filled);
  }

  #status(status: FeedStatus, filled: readonly string[] = []): void {
    if (status.symbol === undefined) {
      this.#state = status.state;
      this.#message = status.message;
    }
    this.#options.market.status(status, filled);
    this.#options.onState(status);
  }

  /** What waits for history is no silence. */
  #heard(entry: QueuedRows): void {
    if (entry.kind === 'status') return;
    const { symbol } = entry.kind === 'tick' ? entry.tick : entry.columns;
    this.#silence.heard(this.#lines.get(symbol)?.live);
  }

  #alive({ live }: Line): void {
    // A feed that is back brings its symbols back: what of them is not, is said again.
    if (this.#isAway() || !this.#silence.row(live)) return;
    this.#options.backfill?.sayAway();
    this.#silence.sayStale();
  }

  /** The feed itself has said that nothing can come: silence needs no second judgement. */
  #isAway(): boolean {
    return (
      this.#state === 'disconnected' || this.#state === 'failed' || this.#state === 'ended' || this.#state === 'halted'
    );
  }

  #line(symbol: string): Line | undefined {
    const line = this.#lines.get(symbol);
    if (line === undefined) this.counts.unknown += 1;
    return line;
  }

  #count(line: Line, at: EpochMs, rows = 1): void {
    line.rows += rows;
    this.#lastAt = at;
    if (Number.isNaN(line.firstAt)) line.firstAt = at;
  }

  #guard(act: () => void): void {
    if (this.#isClosed) return;
    try {
      act();
    } catch (error) {
      this.#isClosed = true;
      this.#options.onFault(error);
    }
  }
}

/** Whether a feed has said of itself as a whole that rows come. */
function isThere({ symbol, state }: FeedStatus): boolean {
  return symbol === undefined && (state === 'live' || state === 'delayed');
}

/** Whether a feed has said of itself as a whole whether rows can come. */
function isWord({ symbol, state }: FeedStatus): boolean {
  return symbol === undefined && state !== 'stale' && state !== 'halted';
}
