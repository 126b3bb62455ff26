// Bars that IB keeps. Source: "Valid Bar Sizes" and "Step Sizes" of IB's TWS API documentation, seen 2026-11.
import type { BarPrice, BarSpec } from '@bookrunner/sdk';
import type { BarSizeSetting, WhatToShow } from '@stoqey/ib';
import { barSizeSetting, SHOWN } from '../../contracts/tws-names.js';
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
const size = (
  inSeconds: number,
  text: Parameters<typeof barSizeSetting>[0],
  reach: Pick<BarSize, 'window' | 'duration'>,
): BarSize => ({ seconds: inSeconds, setting: barSizeSetting(text), ...reach });
const seconds = (window: number): Pick<BarSize, 'window'> => ({ window });
const WEEK = { window: 6 * DAY, duration: '1 W' };
const MONTH = { window: 27 * DAY, duration: '1 M' };

/** At most some 2,400 bars a request: the library's decoding of an answer grows with the square of its length. */
const SIZES: readonly BarSize[] = [
  size(1, '1 secs', seconds(1_800)),
  size(5, '5 secs', seconds(3_600)),
  size(10, '10 secs', seconds(14_400)),
  size(15, '15 secs', seconds(14_400)),
  size(30, '30 secs', seconds(28_800)),
  size(60, '1 min', seconds(DAY)),
  size(120, '2 mins', seconds(DAY)),
  size(180, '3 mins', WEEK),
  size(300, '5 mins', WEEK),
  size(600, '10 mins', WEEK),
  size(900, '15 mins', WEEK),
  size(1_200, '20 mins', WEEK),
  size(1_800, '30 mins', MONTH),
  size(3_600, '1 hour', MONTH),
  size(7_200, '2 hours', MONTH),
  size(10_800, '3 hours', MONTH),
  size(14_400, '4 hours', MONTH),
  size(28_800, '8 hours', MONTH),
  size(DAY, '1 day', { window: 360 * DAY, duration: '1 Y' }),
];

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: DAY, w: 7 * DAY };
const PRICES: Readonly<Record<BarPrice, WhatToShow>> = {
  last: SHOWN.trades,
  mid: SHOWN.midpoint,
  bid: SHOWN.bid,
  ask: SHOWN.ask,
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
  const shown = PRICES[price];
  if (shown === undefined || (price === 'last' && QUOTED_ONLY.has(secType))) {
    throw ibkrError(
      'IBKR_HISTORY_NOT_AVAILABLE',
      `IB has no '${price}' bars of a ${secType}: it is quoted, not traded. Use bars of price mid, bid or ask.`,
      { details: { ...spec.options, secType } },
    );
  }
  return shown === SHOWN.trades && secType === 'CRYPTO' ? SHOWN.aggregatedTrades : shown;
}

function secondsOf({ options }: BarSpec): number {
  if (typeof options['seconds'] === 'number') return options['seconds'];
  const text = /^(\d+)([smhdw])$/.exec(String(options['timeframe'] ?? '60s'));
  return text === null ? Number.NaN : Number(text[1]) * UNITS[text[2]!]!;
}
