import type { MessageKind, ServerMessage } from '../wire/messages.js';
import type { ClientRequest } from '../wire/requests.js';

/** Whose servers live data comes from: market data for ticks and depth, history (HMDS) for bars that are kept up to date. */
export type DataFarm = 'market-data' | 'history';

const LIVE_DATA: Partial<Record<MessageKind, DataFarm>> = {
  tickPrice: 'market-data',
  tickSize: 'market-data',
  tickString: 'market-data',
  tickGeneric: 'market-data',
  tickOptionComputation: 'market-data',
  tickByTickLast: 'market-data',
  tickByTickBidAsk: 'market-data',
  tickByTickMidPoint: 'market-data',
  marketDepth: 'market-data',
  marketDepthL2: 'market-data',
  realTimeBar: 'market-data',
  historicalDataUpdate: 'history',
};

/** The farm a message of live data comes from; undefined for all other messages. */
export function farmOf(kind: MessageKind): DataFarm | undefined {
  return LIVE_DATA[kind];
}

type LiveRequest = { readonly farm: DataFarm; readonly isBars: boolean; readonly isTicker: boolean };

/** The live data one client has asked for, and what of it went dead without a word. */
export class Subscriptions {
  readonly #live = new Map<number, LiveRequest>();
  readonly #dead = new Set<number>();

  /** Follows a request of the client. An id asked for anew is alive again. */
  note(request: ClientRequest): void {
    const live = liveRequest(request);
    if (live !== undefined && 'requestId' in request) {
      this.#live.set(request.requestId, live);
      this.#dead.delete(request.requestId);
    } else if (request.kind.startsWith('cancel') && 'requestId' in request) {
      this.#live.delete(request.requestId);
    }
  }

  /** Ids of requests for ticks of market data. */
  get tickers(): readonly number[] {
    return [...this.#live].filter(([, { isTicker }]) => isTicker).map(([id]) => id);
  }

  /** Everything, or the bars, or what comes from one farm, goes dead. */
  kill(what: 'all' | 'bars' | DataFarm): void {
    for (const [id, { farm, isBars }] of this.#live)
      if (what === 'all' || what === farm || (what === 'bars' && isBars)) this.#dead.add(id);
  }

  /** Whether this message belongs to what went dead. */
  isDead(message: ServerMessage): boolean {
    return farmOf(message.kind) !== undefined && 'requestId' in message && this.#dead.has(message.requestId);
  }
}

function liveRequest(request: ClientRequest): LiveRequest | undefined {
  switch (request.kind) {
    case 'requestMarketData':
    case 'requestTickByTick':
      return { farm: 'market-data', isBars: false, isTicker: true };
    case 'requestMarketDepth':
      return { farm: 'market-data', isBars: false, isTicker: false };
    case 'requestRealTimeBars':
      return { farm: 'market-data', isBars: true, isTicker: false };
    case 'requestHistoricalData':
      return request.keepUpToDate ? { farm: 'history', isBars: true, isTicker: false } : undefined;
    default:
      return undefined;
  }
}
