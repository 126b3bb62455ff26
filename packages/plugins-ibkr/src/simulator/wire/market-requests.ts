// Layouts of what a client asks about markets: ticks, depth, bars, history.
import { FLAG, INTEGER, TEXT, WORDS } from './codecs.js';
import { field, fixed, version, when } from './layout.js';
import type { FieldCursor } from './field-cursor.js';
import type { Item } from './layout.js';
import type { RequestLayouts } from './request-layout.js';
import type { RequestKind } from './requests.js';
import { askedContract, isBag, requestId } from './shared-items.js';

const whatToShow = field('whatToShow', TEXT);
const useRth = field('useRth', FLAG);
const formatDate = field('formatDate', INTEGER);
const options = fixed('options');
const LEG = ['conId', 'ratio', 'action', 'exchange'] as const;

/** Legs of a combination whose market is asked for: read, and not kept. */
const askedLegs: Item<object> = {
  write: (fields) => void fields.push('0'),
  read: (cursor) => {
    const legs = Number(cursor.take('leg count'));
    for (let leg = 0; leg < legs; leg += 1) takeAll(cursor, LEG);
  },
};
/** A contract that hedges its delta, likewise. */
const askedDeltaNeutral: Item<object> = {
  write: (fields) => void fields.push('0'),
  read: (cursor) => {
    if (cursor.take('deltaNeutralContract') === '1') takeAll(cursor, ['conId', 'delta', 'price']);
  },
};

function takeAll(cursor: FieldCursor, names: readonly string[]): void {
  for (const name of names) cursor.take(name);
}

export const MARKET_REQUESTS: RequestLayouts<
  Exclude<
    Extract<RequestKind, `${string}${'Market' | 'Historical' | 'TickByTick' | 'RealTime' | 'Head'}${string}`>,
    'requestMarketRule'
  >
> = {
  requestMarketDataType: [59, version(1), field('type', INTEGER)],
  requestMarketData: [
    1,
    version(11),
    requestId,
    askedContract,
    when(isBag, askedLegs),
    askedDeltaNeutral,
    field('genericTicks', WORDS),
    field('snapshot', FLAG),
    field('regulatorySnapshot', FLAG),
    options,
  ],
  cancelMarketData: [2, version(1), requestId],
  requestHistoricalData: [
    20,
    requestId,
    askedContract,
    field('includeExpired', FLAG),
    field('endDateTime', TEXT),
    field('barSize', TEXT),
    field('duration', TEXT),
    useRth,
    whatToShow,
    formatDate,
    when(isBag, askedLegs),
    field('keepUpToDate', FLAG),
    options,
  ],
  cancelHistoricalData: [25, version(1), requestId],
  requestHistoricalTicks: [
    96,
    requestId,
    askedContract,
    fixed('includeExpired', '0'),
    field('startDateTime', TEXT),
    field('endDateTime', TEXT),
    field('count', INTEGER),
    whatToShow,
    useRth,
    field('ignoreSize', FLAG),
    options,
  ],
  requestTickByTick: [
    97,
    requestId,
    askedContract,
    field('tickType', TEXT),
    field('count', INTEGER),
    field('ignoreSize', FLAG),
  ],
  cancelTickByTick: [98, requestId],
  requestRealTimeBars: [50, version(3), requestId, askedContract, fixed('barSize', '5'), whatToShow, useRth, options],
  cancelRealTimeBars: [51, version(1), requestId],
  requestHeadTimestamp: [87, requestId, askedContract, fixed('includeExpired', '0'), useRth, whatToShow, formatDate],
  cancelHeadTimestamp: [90, requestId],
  requestMarketDepth: [
    10,
    version(5),
    requestId,
    askedContract,
    field('rows', INTEGER),
    field('isSmart', FLAG),
    options,
  ],
  cancelMarketDepth: [11, version(1), requestId, fixed('isSmart', '0')],
};
