// Ticks of the past: quotes and trades are asked for apart, page by page, and merged by their seconds.
import type { EpochMs, HistoryBlock, HistoryRequest, TickColumns } from '@bookrunner/sdk';
import type { HistoricalTickBidAsk, HistoricalTickLast, WhatToShow } from '@stoqey/ib';
import type { QualifiedContract } from '../../contracts/qualified-contract.js';
import { SHOWN, TWS_EVENT } from '../../contracts/tws-names.js';
import { ibkrError } from '../../ibkr-errors.js';
import { RowReader, UNUSABLE } from '../row-reader.js';
import { isLongHistory } from './history-pacer.js';
import { askHistory, type HistoryDesk } from './history-question.js';
import { requestTime } from './history-time.js';
import { TickPages } from './tick-pages.js';

const PAGE = 1_000;
const BLOCK = 10_000;
/** Ticks make the bar under way whole: that bar is not worth a longer wait. */
const PATIENCE_MS = 60_000;
/** Pages after which it shows how far they reach, and how many times too long a history is then given up: markets are not always as busy. */
const PROBED_PAGES = 2;
const HOPELESS = 25;

/** One tick, as history tells it. */
interface Row {
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly last: number;
  readonly size: number;
}

/** What reading takes. */
export interface TickHistoryParts {
  readonly desk: HistoryDesk;
  readonly contract: QualifiedContract;
  readonly hasTrades: boolean;
  readonly useRegularHours: boolean;
  /** Requests that may be spent. */
  readonly mostPages: number;
}

/**
 * All of it is read before the first block is given: half a history is none.
 * Errors: IBKR_HISTORY_NOT_AVAILABLE where it is too long, and those of {@link askHistory}.
 */
export async function* readTicks(parts: TickHistoryParts, request: HistoryRequest): AsyncGenerator<HistoryBlock> {
  const { from, to } = request;
  if (from >= to) return;
  const spent = { pages: 0 };
  const quotes = await readKind(parts, request, { spent, kind: SHOWN.bidAsk });
  const trades = parts.hasTrades ? await readKind(parts, request, { spent, kind: SHOWN.trades }) : [];
  // Within a second nobody knows which came first: quotes, then trades.
  const rows = [...quotes, ...trades]
    .toSorted((a, b) => a.time - b.time)
    .filter(({ time }) => time * 1_000 >= from && time * 1_000 < to);
  for (let at = 0; at < rows.length; at += BLOCK) {
    yield { kind: 'ticks', columns: columnsOf(request.instrument.symbol, rows.slice(at, at + BLOCK)) };
  }
}

interface KindOfTicks {
  readonly kind: WhatToShow;
  readonly spent: { pages: number };
}

async function readKind(
  parts: TickHistoryParts,
  { from, to, instrument }: HistoryRequest,
  { kind, spent }: KindOfTicks,
): Promise<readonly Row[]> {
  const pages = new TickPages<Row>({ from: Math.floor(from / 1_000), to: to / 1_000 });
  const rows: Row[] = [];
  const isLong = isLongHistory({ from, to });
  let asked = 0;
  while (!pages.isOver && pages.start * 1_000 < to) {
    asked += 1;
    spent.pages += 1;
    if (spent.pages > parts.mostPages || isHopeless(parts, { from, to, asked, reached: pages.start * 1_000 })) {
      throw ibkrError(
        'IBKR_HISTORY_NOT_AVAILABLE',
        `${instrument.symbol}: ticks from ${requestTime(from)} to ${requestTime(to)} take more than ${parts.mostPages} requests; \`historyTickPages\` allows no more.`,
        {
          details: { symbol: instrument.symbol, from, to },
          remedy: 'Ask for a shorter range, or raise `historyTickPages`.',
        },
      );
    }
    const page = await askPage(parts, { start: pages.start, kind, isLong });
    for (const row of pages.take(page, PAGE)) rows.push(row);
  }
  return rows;
}

interface Progress extends Pick<HistoryRequest, 'from' | 'to'> {
  /** Pages of this kind, the next one among them. */
  readonly asked: number;
  readonly reached: EpochMs;
}

/** Whether the first pages reach so short that the rest would be refused in the end: IB's requests are too few to find that out with. */
function isHopeless({ mostPages }: TickHistoryParts, { from, to, asked, reached }: Progress): boolean {
  const answered = asked - 1;
  return answered >= PROBED_PAGES && answered * (to - from) > HOPELESS * mostPages * Math.max(0, reached - from);
}

interface TickPage {
  /** In seconds. */
  readonly start: number;
  readonly kind: WhatToShow;
  /** Of the whole history. */
  readonly isLong: boolean;
}

function askPage(parts: TickHistoryParts, { start, kind, isLong }: TickPage): Promise<readonly Row[]> {
  const { desk, contract, useRegularHours } = parts;
  const { gateway } = desk;
  const startTime = requestTime(start * 1_000);
  const series = `${contract.conId} ${contract.contract.exchange} ${kind}`;
  const reader = new RowReader(contract);
  return askHistory<Row>(desk, {
    ...{
      series,
      key: `${series} ticks ${startTime}`,
      weight: kind === SHOWN.bidAsk ? 2 : 1,
      ...{ isSmall: true, isLong },
      patienceMs: PATIENCE_MS,
    },
    what: `ticks of ${contract.instrument.symbol} from ${startTime}`,
    make: (id) => {
      const rows: Row[] = [];
      const take = <T>(requestId: number, told: readonly T[], read: (tick: T) => Row): boolean => {
        if (requestId !== id) return false;
        for (const tick of told) rows.push(read(tick));
        return true;
      };
      return {
        write: (api) =>
          api.reqHistoricalTicks(id, contract.contract, startTime, '', PAGE, kind, useRegularHours, false),
        listen: ({ answer }) => [
          gateway.on(
            TWS_EVENT.historicalTicksBidAsk,
            (requestId: number, told: readonly HistoricalTickBidAsk[], isDone: boolean) => {
              if (take(requestId, told, (tick) => quoteRow(reader, tick)) && isDone) answer(rows);
            },
          ),
          gateway.on(
            TWS_EVENT.historicalTicksLast,
            (requestId: number, told: readonly HistoricalTickLast[], isDone: boolean) => {
              if (take(requestId, told, (tick) => tradeRow(reader, tick)) && isDone) answer(rows);
            },
          ),
        ],
      };
    },
  });
}

const NOTHING = {
  bid: Number.NaN,
  ask: Number.NaN,
  bidSize: Number.NaN,
  askSize: Number.NaN,
  last: Number.NaN,
  size: Number.NaN,
};

/** What cannot be used stays in its place without a price, so that pages are counted alike. */
function quoteRow(reader: RowReader, { time = 0, priceBid, priceAsk, sizeBid, sizeAsk }: HistoricalTickBidAsk): Row {
  const bid = usable(reader.price(priceBid));
  const ask = usable(reader.price(priceAsk));
  return { ...NOTHING, time, bid, ask, bidSize: reader.size(sizeBid), askSize: reader.size(sizeAsk) };
}

function tradeRow(reader: RowReader, { time = 0, price, size }: HistoricalTickLast): Row {
  return { ...NOTHING, time, last: usable(reader.price(price)), size: reader.size(size) };
}

function usable(price: number): number {
  return price === UNUSABLE ? Number.NaN : price;
}

function columnsOf(symbol: string, rows: readonly Row[]): TickColumns {
  const column = (read: (row: Row) => number): Float64Array => Float64Array.from(rows, read);
  return {
    symbol,
    length: rows.length,
    ts: column((row) => row.time * 1_000),
    bid: column((row) => row.bid),
    ask: column((row) => row.ask),
    bidSize: column((row) => row.bidSize),
    askSize: column((row) => row.askSize),
    last: column((row) => row.last),
    size: column((row) => row.size),
  };
}
