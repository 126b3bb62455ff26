import { SECOND_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import { incrementAt } from '../instruments/instrument-definition.js';
import type { GatewayClient } from '../gateway-model.js';
import type { DayPrices } from './day-summary.js';
import type { Market } from './market.js';
import { modelComputation } from './option-model.js';
import type { MarketTick } from './price-walk.js';
import { ASK_EXCHANGE, BID_EXCHANGE, DELAYED_TICKS, LAST_EXCHANGE, LIVE_TICKS, RT_VOLUME } from './tick-types.js';
import type { TickNumbers } from './tick-types.js';

/** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen. */
export type MarketDataType = 1 | 2 | 3 | 4;

/** What a subscription asked for. */
export interface StreamTerms {
  readonly requestId: number;
  readonly genericTicks: readonly string[];
  readonly isSnapshot: boolean;
  readonly underlying: Market | undefined;
}

/** Trades and their sizes with the generic tick 233. */
const RT_VOLUME_GENERIC = '233';
const CAN_AUTO_EXECUTE = 1;

/** Top of book to one client: each price with its size, and only what changed. */
export class QuoteStream {
  readonly client: GatewayClient;
  readonly market: Market;
  readonly terms: StreamTerms;
  #type: MarketDataType;
  #told = new Map<number, number>();

  constructor(
    client: GatewayClient,
    market: Market,
    given: { readonly terms: StreamTerms; readonly type: MarketDataType },
  ) {
    this.client = client;
    this.market = market;
    this.terms = given.terms;
    this.#type = given.type;
  }

  /** All that is known, as at the start of a subscription. */
  begin(now: EpochMs): void {
    const { requestId, isSnapshot } = this.terms;
    const { instrument } = this.market;
    this.#told.clear();
    this.client.send({ kind: 'marketDataType', requestId, type: this.#type });
    const minTick = incrementAt(instrument, 0);
    const bboExchange = instrument.secType === 'STK' ? '9c0001' : '';
    this.client.send({ kind: 'tickRequestParameters', requestId, minTick, bboExchange, snapshotPermissions: 3 });
    this.tell(this.market.now, now);
    this.#tellDay(this.market.day.at(now));
    this.tellHalt();
    if (!isSnapshot && instrument.secType === 'STK') this.#tellExchanges();
    if (isSnapshot) this.client.send({ kind: 'tickSnapshotEnd', requestId });
  }

  /** The type switches by itself, as it does at the open. */
  switchTo(type: MarketDataType, now: EpochMs): void {
    this.#type = type;
    this.begin(now);
  }

  /** A tick: its quote, and its trade where it has one. */
  tell(tick: MarketTick, now: EpochMs): void {
    const { secType } = this.market.instrument;
    const numbers = this.#numbers;
    if (secType !== 'IND') {
      this.#pair([numbers.bid, tick.bid], [numbers.bidSize, tick.bidSize], CAN_AUTO_EXECUTE);
      this.#pair([numbers.ask, tick.ask], [numbers.askSize, tick.askSize], CAN_AUTO_EXECUTE);
    }
    if (secType !== 'CASH')
      this.#pair([numbers.last, tick.last], [numbers.lastSize, secType === 'IND' ? 0 : tick.lastSize], 0);
    if (secType === 'OPT') this.#tellModel(now);
  }

  /** What only a trade brings: its time, the volume, new extremes. */
  tellTrade(tick: MarketTick, now: EpochMs): void {
    const { instrument } = this.market;
    if (instrument.secType === 'CASH') return;
    const day = this.market.day.at(now);
    const { requestId, genericTicks } = this.terms;
    this.#string(this.#numbers.lastTime, String(Math.floor(tick.ts / SECOND_MS)));
    if (instrument.secType !== 'IND') this.#size(this.#numbers.volume, day.volume);
    this.#price(this.#numbers.high, day.high);
    this.#price(this.#numbers.low, day.low);
    if (!genericTicks.includes(RT_VOLUME_GENERIC) || this.#type > 2) return;
    const vwap = (day.turnover / day.volume).toFixed(8);
    const value = `${tick.last};${tick.lastSize};${tick.ts};${day.volume};${vwap};true`;
    this.client.send({ kind: 'tickString', requestId, tickType: RT_VOLUME, value });
  }

  tellHalt(): void {
    const { requestId } = this.terms;
    this.client.send({ kind: 'tickGeneric', requestId, tickType: this.#numbers.halted, value: this.market.halted });
  }

  get #numbers(): TickNumbers {
    return this.#type > 2 ? DELAYED_TICKS : LIVE_TICKS;
  }

  #tellDay({ open, high, low, previousClose, volume }: DayPrices): void {
    const numbers = this.#numbers;
    const { secType } = this.market.instrument;
    for (const [tickType, price] of [
      [numbers.high, high],
      [numbers.low, low],
      [numbers.close, previousClose],
      [numbers.open, open],
    ] as const) {
      this.#price(tickType, price);
    }
    if (secType !== 'CASH' && secType !== 'IND') this.#size(numbers.volume, volume);
  }

  #tellExchanges(): void {
    for (const tickType of [BID_EXCHANGE, ASK_EXCHANGE, LAST_EXCHANGE]) this.#string(tickType, 'Q');
  }

  #tellModel(now: EpochMs): void {
    const { underlying, requestId } = this.terms;
    if (underlying === undefined) return;
    this.client.send(
      modelComputation(this.market, { requestId, underlying: underlying.midPoint, now, isDelayed: this.#type > 2 }),
    );
  }

  /** TWS sends a size with every price, and once more by itself; where the price stays, the size alone. */
  #pair(
    [priceType, price]: readonly [number, number],
    [sizeType, size]: readonly [number, number],
    attributes: number,
  ): void {
    const { requestId } = this.terms;
    const isNewPrice = this.#isNew(priceType, price);
    if (isNewPrice) {
      const shown = price === -1 ? 0 : size;
      this.client.send({ kind: 'tickPrice', requestId, tickType: priceType, price, size: shown, attributes });
    }
    if (isNewPrice || this.#isNew(sizeType, size)) this.#size(sizeType, price === -1 ? 0 : size);
  }

  #price(tickType: number, price: number): void {
    if (Number.isNaN(price) || !this.#isNew(tickType, price)) return;
    this.client.send({ kind: 'tickPrice', requestId: this.terms.requestId, tickType, price, size: 0, attributes: 0 });
  }

  #size(tickType: number, size: number): void {
    this.#told.set(tickType, size);
    this.client.send({ kind: 'tickSize', requestId: this.terms.requestId, tickType, size });
  }

  #string(tickType: number, value: string): void {
    this.client.send({ kind: 'tickString', requestId: this.terms.requestId, tickType, value });
  }

  #isNew(tickType: number, value: number): boolean {
    if (this.#told.get(tickType) === value) return false;
    this.#told.set(tickType, value);
    return true;
  }
}
