// The requests of one line, as they are written.
import type { Contract, IBApi, TickByTickDataType } from '@stoqey/ib';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { DATA_TYPE, TICK_BY_TICK } from '../contracts/tws-names.js';
import type { IbkrFeedOptions } from './feed-options.js';
import type { MarketLine, TradeSource } from './market-line.js';
import { RT_VOLUME_REQUEST } from './tick-types.js';

/** Contracts that are quoted but have no trades of their own at IB. */
const WITHOUT_TRADES = new Set(['CASH', 'CFD', 'CMDTY']);
/** Contracts whose trades come as a last price only. */
const WITH_LAST_ONLY = new Set(['IND', 'BOND', 'FUND']);
/** IB gives no tick-by-tick data of these while they trade. */
const WITHOUT_TICK_BY_TICK = new Set(['OPT', 'FOP', 'WAR', 'IND', 'BOND', 'FUND']);

/** Whether a contract has trades of its own at IB. */
export function isTraded({ secType }: Pick<QualifiedContract, 'secType'>): boolean {
  return !WITHOUT_TRADES.has(secType);
}

/** Which of the trades of the top-of-book request are taken. */
export function tradeSourceOf(secType: string, { trades }: Pick<IbkrFeedOptions, 'trades'>): TradeSource {
  if (trades === 'none' || WITHOUT_TRADES.has(secType)) return 'none';
  if (trades === 'last' || WITH_LAST_ONLY.has(secType)) return 'last';
  return 'rt-volume';
}

/** Kinds of tick-by-tick requests of a contract; undefined for none. */
export function tickByTickOf(
  secType: string,
  { quotes, trades }: Pick<IbkrFeedOptions, 'quotes' | 'trades'>,
): { readonly quotes: TickByTickDataType | undefined; readonly trades: TickByTickDataType | undefined } {
  const hasNone = WITHOUT_TICK_BY_TICK.has(secType);
  const tradesKind = trades === 'tick-by-tick-all' ? TICK_BY_TICK.allLast : TICK_BY_TICK.last;
  const hasTrades = trades.startsWith('tick-by-tick') && !hasNone && !WITHOUT_TRADES.has(secType);
  return {
    quotes: quotes === 'tick-by-tick' && !hasNone ? TICK_BY_TICK.bidAsk : undefined,
    trades: hasTrades ? tradesKind : undefined,
  };
}

/** What a line's data requests name. */
export function dataContract({ contract, routed }: MarketLine): Contract {
  return routed === undefined ? contract.contract : { ...routed };
}

/** Asks for the top of book; the type of data counts for the requests after it, so the two are written together. */
export function writeBook(
  api: IBApi,
  line: MarketLine,
  asks: { readonly delayed: boolean; readonly rtVolume: boolean },
): void {
  api.reqMarketDataType(asks.delayed ? DATA_TYPE.delayed : DATA_TYPE.live);
  const genericTicks = asks.rtVolume ? RT_VOLUME_REQUEST : '';
  api.reqMktData(line.requests.book, dataContract(line), genericTicks, false, false);
}

/** Ends the requests whose ids are given; 0 is none. Returns how many messages that takes. */
export function cancelling(ids: MarketLine['requests']): {
  readonly cost: number;
  readonly write: (api: IBApi) => void;
} {
  const { book } = ids;
  const tickByTick = [ids.quotes, ids.trades].filter((id) => id !== 0);
  return {
    cost: tickByTick.length + (book === 0 ? 0 : 1),
    write: (api) => {
      for (const id of tickByTick) api.cancelTickByTickData(id);
      if (book !== 0) api.cancelMktData(book);
    },
  };
}
