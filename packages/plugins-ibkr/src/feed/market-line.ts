// One instrument that somebody subscribed: makes quotes and trades of what its requests tell.
import type { FeedSink } from '@bookrunner/sdk';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { DATA_TYPE } from '../contracts/tws-names.js';
import { LineHealth, type LineState } from './line-health.js';
import { LineTick } from './line-tick.js';
import { QuoteAssembler, type QuoteListener } from './quote-assembler.js';
import { RowReader, UNUSABLE } from './row-reader.js';
import {
  DELAYED_HALTED,
  HALTED,
  isDelayedType,
  isKnownType,
  liveTypeOf,
  PRICE_TYPES,
  RT_VOLUME,
  SIZE_TYPES,
} from './tick-types.js';
import { type TradeListener, TradeReader } from './trade-reader.js';

/** What a line needs of the feed around it. */
export interface LineHost {
  readonly feed: string;
  /** Receive time: never before that of a row already delivered. */
  now(): number;
  /** A quote waits for its other parts. */
  wait(line: MarketLine): void;
  stateChanged(line: MarketLine, state: LineState): void;
  /** A row that cannot be used. */
  reject(line: MarketLine, reason: string): void;
  unknownTick(tickType: number): void;
  receiverFailed(error: unknown): void;
}

/** Which of the trades that a market-data request tells are taken. */
export type TradeSource = 'rt-volume' | 'last' | 'none';

/** A quote as a tick-by-tick request tells it. */
export interface ToldQuote {
  seconds: number;
  bid: number | undefined;
  ask: number | undefined;
  bidSize: number | undefined;
  askSize: number | undefined;
}

/** How a line reads. */
export interface LineOptions {
  readonly takesDelayed: boolean;
  readonly trades: TradeSource;
}

/** Rows of one instrument, to all who subscribed it. */
export class MarketLine implements QuoteListener, TradeListener {
  readonly contract: QualifiedContract;
  readonly symbol: string;
  readonly health: LineHealth;
  /** Ids of its requests; 0 for none. */
  readonly requests = { book: 0, quotes: 0, trades: 0 };
  sinks: readonly FeedSink[] = [];
  /** Asked for as delayed, after the gateway had no live data. */
  wantsDelayed = false;
  /** Asked for while the gateway had no line to IB: nobody knows whether it was heard. */
  isAskedInVain = false;
  /** Whether its requests have told anything yet. */
  hasRows = false;
  /** Contract that really carries the data of a CFD. */
  routed: { readonly conId: number; readonly exchange: string } | undefined;
  readonly #host: LineHost;
  readonly #options: LineOptions;
  readonly #reader: RowReader;
  readonly #quote: LineTick;
  readonly #trade: LineTick;
  readonly #assembler = new QuoteAssembler(this);
  readonly #trades = new TradeReader(this);
  readonly #whole = { bid: Number.NaN, ask: Number.NaN, bidSize: Number.NaN, askSize: Number.NaN };
  /** Time of the quote under way, where IB tells one. */
  #quoteTs = Number.NaN;

  constructor(contract: QualifiedContract, host: LineHost, options: LineOptions) {
    this.contract = contract;
    this.symbol = contract.instrument.symbol;
    this.#host = host;
    this.#options = options;
    this.#reader = new RowReader(contract);
    this.#quote = new LineTick(this.symbol, host.feed);
    this.#trade = new LineTick(this.symbol, host.feed);
    this.health = new LineHealth(options.takesDelayed, (state) => host.stateChanged(this, state));
  }

  /** Its requests are new ones: nothing of the old is carried over. */
  begin(): void {
    this.hasRows = false;
    this.#quoteTs = Number.NaN;
    this.#assembler.reset();
    this.#trades.reset(this.#host.now());
  }

  tickPrice(tickType: number, told: number | undefined): void {
    const type = liveTypeOf(tickType);
    if (type !== PRICE_TYPES.bid && type !== PRICE_TYPES.ask && type !== PRICE_TYPES.last) return this.#other(tickType);
    this.#checkDelayed(tickType);
    const price = this.#reader.price(told);
    if (price === UNUSABLE) return this.#host.reject(this, `price ${told} of tick type ${tickType}`);
    if (type === PRICE_TYPES.last) {
      if (this.#takesLast() && price === price) this.#trades.price(price);
    } else if (this.requests.quotes === 0) {
      if (type === PRICE_TYPES.bid) this.#assembler.setBid(price);
      else this.#assembler.setAsk(price);
    }
  }

  tickSize(tickType: number, told: number | undefined): void {
    const type = liveTypeOf(tickType);
    const size = this.#reader.size(told);
    if (type === SIZE_TYPES.last) {
      if (this.#takesLast()) this.#trades.size(size);
    } else if (type !== SIZE_TYPES.bid && type !== SIZE_TYPES.ask) {
      this.#other(tickType);
    } else if (this.requests.quotes === 0) {
      if (type === SIZE_TYPES.bid) this.#assembler.setBidSize(size);
      else this.#assembler.setAskSize(size);
    }
  }

  tickString(tickType: number, value: string): void {
    if (tickType !== RT_VOLUME) this.#other(tickType);
    else if (this.#options.trades === 'rt-volume' && this.requests.trades === 0) this.#trades.rtVolume(value);
  }

  tickGeneric(tickType: number, value: number): void {
    if (tickType !== HALTED && tickType !== DELAYED_HALTED) return this.#other(tickType);
    if (value > 0) {
      const message = value === 2 ? 'Trading is halted: volatility.' : 'Trading is halted.';
      this.health.add('halted', { state: 'halted', reason: 'IBKR_DATA_HALTED', message });
    } else if (value === 0) {
      this.health.clear('halted');
    }
  }

  /** One quote of a tick-by-tick request. */
  quote(told: ToldQuote): void {
    const whole = this.#whole;
    whole.bid = this.#reader.price(told.bid);
    whole.ask = this.#reader.price(told.ask);
    if (whole.bid === UNUSABLE || whole.ask === UNUSABLE) {
      return this.#host.reject(this, `quote ${told.bid} to ${told.ask}`);
    }
    whole.bidSize = this.#reader.size(told.bidSize);
    whole.askSize = this.#reader.size(told.askSize);
    this.#quoteTs = told.seconds * 1_000;
    this.#assembler.setWhole(whole);
  }

  /** One trade of a tick-by-tick request. */
  trade(seconds: number, price: number, size: number | undefined): void {
    this.onTrade(price, size ?? Number.NaN, seconds * 1_000);
  }

  /** Sends out a quote that waited for its other parts. */
  flush(): void {
    this.#assembler.flush();
  }

  onPartial(): void {
    this.#host.wait(this);
  }

  /** Asked for anew, a market in which nothing happens tells what is known: that it tells anything is what counts. */
  onSame(): void {
    this.#mayDeliver();
  }

  onQuote(): void {
    if (!this.#mayDeliver()) return;
    const tick = this.#quote;
    const { bid, ask, bidSize, askSize } = this.#assembler;
    tick.bid = bid;
    tick.ask = ask;
    tick.bidSize = bidSize;
    tick.askSize = askSize;
    this.#deliver(tick, this.#quoteTs);
  }

  onTrade(told: number, size: number, ts: number): void {
    const price = this.#reader.price(told);
    if (price === UNUSABLE) return this.#host.reject(this, `trade at ${told}`);
    // A quote under way came before the trade.
    this.#assembler.flush();
    if (price !== price || !this.#mayDeliver()) return;
    const tick = this.#trade;
    tick.last = price;
    tick.size = this.#reader.size(size);
    this.#deliver(tick, ts);
  }

  onBadTrade(text: string): void {
    this.#host.reject(this, `trade '${text}'`);
  }

  #deliver(tick: LineTick, ts: number): void {
    const now = this.#host.now();
    tick.recvTs = now;
    tick.ts = Number.isNaN(ts) ? now : ts;
    const { sinks } = this;
    for (let i = 0; i < sinks.length; i += 1) {
      // One that throws keeps the row neither from those behind it nor from the rest of what was received.
      try {
        sinks[i]!.tick(tick);
      } catch (error) {
        this.#host.receiverFailed(error);
      }
    }
  }

  #mayDeliver(): boolean {
    if (!this.health.isOpen) return false;
    this.hasRows = true;
    if (this.health.isRecovering) this.health.onRow();
    return true;
  }

  /** Delayed data knows no RTVolume; indices have none either. */
  #takesLast(): boolean {
    const { trades } = this.#options;
    if (trades === 'none' || this.requests.trades !== 0) return false;
    return trades === 'last' || this.health.dataType === DATA_TYPE.delayed;
  }

  /** Delayed ticks say by themselves what they are, should the gateway have said nothing. */
  #checkDelayed(tickType: number): void {
    if (isDelayedType(tickType) && this.health.dataType === DATA_TYPE.live) this.health.setDataType(DATA_TYPE.delayed);
  }

  #other(tickType: number): void {
    if (!isKnownType(tickType)) this.#host.unknownTick(tickType);
  }
}
