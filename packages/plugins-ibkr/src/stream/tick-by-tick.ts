// Every single tick of a few contracts, for who scripts without an engine.
import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { EventName, IBApi } from '@stoqey/ib';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { TICK_BY_TICK, TWS_EVENT } from '../contracts/tws-names.js';
import { classify } from '../errors/classify.js';
import { RowReader, UNUSABLE } from '../feed/row-reader.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';

/** Kinds of tick-by-tick data: trades, trades with those that exchanges do not count, quotes, and their middle. */
export type TickByTickKind = 'last' | 'all-last' | 'bid-ask' | 'mid-point';

interface Row {
  /** IB tells whole seconds: many ticks share one. */
  readonly ts: EpochMs;
  readonly symbol: string;
}

/** One tick. Prices in the quote currency, sizes in units; NaN for what is not told. */
export type TickByTick =
  | (Row & {
      readonly kind: 'last' | 'all-last';
      readonly price: number;
      readonly size: number;
      readonly exchange: string;
      readonly conditions: string;
      readonly isPastLimit: boolean;
      readonly isUnreported: boolean;
    })
  | (Row & {
      readonly kind: 'bid-ask';
      readonly bid: number;
      readonly ask: number;
      readonly bidSize: number;
      readonly askSize: number;
      readonly isBidPastLow: boolean;
      readonly isAskPastHigh: boolean;
    })
  | (Row & { readonly kind: 'mid-point'; readonly price: number });

/** What {@link TickByTickRequests} is made of. */
export interface TickByTickParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly onTick: (tick: TickByTick) => void;
  readonly onError: (error: Error) => void;
}

interface Request {
  readonly contract: QualifiedContract;
  readonly kind: TickByTickKind;
  readonly reader: RowReader;
  /** Of the request that runs; 0 for none. */
  id: number;
  stopWait: () => void;
}

type TradeValues = readonly [
  id: number,
  kind: number,
  time: string,
  price: number,
  size: number | undefined,
  attributes: { readonly pastLimit?: boolean; readonly unreported?: boolean },
  exchange: string,
  conditions: string,
];
type QuoteValues = readonly [
  id: number,
  time: number,
  bid: number,
  ask: number,
  bidSize: number | undefined,
  askSize: number | undefined,
  attributes: { readonly bidPastLow?: boolean; readonly askPastHigh?: boolean },
];

const MID_POINT = 'tickByTickMidPoint' as EventName.tickByTickMidPoint;
const WIRE_KINDS = {
  last: TICK_BY_TICK.last,
  'all-last': TICK_BY_TICK.allLast,
  'bid-ask': TICK_BY_TICK.bidAsk,
  'mid-point': 'MidPoint' as typeof TICK_BY_TICK.last,
} as const;
/** IB takes one such request for an instrument in 15 s; two may arrive closer together than they left. */
const PAUSE_MS = 16 * SECOND_MS;

/** Requests of tick-by-tick data; asked for anew when the session is, or when IB has lost them. */
export class TickByTickRequests {
  readonly #parts: TickByTickParts;
  readonly #requests = new Set<Request>();
  readonly #running = new Map<number, Request>();
  /** When an instrument was asked for last, by conId. */
  readonly #askedAt = new Map<number, EpochMs>();
  #stops: readonly (() => void)[] = [];

  constructor(parts: TickByTickParts) {
    this.#parts = parts;
  }

  listen(): void {
    const { gateway } = this.#parts;
    this.#stops = [
      gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => this.#refused(id, code, error.message)),
      gateway.on(TWS_EVENT.tickByTickAllLast, (...values: TradeValues) => this.#trade(values)),
      gateway.on(TWS_EVENT.tickByTickBidAsk, (...values: QuoteValues) => this.#quote(values)),
      gateway.on(MID_POINT, (id: number, time: number, price: number) => {
        const request = this.#running.get(id);
        if (request === undefined) return;
        this.#tell({ ...rowOf(request, time), kind: 'mid-point', price: request.reader.price(price) });
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const request of [...this.#requests]) this.#end(request);
  }

  /** Returns how to end it. */
  add(contract: QualifiedContract, kind: TickByTickKind): () => void {
    const request: Request = { contract, kind, reader: new RowReader(contract), id: 0, stopWait: () => undefined };
    this.#requests.add(request);
    this.#ask(request);
    return () => this.#end(request);
  }

  /** The session is new, or its requests are lost: all are asked for again. */
  repeat(): void {
    this.#running.clear();
    for (const request of this.#requests) this.#ask(request);
  }

  #ask(request: Request): void {
    const { clock, gateway } = this.#parts;
    const { contract, kind } = request;
    const now = clock.nowUtc();
    const at = (this.#askedAt.get(contract.conId) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS;
    request.stopWait();
    request.id = 0;
    if (at > now) {
      request.stopWait = clock.callAt(at, () => this.#ask(request));
      return;
    }
    const id = gateway.nextRequestId();
    request.id = id;
    this.#running.set(id, request);
    this.#askedAt.set(contract.conId, now);
    const write = WIRE_KINDS[kind];
    const asks = (api: IBApi): unknown => api.reqTickByTickData(id, contract.contract, write, 0, false);
    void gateway.send({ lane: 'data', write: asks }).then((outcome) => {
      // Nobody was asked: the next session may be at once.
      if (outcome === 'purged') this.#askedAt.delete(contract.conId);
    });
  }

  #end(request: Request): void {
    request.stopWait();
    if (!this.#requests.delete(request) || !this.#running.delete(request.id)) return;
    const { id } = request;
    void this.#parts.gateway.send({ lane: 'data', write: (api) => api.cancelTickByTickData(id) });
  }

  #refused(id: number, code: number, message: string): void {
    const request = this.#running.get(id);
    if (request === undefined) return;
    const { consequence, ours, text } = classify(code, 'subscription', message);
    this.#parts.onError(
      ibkrError(ours === '' ? 'IBKR_FEED_UNAVAILABLE' : ours, `${request.contract.instrument.symbol}: ${text}`),
    );
    if (consequence !== 'subscription-ended') return;
    this.#running.delete(id);
    this.#requests.delete(request);
  }

  #trade([id, , time, price, size, attributes, exchange, conditions]: TradeValues): void {
    const request = this.#running.get(id);
    if (request === undefined || (request.kind !== 'last' && request.kind !== 'all-last')) return;
    this.#tell({
      ...rowOf(request, time),
      kind: request.kind,
      price: request.reader.price(price),
      size: request.reader.size(size),
      ...{ exchange, conditions },
      isPastLimit: attributes.pastLimit === true,
      isUnreported: attributes.unreported === true,
    });
  }

  #quote([id, time, bid, ask, bidSize, askSize, attributes]: QuoteValues): void {
    const request = this.#running.get(id);
    if (request === undefined) return;
    const { reader } = request;
    this.#tell({
      ...rowOf(request, time),
      kind: 'bid-ask',
      ...{ bid: reader.price(bid), ask: reader.price(ask) },
      ...{ bidSize: reader.size(bidSize), askSize: reader.size(askSize) },
      isBidPastLow: attributes.bidPastLow === true,
      isAskPastHigh: attributes.askPastHigh === true,
    });
  }

  #tell(tick: TickByTick): void {
    if (!Object.values(tick).includes(UNUSABLE)) return this.#parts.onTick(tick);
    this.#parts.onError(ibkrError('IBKR_UNREADABLE', `${tick.symbol}: a tick has a price that cannot be.`));
  }
}

function rowOf({ contract }: Request, time: string | number): Row {
  return { ts: Number(time) * SECOND_MS, symbol: contract.instrument.symbol };
}
