import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { aggregate } from '../history/bar-aggregate.js';
import type { BarPrices, BarValues } from '../history/bar-aggregate.js';
import { pricesFault } from '../history/history-request.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { Market } from './market.js';
import type { MarketPlace } from './market-place.js';

type Request = Extract<ClientRequest, { readonly kind: 'requestRealTimeBars' }>;

interface Parts {
  readonly clock: Clock;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly market: Market;
  readonly prices: BarPrices;
  readonly useRth: boolean;
  last: number;
}

const BAR_MS = 5 * SECOND_MS;

/** Real-time bars of five seconds, made of the same record as history. */
export class FiveSecondDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  subscribe(client: GatewayClient, { requestId, contract, whatToShow, useRth }: Request): void {
    const { clock, contracts, markets } = this.#parts;
    const answer = contracts.resolve(contract, clock.nowUtc());
    if (answer.kind !== 'found') return sendError(client, { id: requestId, code: 200, message: answer.message });
    if (this.#find(client, requestId) !== undefined) {
      return sendError(client, { id: requestId, code: 102, message: 'Duplicate ticker ID.' });
    }
    // Crypto trades are told as TRADES here, as AGGTRADES in history.
    const isCrypto = answer.instrument.secType === 'CRYPTO';
    const fault = pricesFault(isCrypto && whatToShow === 'TRADES' ? 'AGGTRADES' : whatToShow, answer.instrument);
    if (fault !== undefined)
      return sendError(client, { id: requestId, code: 420, message: `Invalid Real-time Query:${fault.message}` });
    const market = markets.of(answer.instrument);
    const prices = whatToShow as BarPrices;
    this.#subscriptions.push({ client, requestId, market, prices, useRth, last: market.now.last });
    if (this.#stopTimer === undefined) this.#plan();
  }

  cancel(client: GatewayClient, requestId: number): void {
    const found = this.#find(client, requestId);
    if (found !== undefined) this.#drop([found]);
    else sendError(client, { id: requestId, code: 300, message: `Can't find EId with tickerId:${requestId}` });
  }

  disconnect(client: GatewayClient): void {
    this.#drop(this.#subscriptions.filter((item) => item.client === client));
  }

  /** A trade was taken back: the subscriptions of a market end with 10225. */
  bust(market: Market): void {
    const gone = this.#subscriptions.filter((item) => item.market === market);
    this.#drop(gone);
    const message =
      'Bust event occurred, current subscription is deactivated. Please resubscribe real-time bars immediately.';
    for (const { client, requestId } of gone) sendError(client, { id: requestId, code: 10225, message });
  }

  /** Everything is lost without a word. */
  dropAll(): void {
    this.#drop([...this.#subscriptions]);
  }

  #plan(): void {
    const { clock } = this.#parts;
    const next = (Math.floor(clock.nowUtc() / BAR_MS) + 1) * BAR_MS;
    this.#stopTimer = clock.callAt(next, () => {
      const told = this.#parts.markets.isDataPaused ? [] : [...this.#subscriptions];
      for (const subscription of told) this.#tell(subscription, next);
      if (this.#subscriptions.length > 0) this.#plan();
    });
  }

  #tell(subscription: Subscription, to: number): void {
    const { client, requestId, market, prices, useRth } = subscription;
    const from = to - BAR_MS;
    if (useRth ? !market.hours.isRegular(from) : !market.hours.isTrading(from)) return;
    const values = aggregate(market.record, [{ from, to }], prices) ?? flat(subscription.last, prices);
    subscription.last = values.close;
    client.send({ kind: 'realTimeBar', requestId, epochSeconds: from / SECOND_MS, bar: values });
  }

  #drop(gone: readonly Subscription[]): void {
    for (const item of gone) this.#subscriptions.splice(this.#subscriptions.indexOf(item), 1);
    if (this.#subscriptions.length > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #find(client: GatewayClient, requestId: number): Subscription | undefined {
    return this.#subscriptions.find((item) => item.client === client && item.requestId === requestId);
  }
}

/** Nothing happened: the last price again, with nothing traded. */
function flat(price: number, prices: BarPrices): BarValues {
  const isTrades = prices === 'TRADES';
  const bar = { open: price, high: price, low: price, close: price };
  return { ...bar, volume: isTrades ? 0 : -1, wap: isTrades ? price : -1, count: isTrades ? 0 : -1 };
}
