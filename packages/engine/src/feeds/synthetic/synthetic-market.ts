import { DAY_MS, MINUTE_MS } from '@bookrunner/sdk';
import type { Instrument, MarketCalendar } from '@bookrunner/sdk';
import { MarketWeather } from './market-weather.js';
import { PriceGrid } from './price-grid.js';
import { seededStream } from './random-stream.js';
import type { RandomStream } from './random-stream.js';
import { sessionsOf, tradingDaysPerYear } from './sessions.js';
import type { Session } from './sessions.js';
import { firstInstant } from './synthetic-options.js';
import type { SyntheticOptions } from './synthetic-options.js';

// The largest size of a quote in lots.
const MAX_LOTS = 20;

/**
 * The quotes of one instrument, one at a time: `next()` moves on and the fields hold the quote. Prices follow a random walk whose
 * steps have the weather's volatility; quotes lie on the price grid, the bid at one step or more, the ask above it.
 */
export class SyntheticMarket {
  ts = 0;
  bid = 0;
  ask = 0;
  bidSize = 0;
  askSize = 0;
  /** Price and units of the trade that the tick is as well; NaN for a quote only. */
  last = Number.NaN;
  size = Number.NaN;
  /** The session the quote is in. */
  session: Session = { open: 0, close: 0, dayOpen: 0, dayClose: 0 };
  readonly #random: RandomStream;
  readonly #weather: MarketWeather;
  readonly #grid: PriceGrid;
  readonly #sessions: Generator<Session>;
  readonly #lotStep: number;
  readonly #spreadSteps: number;
  readonly #tradeBelow: number;
  readonly #meanGapMs: number;
  #mid: number;
  #minuteEnd = 0;

  constructor(instrument: Instrument, calendar: MarketCalendar, options: SyntheticOptions) {
    const from = firstInstant(options);
    const { startPrice } = options;
    this.#random = seededStream(options.seed, instrument.symbol);
    this.#weather = new MarketWeather(options.annualVol ** 2 / tradingDaysPerYear(calendar, from), this.#random);
    this.#grid = new PriceGrid(instrument);
    this.#sessions = sessionsOf(calendar, from, options.days);
    this.#lotStep = instrument.lotStep;
    this.#spreadSteps = options.spreadSteps;
    this.#tradeBelow = options.tradeShare * 4_294_967_296;
    this.#meanGapMs = MINUTE_MS / options.ticksPerMinute;
    this.#mid = typeof startPrice === 'number' ? startPrice : (startPrice[instrument.symbol] ?? 100);
  }

  /** Moves on to the next quote; false once the last session is over. */
  next(): boolean {
    const random = this.#random;
    const draw = random.uint32();
    // Gaps are even between 0 and twice their mean.
    const gap = 1 + Math.floor((draw / 2_147_483_648) * Math.max(0, this.#meanGapMs / this.#weather.activity - 0.5));
    const ts = this.ts + gap;
    if (ts >= this.#minuteEnd) return this.#enter(ts);
    this.#quote(ts, gap);
    return true;
  }

  #enter(ts: number): boolean {
    if (ts < this.session.close) {
      this.#minuteEnd = Math.min(this.session.close, ts - (ts % MINUTE_MS) + MINUTE_MS);
      this.#weather.enterMinute(ts, this.session);
      this.#quote(ts, ts - this.ts);
      return true;
    }
    const next = this.#sessions.next();
    if (next.done === true) return false;
    this.session = next.value;
    const { open, close } = this.session;
    this.#minuteEnd = Math.min(close, open - (open % MINUTE_MS) + MINUTE_MS);
    this.#weather.enterMinute(open, this.session);
    // A session opens with a quote; over night the price moves as in an hour of trading.
    this.#quote(open, DAY_MS / 24);
    return true;
  }

  #quote(ts: number, elapsedMs: number): void {
    const random = this.#random;
    const weather = this.#weather;
    this.ts = ts;
    // Kept inside ±50 % a step, so that the price stays positive whatever the options.
    const move = random.bell() * weather.volPerSqrtMs * Math.sqrt(elapsedMs);
    this.#mid *= 1 + Math.min(0.5, Math.max(-0.5, move));
    const draw = random.uint32();
    const steps = Math.max(1, Math.floor(this.#spreadSteps * Math.max(1, weather.roughness) + (draw & 1)));
    this.#place(steps);
    this.bidSize = this.#lotStep * (1 + ((draw >>> 1) % MAX_LOTS));
    this.askSize = this.#lotStep * (1 + ((draw >>> 8) % MAX_LOTS));
    this.#trade();
  }

  // The bid lies half a spread under the middle, moved down onto the grid; the ask the whole spread above the bid.
  #place(steps: number): void {
    const grid = this.#grid.at(this.#mid);
    const bidSteps = Math.max(1, grid.toSteps(this.#mid - (steps * grid.step) / 2, 'down'));
    this.bid = grid.toValue(bidSteps);
    this.ask = grid.toValue(bidSteps + steps);
    if (this.#mid < grid.step) this.#mid = grid.step;
    // Across a border between two steps each side has the grid of its own price.
    const bidGrid = this.#grid.at(this.bid);
    const askGrid = this.#grid.at(this.ask);
    if (bidGrid !== grid) this.bid = bidGrid.round(this.bid, 'down');
    if (askGrid !== grid) this.ask = askGrid.round(this.ask, 'up');
  }

  #trade(): void {
    if (this.#tradeBelow === 0) return;
    const draw = this.#random.uint32();
    const isTrade = draw < this.#tradeBelow;
    this.last = isTrade ? ((draw & 1) === 0 ? this.bid : this.ask) : Number.NaN;
    this.size = isTrade ? this.#lotStep * (1 + ((draw >>> 3) % MAX_LOTS)) : Number.NaN;
  }
}
