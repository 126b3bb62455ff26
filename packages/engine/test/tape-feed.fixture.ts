// Test support: a feed that plays a tape of quotes by a clock that the test moves, and that can be cut.
import type {
  BarColumns,
  BarSpec,
  Feed,
  FeedSink,
  FeedState,
  HistoryBlock,
  HistoryRequest,
  Instrument,
  TickColumns,
} from '@bookrunner/sdk';
import type { FakeClock } from '@bookrunner/sdk/testing';
import { MINUTE, NOON } from './live-session.fixture.js';
import { NearFeed } from './near-feed.fixture.js';

export const SYMBOLS = ['EURUSD', 'GBPUSD'] as const;
/** A ready bar arrives this long after its end. */
const LATENCY_MS = 100;

/** One quote. */
export interface Quote {
  readonly ts: number;
  readonly symbol: string;
  readonly bid: number;
}

/** Quotes of both symbols, some seconds apart, the same for a seed. */
export function makeTape(seed: number, minutes: number): readonly Quote[] {
  let state = seed;
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const quotes: Quote[] = [];
  for (const [place, symbol] of SYMBOLS.entries()) {
    let bid = 1.1 + place / 10;
    for (let ts = NOON - 30 * MINUTE; ts < NOON + minutes * MINUTE; ts += 500 + Math.floor(random() * 9_000)) {
      bid = Math.round((bid + (random() - 0.5) * 0.001) * 1e5) / 1e5;
      quotes.push({ ts, symbol, bid });
    }
  }
  return quotes.toSorted((a, b) => a.ts - b.ts);
}

interface TapeEvent {
  readonly at: number;
  readonly deliver: () => void;
}

/** What a history may do in place of answering. */
export type HistoryFault = 'fails' | 'hangs';

/** Plays a tape by the clock: ticks, or ready bars of a minute. */
export class TapeFeed extends NearFeed {
  readonly capabilities: Feed['capabilities'];
  readonly tape: readonly Quote[];
  readonly clock: FakeClock;
  readonly asked: HistoryRequest[] = [];
  /** When it was subscribed. */
  readonly joins: number[] = [];
  fault: HistoryFault | undefined;
  /** How long history takes, by the clock. */
  delayMs = 0;
  /** How long a subscription takes, by the clock, and whether rows come from its beginning on, or only once it is there. */
  subscribing = { takesMs: 0, isSoon: false };
  /** Ready bars that are never delivered, by their start. */
  readonly omitted = new Set<number>();
  /** It cannot be opened, and brings nothing. */
  isGone = false;
  readonly #away = new Set<string>();
  #events: readonly TapeEvent[] | undefined;

  constructor(clock: FakeClock, tape: readonly Quote[], capabilities: Feed['capabilities']) {
    super();
    this.clock = clock;
    this.tape = tape;
    this.capabilities = capabilities;
  }
  get isReady(): boolean {
    return this.capabilities.quotes !== true;
  }
  override open(): Promise<void> {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return this.isGone ? Promise.reject(refused) : Promise.resolve();
  }
  override subscribe(instruments: readonly Instrument[], sink: FeedSink) {
    const { takesMs, isSoon } = this.subscribing;
    const now = this.clock.nowUtc();
    this.joins.push(now);
    const subscription = super.subscribe(instruments, sink);
    if (isSoon) this.play(now, now + takesMs);
    else this.clock.moveTo(now + takesMs);
    return subscription;
  }

  async *history(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    this.asked.push(request);
    if (this.delayMs > 0) await this.clock.sleepUntil(this.clock.nowUtc() + this.delayMs);
    if (this.fault === 'fails') throw new Error('pacing violation');
    if (this.fault === 'hangs') await new Promise(() => {});
    const { instrument, from, to, bars } = request;
    const quotes = this.tape.filter(({ symbol, ts }) => symbol === instrument.symbol && ts < to);
    if (bars !== undefined) {
      const seconds = bars.options['seconds'] as number;
      const columns = barsOf(instrument.symbol, quotes, seconds * 1_000);
      const kept = columns.filter(({ ts }) => ts >= from && ts < to);
      yield { kind: 'bars', columns: columnsOf(instrument.symbol, kept), spec: bars };
      return;
    }
    const rows = quotes.filter(({ ts }) => ts >= from);
    for (let row = 0; row < rows.length; row += 100) {
      yield { kind: 'ticks', columns: tickColumns(instrument.symbol, rows.slice(row, row + 100)) };
    }
  }

  /** The link breaks, of all symbols or of one. */
  cut(symbol?: string, state: FeedState = 'disconnected'): void {
    for (const one of symbol === undefined ? SYMBOLS : [symbol]) this.#away.add(one);
    this.say(state, symbol);
  }

  /** It is back. */
  mend(symbol?: string): void {
    for (const one of symbol === undefined ? SYMBOLS : [symbol]) this.#away.delete(one);
    this.say('live', symbol);
  }

  say(state: FeedState, symbol?: string): void {
    const ts = this.clock.nowUtc();
    const of = symbol === undefined ? {} : { symbol };
    this.sink.status({ ts, feed: 'data', ...of, state, reason: state === 'live' ? '' : 'TEST', message: '' });
  }

  /** Delivers again what happened in [from, now), as some feeds do after they were away. */
  repeat(from: number): void {
    const now = this.clock.nowUtc();
    for (const quote of this.tape) if (quote.ts >= from && quote.ts < now && !this.isReady) this.#quote(quote);
  }

  /** Delivers what became known in [from, to). The clock stands at each of it. */
  play(from: number, to: number): void {
    this.#events ??= this.isReady ? this.#barEvents() : this.#tickEvents();
    for (const event of this.#events) {
      if (event.at < from || event.at >= to) continue;
      this.clock.moveTo(Math.max(this.clock.nowUtc(), event.at));
      event.deliver();
    }
    this.clock.moveTo(Math.max(this.clock.nowUtc(), to));
  }

  #tickEvents(): readonly TapeEvent[] {
    return this.tape.map((quote) => ({ at: quote.ts, deliver: () => this.#quote(quote) }));
  }

  #barEvents(): readonly TapeEvent[] {
    const spec: BarSpec = { use: 'time', options: { seconds: 60 } };
    return SYMBOLS.flatMap((symbol) =>
      barsOf(
        symbol,
        this.tape.filter((quote) => quote.symbol === symbol),
        MINUTE,
      ).map((bar) => ({
        at: bar.ts + MINUTE + LATENCY_MS,
        deliver: () => {
          if (!this.isGone && !this.#away.has(symbol) && !this.omitted.has(bar.ts))
            this.sink?.bars(columnsOf(symbol, [bar]), spec);
        },
      })),
    ).toSorted((a, b) => a.at - b.at);
  }

  #quote({ ts, symbol, bid }: Quote): void {
    if (this.isGone || this.#away.has(symbol)) return;
    const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
    this.sink?.tick({ ts, recvTs: ts, symbol, venue: 'tape', bid, ask: bid + 0.0001, ...sizes });
  }
}

interface TapeBar {
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

function barsOf(symbol: string, quotes: readonly Quote[], barMs: number): readonly TapeBar[] {
  const bars = new Map<number, number[]>();
  for (const quote of quotes) {
    if (quote.symbol !== symbol) continue;
    const start = Math.floor(quote.ts / barMs) * barMs;
    bars.set(start, [...(bars.get(start) ?? []), quote.bid + 0.00005]);
  }
  return [...bars].map(([ts, prices]) => ({
    ...{ ts, open: prices[0] as number, close: prices.at(-1) as number, volume: prices.length },
    ...{ high: Math.max(...prices), low: Math.min(...prices) },
  }));
}

function columnsOf(symbol: string, bars: readonly TapeBar[]): BarColumns {
  const of = (field: keyof TapeBar): Float64Array => Float64Array.from(bars, (bar) => bar[field]);
  return {
    ...{ symbol, length: bars.length, ts: of('ts'), open: of('open'), high: of('high') },
    ...{ low: of('low'), close: of('close'), volume: of('volume') },
  };
}

function tickColumns(symbol: string, quotes: readonly Quote[]): TickColumns {
  const of = (value: (quote: Quote) => number): Float64Array => Float64Array.from(quotes, value);
  return {
    ...{ symbol, venue: 'tape', length: quotes.length, ts: of(({ ts }) => ts), bid: of(({ bid }) => bid) },
    ...{ ask: of(({ bid }) => bid + 0.0001), bidSize: of(() => 1e6), askSize: of(() => 1e6) },
  };
}
