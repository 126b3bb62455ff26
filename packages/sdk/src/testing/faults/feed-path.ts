import type { FeedSink, FeedState, FeedStatus, RejectedRow } from '../../interfaces/feed.js';
import type { BarColumns, BarSpec } from '../../model/bar.js';
import type { Heartbeat } from '../../model/heartbeat.js';
import type { Tick, TickColumns } from '../../model/tick.js';
import { crossedTick, quotelessTick, skewedBars, skewedTicks, tickOfRow } from './bent-tick.js';
import type { Strike } from './fault-script.js';
import type { FeedFault, FeedMoment } from './feed-fault.js';
import { MessageRoute } from './message-route.js';
import type { MessageRouteOptions } from './message-route.js';
import type { SkewedClock } from './skewed-clock.js';

/** What decides over all subscriptions of a feed. */
export interface FeedPathOptions extends MessageRouteOptions {
  readonly skew: SkewedClock;
  readonly sink: FeedSink;
  /** Decides what happens to a moment; called once for each. */
  judge(moment: Omit<FeedMoment, 'count' | 'ts'>): readonly Strike<FeedFault>[];
  /** Lets the faults of the connection among these happen. */
  strike(strikes: readonly Strike<FeedFault>[], at: string): void;
  /** Whether heartbeats come through a silence. */
  hearsHeartbeats(): boolean;
}

/** The way from one subscription of the inner feed to its sink. */
export class FeedPath implements FeedSink {
  readonly #options: FeedPathOptions;
  readonly #route: MessageRoute;
  /** What the inner feed last said of itself. */
  #inner: FeedStatus | undefined;
  #isActive = true;
  #hasEnded = false;

  constructor(options: FeedPathOptions) {
    this.#options = options;
    this.#route = new MessageRoute(options);
  }

  /** Delivers nothing from now on. */
  close(): void {
    this.#isActive = false;
    this.#route.clear();
  }

  tick(tick: Tick): void {
    this.#sendTick(tick, this.#options.judge({ on: 'tick', symbol: tick.symbol, tick }));
  }

  /** A block that nothing happens to stays a block; else its rows come as ticks. */
  ticks(columns: TickColumns): void {
    const rows = Array.from({ length: columns.length }, (_, i) => {
      const tick = tickOfRow(columns, i);
      return { tick, strikes: this.#options.judge({ on: 'tick', symbol: columns.symbol, tick }) };
    });
    if (rows.some((row) => row.strikes.length > 0)) {
      for (const { tick, strikes } of rows) this.#sendTick(tick, strikes);
      return;
    }
    const { skew, sink } = this.#options;
    const told = skew.ms === 0 ? columns : skewedTicks(columns, skew.ms);
    this.#send(`${columns.length} ticks of ${columns.symbol}`, () => sink.ticks(told));
  }

  bars(columns: BarColumns, spec: BarSpec): void {
    const { judge, strike, skew, sink } = this.#options;
    const strikes = judge({ on: 'bars', symbol: columns.symbol });
    const what = `${columns.length} bars of ${columns.symbol}`;
    strike(strikes, what);
    const told = skew.ms === 0 ? columns : skewedBars(columns, skew.ms);
    // Columns belong to who gets them: what may be delivered twice is a copy each time.
    const copy = (): BarColumns => (strikes.length === 0 ? told : structuredClone(told));
    this.#send(what, () => sink.bars(copy(), spec), strikes);
  }

  status(status: FeedStatus): void {
    const { transit } = this.#options;
    if (status.symbol === undefined) this.#inner = status;
    // The end comes behind all that is still on its way.
    const waits = status.state === 'ended' && transit.size > 0;
    if (waits) transit.send(transit.lastDueTs, () => this.#passStatus(status));
    else this.#passStatus(status);
  }

  heartbeat(heartbeat: Heartbeat): void {
    const { line, sink, hearsHeartbeats } = this.#options;
    if (line.isSilent && hearsHeartbeats()) this.#deliver(() => sink.heartbeat(heartbeat));
    else line.pass(() => this.#deliver(() => sink.heartbeat(heartbeat)));
  }

  rejected(row: RejectedRow): void {
    this.#send(`row ${row.line}, rejected`, () => this.#options.sink.rejected(row));
  }

  /** Tells that the connection is lost. */
  lost(): void {
    this.#tell('disconnected', 'TESTING_CONNECTION_LOST', 'The connection to the feed is lost.');
  }

  /** Tells that the connection is back, or how the inner feed stands by itself. */
  restored(): void {
    const inner = this.#inner;
    if (inner === undefined || inner.state === 'live' || inner.state === 'ended') this.#tell('live', '', '');
    if (inner !== undefined && inner.state !== 'live') this.status(inner);
  }

  #sendTick(tick: Tick, strikes: readonly Strike<FeedFault>[]): void {
    const { strike, skew, line, sink } = this.#options;
    // A feed may reuse one object for all its ticks, so what is not delivered at once is a copy.
    if (strikes.length === 0 && skew.ms === 0 && line.isOpen) return this.#send('', () => sink.tick(tick));
    const what = `tick of ${tick.symbol} at ${tick.ts}`;
    strike(strikes, what);
    const told = this.#bend({ ...tick, ts: tick.ts + skew.ms }, { strikes, what });
    this.#send(what, () => sink.tick(told), strikes);
  }

  #bend(tick: Tick, at: { readonly strikes: readonly Strike<FeedFault>[]; readonly what: string }): Tick {
    const { log } = this.#options;
    let told = tick;
    for (const { fault } of at.strikes) {
      if (fault.kind === 'crossed-quote') {
        const crossed = crossedTick(told);
        log.add(fault.kind, `${at.what}${crossed === undefined ? ' has nothing to cross' : ''}`);
        told = crossed ?? told;
      } else if (fault.kind === 'nan-quote') {
        log.add(fault.kind, at.what);
        told = quotelessTick(told);
      }
    }
    return told;
  }

  #send(what: string, deliver: () => void, strikes: readonly Strike<FeedFault>[] = []): void {
    this.#route.send({ what, deliver: () => this.#deliver(deliver) }, strikes);
  }

  #deliver(deliver: () => void): void {
    if (this.#isActive) deliver();
  }

  #passStatus(status: FeedStatus): void {
    this.#options.line.pass(() => this.#deliverStatus(status));
  }

  #tell(state: FeedState, reason: string, message: string): void {
    const feed = this.#inner?.feed ?? 'feed';
    this.#deliverStatus({ ts: this.#options.clock.nowUtc(), feed, state, reason, message });
  }

  /** Nothing is said after the end. */
  #deliverStatus(status: FeedStatus): void {
    if (this.#hasEnded) return;
    this.#hasEnded = status.state === 'ended';
    this.#deliver(() => this.#options.sink.status(status));
  }
}
