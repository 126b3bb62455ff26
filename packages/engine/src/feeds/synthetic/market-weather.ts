import { DAY_MS, MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { RandomStream } from './random-stream.js';
import type { Session } from './sessions.js';

/** Volatility of each regime against the average: calm, usual, rough. */
const REGIME_VOL = [0.55, 1, 2.2] as const;

/** Chance a minute of going to the next rougher and to the next calmer regime. */
const ROUGHER = [0.01, 0.004, 0] as const;
const CALMER = [0, 0.012, 0.025] as const;

/** Share of time in each regime that these chances lead to, and the average of the squared volatility over it. */
const SHARES = stationaryShares();
const MEAN_SQUARE = REGIME_VOL.reduce((sum, vol, i) => sum + vol * vol * SHARES[i]!, 0);

// Activity over a session, 1 on average: 0.6 in the middle, 1.8 at both ends.
const MIDDLE = 0.6;
const ENDS = 1.2;

/**
 * What a session is like, minute by minute: its regime (a chain of three states) and the time of day (busy at open and close).
 * Over long times the variance of a trading day averages what was asked for.
 */
export class MarketWeather {
  /** Standard deviation of the relative price change over a millisecond. */
  volPerSqrtMs = 0;
  /** Ticks against the session's average. */
  activity = 1;
  /** Volatility against the average: what the spread follows. */
  roughness = 1;
  #regime = 1;
  readonly #varPerDay: number;
  readonly #random: RandomStream;

  constructor(varPerDay: number, random: RandomStream) {
    this.#varPerDay = varPerDay;
    this.#random = random;
  }

  /** Moves on to the minute that starts at an instant of a session. */
  enterMinute(ts: EpochMs, session: Session): void {
    const chance = this.#random.uniform();
    if (chance < ROUGHER[this.#regime]!) this.#regime += 1;
    else if (chance > 1 - CALMER[this.#regime]!) this.#regime -= 1;
    const length = session.close - session.open;
    const place = (2 * (ts + MINUTE_MS / 2 - session.open)) / length - 1;
    this.activity = MIDDLE + ENDS * Math.min(1, place * place);
    const square = (REGIME_VOL[this.#regime]! * REGIME_VOL[this.#regime]!) / MEAN_SQUARE;
    this.roughness = Math.sqrt(square * this.activity);
    const dayLength = Math.min(DAY_MS, session.dayClose - session.dayOpen);
    this.volPerSqrtMs = this.roughness * Math.sqrt(this.#varPerDay / dayLength);
  }
}

function stationaryShares(): readonly number[] {
  const calm = 1;
  const usual = (calm * ROUGHER[0]) / CALMER[1];
  const rough = (usual * ROUGHER[1]) / CALMER[2];
  const sum = calm + usual + rough;
  return [calm / sum, usual / sum, rough / sum];
}
