import { MINUTE_MS, StepGrid } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import { incrementAt } from '../instruments/instrument-definition.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import { hashBelow, hashUnit } from '../seeded-hash.js';

// Looked up once: a walk over years asks for them all the time.
const { abs, ceil, floor, max, min, round } = Math;

/** One instant of a market: a trade and the quote around it. Sizes are units. */
export interface MarketTick {
  readonly ts: EpochMs;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  /** NaN where the tick is a quote alone. */
  readonly last: number;
  readonly lastSize: number;
}

/** What the trades of a minute come to. */
export interface MinuteSummary {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly count: number;
}

interface MinutePlan {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Ticks at which the extremes are touched, in order, and the one that comes first. */
  readonly turns: readonly [number, number];
  readonly highFirst: boolean;
  /** Volume of a minute in size increments. */
  readonly lots: number;
}

/** One wave of a price: straight lines between heights drawn from the seed. The ends of the last line asked for are kept. */
interface Wave {
  readonly number: number;
  readonly length: number;
  readonly height: number;
  place: number;
  left: number;
  right: number;
}

// Each four times as long and twice as high as the one before, as the spread of a random walk grows.
const WAVES = 10;

/**
 * A seeded random walk that any instant can be asked for: history and live ticks are the same walk, and a minute's open, high, low
 * and close are known without its ticks. Prices stay within about a third of the start price.
 */
export class PriceWalk {
  readonly ticksPerMinute: number;
  readonly #instrument: InstrumentDefinition;
  readonly #seed: number;
  readonly #grid: StepGrid;
  readonly #sizes: StepGrid;
  readonly #spread: readonly [below: number, above: number];
  readonly #waves: readonly Wave[];
  #known: { readonly minute: number; readonly plan: MinutePlan } | undefined;

  constructor(instrument: InstrumentDefinition, seed: number, ticksPerSecond: number) {
    this.ticksPerMinute = max(4, round(ticksPerSecond * 60));
    this.#instrument = instrument;
    this.#seed = floor(hashUnit(seed, instrument.conId) * 2 ** 31);
    this.#grid = new StepGrid(incrementAt(instrument, instrument.startPrice));
    this.#sizes = new StepGrid(max(instrument.sizeIncrement ?? 1, instrument.secType === 'STK' ? 1 : 0));
    this.#waves = Array.from({ length: WAVES }, (_, number) => {
      return { number, length: 4 ** number, height: 2 ** number, place: Number.NaN, left: 0, right: 0 };
    });
    const spread = instrument.spreadSteps ?? 2;
    this.#spread = [floor(spread / 2), spread - floor(spread / 2)];
  }

  /** Milliseconds between two ticks. */
  get tickMs(): number {
    return MINUTE_MS / this.ticksPerMinute;
  }

  /** How far bid and ask lie from the trade: constant, so that bars of bids are bars of trades moved down. */
  get quoteOffsets(): readonly [below: number, above: number] {
    return [this.#grid.toValue(this.#spread[0]), this.#grid.toValue(this.#spread[1])];
  }

  /** The trades of the minute that starts at `minute` × 60 s. */
  minute(minute: number): MinuteSummary {
    const plan = this.#plan(minute);
    const price = (steps: number): number => this.#grid.toValue(steps);
    return {
      open: price(plan.open),
      high: price(plan.high),
      low: price(plan.low),
      close: price(plan.close),
      volume: this.#sizes.toValue(plan.lots),
      count: this.ticksPerMinute,
    };
  }

  /** Number of the last tick at or before an instant. */
  indexAt(ts: EpochMs): number {
    return floor(ts / this.tickMs);
  }

  /** One tick of the walk. */
  tick(index: number): MarketTick {
    const minute = floor(index / this.ticksPerMinute);
    const at = index - minute * this.ticksPerMinute;
    const plan = this.#plan(minute);
    const steps = this.#stepsAt(plan, { index, at });
    const typical = this.#sizes.toSteps(this.#instrument.quoteSize ?? 500);
    const size = (side: number): number =>
      this.#sizes.toValue(max(1, ceil(typical / 4) + hashBelow(typical, [this.#seed, index, side])));
    return {
      ts: ceil(index * this.tickMs),
      bid: this.#grid.toValue(steps - this.#spread[0]),
      ask: this.#grid.toValue(steps + this.#spread[1]),
      bidSize: size(101),
      askSize: size(102),
      last: this.#grid.toValue(steps),
      lastSize: this.#sizes.toValue(shareOf(plan.lots, at, this.ticksPerMinute)),
    };
  }

  #plan(minute: number): MinutePlan {
    if (this.#known?.minute === minute) return this.#known.plan;
    const seed = this.#seed;
    // The minute before ended where this one starts.
    const open = this.#known?.minute === minute - 1 ? this.#known.plan.close : this.#level(minute);
    const close = this.#level(minute + 1);
    const reach = max(1, round(abs(open) * (this.#instrument.minuteVolatility ?? 0.0003)));
    const turns = [
      1 + hashBelow(this.ticksPerMinute - 2, [seed, minute, 11]),
      1 + hashBelow(this.ticksPerMinute - 2, [seed, minute, 12]),
    ];
    if (turns[0] === turns[1]) turns[1] = turns[0] === 1 ? 2 : turns[0]! - 1;
    const plan: MinutePlan = {
      open,
      close,
      high: max(open, close) + hashBelow(reach + 1, [seed, minute, 13]),
      low: min(open, close) - hashBelow(reach + 1, [seed, minute, 14]),
      turns: [min(...turns), max(...turns)],
      highFirst: hashUnit(seed, minute, 15) < 0.5,
      lots: this.ticksPerMinute * ceil(this.#lotsPerTick() * (0.5 + hashUnit(seed, minute, 16))),
    };
    this.#known = { minute, plan };
    return plan;
  }

  /** A minute's ticks go from open over both extremes to the close, trembling a little on the way. */
  #stepsAt(plan: MinutePlan, { index, at }: { readonly index: number; readonly at: number }): number {
    const [first, second] = plan.turns;
    const [early, late] = plan.highFirst ? [plan.high, plan.low] : [plan.low, plan.high];
    const corners = [
      [0, plan.open],
      [first, early],
      [second, late],
      [this.ticksPerMinute - 1, plan.close],
    ] as const;
    const next = corners.findIndex(([place]) => place >= at);
    const [toPlace, to] = corners[next]!;
    if (toPlace === at) return to;
    const [fromPlace, from] = corners[next - 1]!;
    const straight = from + ((to - from) * (at - fromPlace)) / (toPlace - fromPlace);
    const tremble = hashBelow(3, [this.#seed, index, 17]) - 1;
    return min(plan.high, max(plan.low, round(straight) + tremble));
  }

  /** Steps of the price at the start of a minute: the sum of all waves. */
  #level(minute: number): number {
    let sum = 0;
    for (const wave of this.#waves) {
      const exact = minute / wave.length;
      const place = floor(exact);
      // Neighbouring minutes ask for the same ends again.
      if (place !== wave.place) this.#moveWave(wave, place);
      sum += wave.height * (2 * (wave.left + (wave.right - wave.left) * (exact - place)) - 1);
    }
    const { startPrice, minuteVolatility = 0.0003 } = this.#instrument;
    const price = startPrice * (1 + sum * min(minuteVolatility, 0.0004));
    return max(this.#spread[0] + 1, this.#grid.toSteps(price));
  }

  #moveWave(wave: Wave, place: number): void {
    wave.left = place === wave.place + 1 ? wave.right : hashUnit(this.#seed, place, wave.number);
    wave.right = hashUnit(this.#seed, place + 1, wave.number);
    wave.place = place;
  }

  #lotsPerTick(): number {
    return max(1, this.#sizes.toSteps((this.#instrument.quoteSize ?? 500) / 5));
  }
}

/** The part of a whole that falls to one of several, so that all parts add up to it. */
function shareOf(whole: number, place: number, places: number): number {
  return floor((whole * (place + 1)) / places) - floor((whole * place) / places);
}
