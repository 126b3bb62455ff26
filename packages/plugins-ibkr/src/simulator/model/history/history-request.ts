// Requests for history, read and checked.
import type { EpochMs } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import { parseInstant } from '../wall-clock.js';
import type { BarPrices } from './bar-aggregate.js';
import { LEGAL_SIZES, readBarSize, readDuration } from './bar-size.js';
import type { BarQuery } from './bar-series.js';
import type { TickKind, TickQuery } from './historical-ticks.js';

/** A request for bars. */
export type BarRequest = Extract<ClientRequest, { readonly kind: 'requestHistoricalData' }>;
/** A request for ticks. */
export type TickRequest = Extract<ClientRequest, { readonly kind: 'requestHistoricalTicks' }>;

/** Why a request is refused. */
export interface HistoryFault {
  readonly code: number;
  readonly message: string;
}

const PRICES: Readonly<Record<string, BarPrices>> = {
  TRADES: 'TRADES',
  AGGTRADES: 'TRADES',
  ADJUSTED_LAST: 'TRADES',
  MIDPOINT: 'MIDPOINT',
  BID: 'BID',
  ASK: 'ASK',
  BID_ASK: 'BID_ASK',
};

const INVALID_END =
  'End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional.';

/** The text of 162. */
export function serviceError(reason: string): HistoryFault {
  return { code: 162, message: `Historical Market Data Service error message:${reason}` };
}

/** `AAPL@SMART Trades`, as messages name what was asked for. */
export function seriesName(
  { contract, whatToShow }: Pick<BarRequest, 'contract' | 'whatToShow'>,
  instrument: InstrumentDefinition,
): string {
  const kind = whatToShow.slice(0, 1) + whatToShow.slice(1).toLowerCase();
  return `${instrument.symbol}@${contract.exchange === '' ? instrument.exchanges[0] : contract.exchange} ${kind}`;
}

/** What a request for bars asks, or what is wrong with it. */
export function readBarRequest(
  request: BarRequest,
  at: { readonly instrument: InstrumentDefinition; readonly now: EpochMs; readonly timeZone: string },
): BarQuery | HistoryFault {
  const size = readBarSize(request.barSize);
  if (size === undefined) return invalid(`Historical data bar size setting is invalid. Legal ones are: ${LEGAL_SIZES}`);
  const duration = readDuration(request.duration);
  if (duration === undefined) return invalid('Historical data requests for durations must be made in S, D, W, M or Y.');
  const fault = pricesFault(request.whatToShow, at.instrument);
  if (fault !== undefined) return fault;
  if (request.keepUpToDate && request.endDateTime !== '')
    return invalid('Historical data end date must be empty to keep it up to date');
  const end = request.endDateTime === '' ? at.now : parseInstant(request.endDateTime, at.timeZone);
  if (Number.isNaN(end)) return { code: 10314, message: INVALID_END };
  const isNow = end >= at.now;
  const { useRth, formatDate } = request;
  // What happened in the very millisecond of now belongs to it.
  return {
    size,
    duration,
    prices: PRICES[request.whatToShow]!,
    end: isNow ? at.now + 1 : end,
    useRth,
    formatDate,
    timeZone: at.timeZone,
  };
}

/** What a request for ticks asks, or what is wrong with it. */
export function readTickRequest(
  request: TickRequest,
  at: { readonly instrument: InstrumentDefinition; readonly timeZone: string },
): TickQuery | HistoryFault {
  const { whatToShow, count, useRth } = request;
  if (!TICK_KINDS.has(whatToShow)) return invalid('Invalid what to show for historical ticks');
  const fault = pricesFault(
    at.instrument.secType === 'CRYPTO' && whatToShow === 'TRADES' ? 'AGGTRADES' : whatToShow,
    at.instrument,
  );
  if (fault !== undefined) return fault;
  if (!(count >= 1 && count <= 1000)) return invalid('Number of ticks must be between 1 and 1000');
  const [start, end] = [request.startDateTime, request.endDateTime].map((text) =>
    text === '' ? Number.NaN : parseInstant(text, at.timeZone),
  ) as [number, number];
  const isOne = (request.startDateTime === '') !== (request.endDateTime === '');
  if (!isOne) return invalid('Exactly one of start and end time has to be given');
  if (Number.isNaN(start) && Number.isNaN(end)) return { code: 10314, message: INVALID_END };
  return { start, end, count, kind: whatToShow as TickKind, useRth };
}

const TICK_KINDS = new Set(['TRADES', 'BID_ASK', 'MIDPOINT']);

/** Whether an instrument has prices of a kind. */
export function pricesFault(whatToShow: string, instrument: InstrumentDefinition): HistoryFault | undefined {
  const { secType, symbol } = instrument;
  if (PRICES[whatToShow] === undefined) return invalid('Historical data query: what to show is invalid');
  if (secType === 'CRYPTO' && whatToShow === 'TRADES') {
    return { code: 10299, message: 'Expected what to show is AGGTRADES, please use that instead of TRADES.' };
  }
  const isTrades = PRICES[whatToShow] === 'TRADES';
  const isMissing = secType === 'CASH' ? isTrades : secType === 'IND' && !isTrades;
  return isMissing
    ? serviceError(`No historical market data for ${symbol}/${secType}@${instrument.exchanges[0]} ${whatToShow}`)
    : undefined;
}

function invalid(cause: string): HistoryFault {
  return { code: 321, message: `Error validating request.-'bN' : cause - ${cause}` };
}
