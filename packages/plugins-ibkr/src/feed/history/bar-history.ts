// Bars of the past, window by window.
import type { BarColumns, BarSpec, HistoryBlock, HistoryRequest, MarketCalendar } from '@bookrunner/sdk';
import { priceFromIb } from '../../contracts/ib-numbers.js';
import type { QualifiedContract } from '../../contracts/qualified-contract.js';
import { TWS_EVENT } from '../../contracts/tws-names.js';
import { ibkrError } from '../../ibkr-errors.js';
import { type BarSize, barSizeOf, whatToShow } from './bar-sizes.js';
import { isLongHistory } from './history-pacer.js';
import { askHistory, type HistoryDesk } from './history-question.js';
import { barTime, requestTime } from './history-time.js';

const LONGEST_SMALL_BAR = 30;
const ASKED_AHEAD = 4;
/** What the library makes of the end of an answer: one more bar. */
const END = 'finished';

/** Open, high, low, close, volume, count, average: a number that is not given is undefined. */
type BarValues = readonly (number | undefined)[];

/** One bar as it is told. */
interface ToldBar {
  readonly date: string;
  readonly prices: readonly (number | undefined)[];
  readonly volume: number | undefined;
  readonly count: number | undefined;
  readonly average: number | undefined;
}

interface Row {
  readonly ts: number;
  endTs: number;
  readonly prices: readonly number[];
  readonly volume: number;
  readonly count: number;
  readonly average: number;
}

/** What reading takes. */
export interface BarHistoryParts {
  readonly desk: HistoryDesk;
  readonly contract: QualifiedContract;
  readonly calendar: MarketCalendar;
  readonly useRegularHours: boolean;
  /** Requests that bars of 30 s and less may take. */
  readonly mostSmallPages: number;
}

/**
 * Windows in which the calendar knows no session are left out.
 * Errors: IBKR_HISTORY_NOT_AVAILABLE, also where small bars take too many requests, and those of {@link askHistory}.
 */
export async function* readBars(
  parts: BarHistoryParts,
  { from, to, bars }: HistoryRequest & { readonly bars: BarSpec },
): AsyncGenerator<HistoryBlock> {
  const size = barSizeOf(bars);
  const shown = whatToShow(bars, parts.contract.secType);
  const common = { size, shown, isLong: isLongHistory({ from, to }) };
  const windows = windowsOf(parts.calendar, { from, to }, size).map((span): Window => ({ ...common, ...span }));
  checkCount(parts, windows);
  let last = Number.NEGATIVE_INFINITY;
  for await (const told of inOrder(parts, windows)) {
    const rows = rowsOf(parts, told, size).filter(({ ts }) => ts > last && ts >= from && ts < to);
    if (rows.length === 0) continue;
    last = rows.at(-1)!.ts;
    yield { kind: 'bars', columns: columnsOf(parts.contract.instrument.symbol, rows), spec: bars };
  }
}

interface Window {
  readonly size: BarSize;
  readonly shown: ReturnType<typeof whatToShow>;
  readonly start: number;
  readonly end: number;
  /** Of the whole history. */
  readonly isLong: boolean;
}

function windowsOf(
  calendar: MarketCalendar,
  { from, to }: Pick<HistoryRequest, 'from' | 'to'>,
  size: BarSize,
): readonly Pick<Window, 'start' | 'end'>[] {
  const windows: Pick<Window, 'start' | 'end'>[] = [];
  for (let start = from; start < to; start += size.window * 1_000) {
    const end = Math.min(to, start + size.window * 1_000);
    if (hasSession(calendar, start, end)) windows.push({ start, end });
  }
  return windows;
}

/** Beyond its own data a calendar knows nothing, and anything may be. */
function hasSession(calendar: MarketCalendar, start: number, end: number): boolean {
  if (start < calendar.validFrom || end >= calendar.validTo) return true;
  try {
    return calendar.isOpen(start) || calendar.nextOpen(start) < end;
  } catch {
    return true;
  }
}

function checkCount({ contract, mostSmallPages }: BarHistoryParts, windows: readonly Window[]): void {
  const [first] = windows;
  if (first === undefined || first.size.seconds > LONGEST_SMALL_BAR || windows.length <= mostSmallPages) return;
  const { symbol } = contract.instrument;
  throw ibkrError(
    'IBKR_HISTORY_NOT_AVAILABLE',
    `${symbol}: bars of ${first.size.seconds} s over that range take ${windows.length} requests; \`historySmallBarPages\` allows ${mostSmallPages}, and IB 60 in ten minutes.`,
    { details: { symbol, requests: windows.length }, remedy: 'Use longer bars, or ask for a shorter range.' },
  );
}

/** Answers in the order of the windows. Some are asked for ahead: IB takes its time over each. */
async function* inOrder(parts: BarHistoryParts, windows: readonly Window[]): AsyncGenerator<readonly ToldBar[]> {
  const abort = new AbortController();
  const desk = { ...parts.desk, signal: AbortSignal.any([parts.desk.signal, abort.signal]) };
  const asked: Promise<readonly ToldBar[]>[] = [];
  try {
    for (let next = 0; next < windows.length || asked.length > 0;) {
      for (; next < windows.length && asked.length < ASKED_AHEAD; next += 1) {
        const answer = ask({ ...parts, desk }, windows[next]!);
        // Whoever waits for it hears of it; nobody may, where one before it fails.
        answer.catch(() => undefined);
        asked.push(answer);
      }
      yield await asked.shift()!;
    }
  } finally {
    abort.abort(ibkrError('IBKR_HISTORY_FAILED', 'Nobody waits for the answer any more.'));
  }
}

function ask(parts: BarHistoryParts, { size, shown, start, end, isLong }: Window): Promise<readonly ToldBar[]> {
  const { desk, contract, useRegularHours } = parts;
  const { gateway } = desk;
  // Ends are whole seconds: what a bar holds is not cut off.
  const endTime = requestTime(Math.ceil(end / 1_000) * 1_000);
  const duration = size.duration ?? `${Math.max(size.seconds, Math.ceil((end - start) / 1_000))} S`;
  const series = `${contract.conId} ${contract.contract.exchange} ${shown}`;
  return askHistory<ToldBar>(desk, {
    ...{ series, key: `${series} ${endTime} ${duration} ${size.setting}`, weight: 1 },
    ...{ isSmall: size.seconds <= LONGEST_SMALL_BAR, isLong },
    what: `bars of ${contract.instrument.symbol} until ${endTime}`,
    make: (id) => {
      const told: ToldBar[] = [];
      return {
        write: (api) =>
          api.reqHistoricalData(
            id,
            contract.contract,
            endTime,
            duration,
            size.setting,
            shown,
            useRegularHours,
            2,
            false,
          ),
        cancel: (api) => api.cancelHistoricalData(id),
        listen: ({ answer }) => [
          gateway.on(TWS_EVENT.historicalData, (requestId: number, date: string, ...values: BarValues) => {
            if (requestId !== id) return;
            if (date.startsWith(END)) return answer(told);
            const [open, high, low, close, volume, count, average] = values;
            told.push({ date, prices: [open, high, low, close], volume, count, average });
          }),
        ],
      };
    },
  });
}

/** Usable bars in order of time. A bar ends where the next one begins, should that be earlier than its length says. */
function rowsOf({ contract, calendar }: BarHistoryParts, told: readonly ToldBar[], size: BarSize): readonly Row[] {
  const rows = told
    .flatMap((bar): readonly Row[] => {
      const time = barTime(bar.date, calendar);
      const prices = bar.prices.map((price) => priceFromIb(contract, price));
      if (time === undefined) throw undated(contract.instrument.symbol, bar.date);
      if (prices.some((price) => Number.isNaN(price))) return [];
      const endTs = Number.isNaN(time.endTs) ? time.ts + size.seconds * 1_000 : time.endTs;
      const count = (bar.count ?? -1) < 0 ? Number.NaN : bar.count!;
      const average = (bar.average ?? -1) <= 0 ? Number.NaN : priceFromIb(contract, bar.average);
      return [{ ts: time.ts, endTs, prices, volume: Math.max(0, bar.volume ?? 0), count, average }];
    })
    .toSorted((a, b) => a.ts - b.ts);
  rows.forEach((row, i) => {
    const next = rows[i + 1];
    if (next !== undefined && next.ts > row.ts) row.endTs = Math.min(row.endTs, next.ts);
  });
  return rows.filter((row, i) => row.ts !== rows[i - 1]?.ts);
}

/** A history without some of its bars would be taken for one of a market in which nothing happened. */
function undated(symbol: string, date: string): Error {
  return ibkrError(
    'IBKR_HISTORY_FAILED',
    `${symbol}: the gateway dates a bar as '${date.slice(0, 50)}', and seconds were asked for.`,
    { details: { symbol, date }, remedy: 'Use a TWS or IB Gateway of server version 177 or newer.' },
  );
}

function columnsOf(symbol: string, rows: readonly Row[]): BarColumns {
  const column = (read: (row: Row) => number): Float64Array => Float64Array.from(rows, read);
  return {
    symbol,
    length: rows.length,
    ts: column((row) => row.ts),
    endTs: column((row) => row.endTs),
    open: column((row) => row.prices[0]!),
    high: column((row) => row.prices[1]!),
    low: column((row) => row.prices[2]!),
    close: column((row) => row.prices[3]!),
    volume: column((row) => row.volume),
    nTicks: column((row) => row.count),
    vwap: column((row) => row.average),
  };
}
