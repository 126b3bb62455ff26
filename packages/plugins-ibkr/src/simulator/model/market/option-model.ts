// Greeks as the gateway's model gives them: Black and Scholes at a volatility that never moves.
import { DAY_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { ServerMessage } from '../../wire/messages.js';
import { instantOfDay } from '../wall-clock.js';
import type { Market } from './market.js';
import { MODEL_OPTION } from './tick-types.js';

const VOLATILITY = 0.25;
const DELAYED_MODEL_OPTION = 83;

/** The model's view of an option at a price of its underlying. */
export function modelComputation(
  option: Market,
  at: { readonly requestId: number; readonly underlying: number; readonly now: EpochMs; readonly isDelayed: boolean },
): ServerMessage {
  const { strike = 1, right = 'C', expiry = '20991231', timeZone } = option.instrument;
  const years = Math.max(1 / 365, (instantOfDay(expiry, '16:00:00', timeZone) - at.now) / (365 * DAY_MS));
  const spread = VOLATILITY * Math.sqrt(years);
  const d1 = Math.log(at.underlying / strike) / spread + spread / 2;
  const isCall = right === 'C';
  const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI);
  return {
    kind: 'tickOptionComputation',
    requestId: at.requestId,
    tickType: at.isDelayed ? DELAYED_MODEL_OPTION : MODEL_OPTION,
    attribute: 0,
    impliedVolatility: VOLATILITY,
    delta: normal(d1) - (isCall ? 0 : 1),
    optionPrice: option.midPoint,
    pvDividend: 0,
    gamma: density / (at.underlying * spread),
    vega: (at.underlying * density * Math.sqrt(years)) / 100,
    theta: -(at.underlying * density * VOLATILITY) / (2 * Math.sqrt(years)) / 365,
    underlyingPrice: at.underlying,
  };
}

/** Distribution function of the normal distribution (Abramowitz and Stegun 26.2.17, five figures). */
function normal(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x));
  const series =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x < 0 ? tail : 1 - tail;
}
