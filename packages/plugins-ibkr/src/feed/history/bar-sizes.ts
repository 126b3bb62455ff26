// Bars that IB keeps. Source: "Valid Bar Sizes" and "Step Sizes" of IB's TWS API documentation, seen 2026-11.
import type { BarPrice, BarSpec } from '@bookrunner/sdk';
import { BarSizeSetting, WhatToShow } from '@stoqey/ib';
import { ibkrError } from '../../ibkr-errors.js';

/** One length of bars, and how they are asked for. */
export interface BarSize {
  readonly seconds: number;
  readonly setting: BarSizeSetting;
  /** What one request covers for certain, in seconds. */
  readonly window: number;
  /** Duration that is asked for where it is not a number of seconds: longer than the window, since IB counts trading days. */
  readonly duration?: string;
}

const DAY = 86_400;
const size = (seconds: number, setting: BarSizeSetting, reach: Pick<BarSize, 'window' | 'duration'>): BarSize => ({
  seconds,
  setting,
  ...reach,
});
const seconds = (window: number): Pick<BarSize, 'window'> => ({ window });
const WEEK = { window: 6 * DAY, duration: '1 W' };
const MONTH = { window: 27 * DAY, duration: '1 M' };

/** At most some 2,400 bars a request: the library's decoding of an answer grows with the square of its length. */
const SIZES: readonly BarSize[] = [
  size(1, BarSizeSetting.SECONDS_ONE, seconds(1_800)),
  size(5, BarSizeSetting.SECONDS_FIVE, seconds(3_600)),
  size(10, BarSizeSetting.SECONDS_TEN, seconds(14_400)),
  size(15, BarSizeSetting.SECONDS_FIFTEEN, seconds(14_400)),
  size(30, BarSizeSetting.SECONDS_THIRTY, seconds(28_800)),
  size(60, BarSizeSetting.MINUTES_ONE, seconds(DAY)),
  size(120, BarSizeSetting.MINUTES_TWO, seconds(DAY)),
  size(180, BarSizeSetting.MINUTES_THREE, WEEK),
  size(300, BarSizeSetting.MINUTES_FIVE, WEEK),
  size(600, BarSizeSetting.MINUTES_TEN, WEEK),
  size(900, BarSizeSetting.MINUTES_FIFTEEN, WEEK),
  size(1_200, BarSizeSetting.MINUTES_TWENTY, WEEK),
  size(1_800, BarSizeSetting.MINUTES_THIRTY, MONTH),
  size(3_600, BarSizeSetting.HOURS_ONE, MONTH),
  size(7_200, BarSizeSetting.HOURS_TWO, MONTH),
  size(10_800, BarSizeSetting.HOURS_THREE, MONTH),
  size(14_400, BarSizeSetting.HOURS_FOUR, MONTH),
  size(28_800, BarSizeSetting.HOURS_EIGHT, MONTH),
  size(DAY, BarSizeSetting.DAYS_ONE, { window: 360 * DAY, duration: '1 Y' }),
];

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: DAY, w: 7 * DAY };
const SHOWN: Readonly<Record<BarPrice, WhatToShow>> = {
  last: WhatToShow.TRADES,
  mid: WhatToShow.MIDPOINT,
  bid: WhatToShow.BID,
  ask: WhatToShow.ASK,
};
/** IB has no trades of these. */
const QUOTED_ONLY = new Set(['CASH', 'CFD', 'CMDTY']);

/** The bars of a spec at IB. Errors: IBKR_HISTORY_NOT_AVAILABLE. */
export function barSizeOf(spec: BarSpec): BarSize {
  const wanted = secondsOf(spec);
  const found = SIZES.find((known) => known.seconds === wanted);
  if (spec.use === 'time' && found !== undefined) return found;
  const lengths = SIZES.map((known) => known.seconds).join(', ');
  const what = spec.use === 'time' ? `of ${wanted} seconds` : `'${spec.use}'`;
  throw ibkrError('IBKR_HISTORY_NOT_AVAILABLE', `IB keeps no bars ${what}; it keeps time bars of ${lengths} seconds.`, {
    details: { ...spec.options, use: spec.use },
  });
}

/** What IB has to show for the bars' price. Errors: IBKR_HISTORY_NOT_AVAILABLE. */
export function whatToShow(spec: BarSpec, secType: string): WhatToShow {
  const price = (spec.options['price'] ?? 'last') as BarPrice;
  const shown = SHOWN[price];
  if (shown === undefined || (price === 'last' && QUOTED_ONLY.has(secType))) {
    throw ibkrError(
      'IBKR_HISTORY_NOT_AVAILABLE',
      `IB has no '${price}' bars of a ${secType}: it is quoted, not traded. Use bars of price mid, bid or ask.`,
      { details: { ...spec.options, secType } },
    );
  }
  return shown === WhatToShow.TRADES && secType === 'CRYPTO' ? WhatToShow.AGGTRADES : shown;
}

function secondsOf({ options }: BarSpec): number {
  if (typeof options['seconds'] === 'number') return options['seconds'];
  const text = /^(\d+)([smhdw])$/.exec(String(options['timeframe'] ?? '60s'));
  return text === null ? Number.NaN : Number(text[1]) * UNITS[text[2]!]!;
}
