import { MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { MarketTick, MinuteSummary, PriceWalk } from './price-walk.js';

interface Silence {
  readonly from: EpochMs;
  to: EpochMs;
}

/**
 * What a market did at any instant: the walk, but for the stretches in which it was silent, and there what was told by hand. Live
 * ticks are taken from here as well, so that history never differs from what was seen.
 */
export class MarketRecord {
  readonly walk: PriceWalk;
  readonly #silences: Silence[] = [];
  readonly #told: MarketTick[] = [];

  constructor(walk: PriceWalk) {
    this.walk = walk;
  }

  /** The walk rests from an instant on; {@link resume} ends it. */
  silence(from: EpochMs): void {
    if (!this.isSilent(from)) this.#silences.push({ from, to: Number.POSITIVE_INFINITY });
  }

  resume(at: EpochMs): void {
    const last = this.#silences.at(-1);
    if (last !== undefined && last.to > at) last.to = at;
  }

  isSilent(ts: EpochMs): boolean {
    return this.#silences.some(({ from, to }) => from <= ts && ts < to);
  }

  /** Keeps a tick that no walk gave. */
  tell(tick: MarketTick): void {
    this.#told.push(tick);
  }

  /** All ticks of `from <= ts < to`, in order of time. */
  ticks(from: EpochMs, to: EpochMs): readonly MarketTick[] {
    const found: MarketTick[] = [];
    if (to > from) {
      for (let index = Math.ceil(from / this.walk.tickMs); index * this.walk.tickMs < to; index += 1) {
        const ts = index * this.walk.tickMs;
        if (!this.isSilent(ts)) found.push(this.walk.tick(index));
      }
    }
    const told = this.#toldBetween(from, to);
    return told.length === 0 ? found : [...found, ...told].sort((a, b) => a.ts - b.ts);
  }

  /** Trades of a whole minute where nothing but the walk went on in it; undefined otherwise. */
  minute(minute: number): MinuteSummary | undefined {
    const [from, to] = [minute * MINUTE_MS, (minute + 1) * MINUTE_MS];
    const isDisturbed = this.#silences.some((silence) => silence.from < to && from < silence.to);
    return isDisturbed || this.#toldBetween(from, to).length > 0 ? undefined : this.walk.minute(minute);
  }

  /** They were told in the order of time. */
  #toldBetween(from: EpochMs, to: EpochMs): readonly MarketTick[] {
    const last = this.#told.at(-1);
    if (last === undefined || last.ts < from) return [];
    return this.#told.slice(firstFrom(this.#told, from), firstFrom(this.#told, to));
  }
}

/** Index of the first tick at or after an instant. */
function firstFrom(ticks: readonly MarketTick[], ts: EpochMs): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ticks[middle]!.ts < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
