// Layouts of what the gateway says about markets: ticks, depth, bars, history.
import { FLAG, INTEGER, NUMBER, TEXT } from './codecs.js';
import { field, fixed, list, version, within } from './layout.js';
import type { MessageLayouts } from './message-layout.js';
import type { MessageKind } from './messages.js';
import { requestId } from './shared-items.js';

const tickType = field('tickType', INTEGER);
const price = field('price', NUMBER);
const size = field('size', NUMBER);
const mask = field('mask', INTEGER);
const time = field('epochSeconds', INTEGER);
const done = field('done', FLAG);
const bidAndAsk = [
  field('bid', NUMBER),
  field('ask', NUMBER),
  field('bidSize', NUMBER),
  field('askSize', NUMBER),
] as const;
const printed = [field('exchange', TEXT), field('specialConditions', TEXT)] as const;
const openHighLowClose = [
  field('open', NUMBER),
  field('high', NUMBER),
  field('low', NUMBER),
  field('close', NUMBER),
  field('volume', NUMBER),
  field('wap', NUMBER),
  field('count', INTEGER),
] as const;
const depthPlace = [field('operation', INTEGER), field('side', INTEGER), price, size] as const;

export const MARKET_MESSAGES: MessageLayouts<
  Extract<
    MessageKind,
    | `tick${string}`
    | `market${'DataType' | 'Depth' | 'DepthL2'}`
    | `historical${string}`
    | `re${string}`
    | 'headTimestamp'
  >
> = {
  tickPrice: [1, version(6), requestId, tickType, price, size, field('attributes', INTEGER)],
  tickSize: [2, version(6), requestId, tickType, size],
  tickString: [46, version(6), requestId, tickType, field('value', TEXT)],
  tickGeneric: [45, version(6), requestId, tickType, field('value', NUMBER)],
  tickOptionComputation: [
    21,
    requestId,
    tickType,
    field('attribute', INTEGER),
    field('impliedVolatility', NUMBER),
    field('delta', NUMBER),
    field('optionPrice', NUMBER),
    field('pvDividend', NUMBER),
    field('gamma', NUMBER),
    field('vega', NUMBER),
    field('theta', NUMBER),
    field('underlyingPrice', NUMBER),
  ],
  tickRequestParameters: [
    81,
    requestId,
    field('minTick', NUMBER),
    field('bboExchange', TEXT),
    field('snapshotPermissions', INTEGER),
  ],
  tickSnapshotEnd: [57, version(1), requestId],
  marketDataType: [58, version(1), requestId, field('type', INTEGER)],
  rerouteMarketData: [91, requestId, field('conId', INTEGER), field('exchange', TEXT)],
  marketDepth: [12, version(1), requestId, field('position', INTEGER), ...depthPlace],
  marketDepthL2: [
    13,
    version(1),
    requestId,
    field('position', INTEGER),
    field('marketMaker', TEXT),
    ...depthPlace,
    field('isSmartDepth', FLAG),
  ],
  // Of the four tick-by-tick kinds the wire has one message; the number behind the request says which.
  tickByTickLast: [99, requestId, tickType, time, price, size, mask, ...printed],
  tickByTickBidAsk: [99, requestId, fixed('tickType', '3'), time, ...bidAndAsk, mask],
  tickByTickMidPoint: [99, requestId, fixed('tickType', '4'), time, field('midPoint', NUMBER)],
  historicalData: [
    17,
    requestId,
    field('start', TEXT),
    field('end', TEXT),
    list('bars', field('date', TEXT), ...openHighLowClose),
  ],
  // Unlike all other bars: open, close, high, low, and the average before the volume.
  historicalDataUpdate: [
    90,
    requestId,
    within(
      'bar',
      field('count', INTEGER),
      field('date', TEXT),
      field('open', NUMBER),
      field('close', NUMBER),
      field('high', NUMBER),
      field('low', NUMBER),
      field('wap', NUMBER),
      field('volume', NUMBER),
    ),
  ],
  historicalTicks: [96, requestId, list('ticks', time, fixed('unused', '0'), price, size), done],
  historicalTicksBidAsk: [97, requestId, list('ticks', time, mask, ...bidAndAsk), done],
  historicalTicksLast: [98, requestId, list('ticks', time, mask, price, size, ...printed), done],
  realTimeBar: [50, version(3), requestId, time, within('bar', ...openHighLowClose)],
  headTimestamp: [88, requestId, field('timestamp', TEXT)],
};
