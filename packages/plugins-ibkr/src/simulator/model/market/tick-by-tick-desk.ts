import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { ServerMessage } from '../../wire/messages.js';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { ticksMessage, ticksOf } from '../history/historical-ticks.js';
import type { TickKind } from '../history/historical-ticks.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { Market } from './market.js';
import type { MarketChange, MarketPlace } from './market-place.js';
import type { MarketTick } from './price-walk.js';

type Request = Extract<ClientRequest, { readonly kind: 'requestTickByTick' }>;

interface Parts {
  readonly clock: Clock;
  readonly limit: number;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly market: Market;
  readonly tickType: string;
  readonly ignoreSize: boolean;
  told: MarketTick | undefined;
}

const KINDS: Readonly<Record<string, TickKind>> = {
  Last: 'TRADES',
  AllLast: 'TRADES',
  BidAsk: 'BID_ASK',
  MidPoint: 'MIDPOINT',
};
/** A second request for one instrument has to wait this long. */
const REPEAT_MS = 15 * SECOND_MS;

/** Every tick, for a few instruments at a time. */
export class TickByTickDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];
  readonly #asked = new Map<string, EpochMs>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.markets.listenData((change) => this.#onMarket(change));
  }

  subscribe(client: GatewayClient, request: Request): void {
    const { clock, contracts, markets } = this.#parts;
    const { requestId, tickType, count, ignoreSize } = request;
    const now = clock.nowUtc();
    const answer = contracts.resolve(request.contract, now);
    if (answer.kind !== 'found') return sendError(client, { id: requestId, code: 200, message: answer.message });
    const fault = this.#faultOf(client, request, answer.instrument);
    if (fault !== undefined) return sendError(client, { id: requestId, ...fault });
    this.#asked.set(keyOf(client, answer.instrument, tickType), now);
    const market = markets.of(answer.instrument);
    const kind = KINDS[tickType]!;
    if (count > 0 && count <= 1000) {
      const query = { start: Number.NaN, end: now + 1, count, kind, useRth: false };
      client.send(ticksMessage(requestId, market, { kind, ticks: ticksOf(market, query, now) }));
    }
    const subscription: Subscription = { client, requestId, market, tickType, ignoreSize, told: undefined };
    this.#subscriptions.push(subscription);
    if (kind !== 'TRADES') this.#tell(subscription, { ...market.now, ts: now });
  }

  cancel(client: GatewayClient, requestId: number): void {
    const found = this.#find(client, requestId);
    if (found !== undefined) this.#subscriptions.splice(this.#subscriptions.indexOf(found), 1);
    else sendError(client, { id: requestId, code: 300, message: `Can't find EId with tickerId:${requestId}` });
  }

  disconnect(client: GatewayClient): void {
    for (const item of this.#subscriptions.filter((open) => open.client === client))
      this.cancel(client, item.requestId);
  }

  /** Everything is lost without a word. */
  dropAll(): void {
    this.#subscriptions.length = 0;
  }

  #faultOf(
    client: GatewayClient,
    { requestId, tickType }: Request,
    instrument: InstrumentDefinition,
  ): { readonly code: number; readonly message: string } | undefined {
    const kind = KINDS[tickType];
    const failed = (why: string) => ({ code: 10189, message: `Failed to request tick-by-tick data:${why}` });
    if (kind === undefined) return { code: 321, message: "Error validating request.-'d0' : cause - Invalid tick type" };
    if (this.#find(client, requestId) !== undefined) return { code: 102, message: 'Duplicate ticker ID.' };
    if (this.#subscriptions.length >= this.#parts.limit) {
      return { code: 10190, message: 'Max number of tick-by-tick requests has been reached.' };
    }
    const { secType } = instrument;
    const isMissing = secType === 'OPT' || (kind === 'TRADES' ? secType === 'CASH' : secType === 'IND');
    if (isMissing) return failed(`No ${tickType} data for ${instrument.symbol} ${secType}`);
    const last = this.#asked.get(keyOf(client, instrument, tickType)) ?? Number.NEGATIVE_INFINITY;
    const isTooSoon = this.#parts.clock.nowUtc() - last < REPEAT_MS;
    return isTooSoon ? failed('No more than one request for the same instrument within 15 seconds') : undefined;
  }

  #onMarket({ market, tick, hasQuote, hasTrade }: MarketChange): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.market !== market) continue;
      const isTrades = KINDS[subscription.tickType] === 'TRADES';
      if (isTrades ? hasTrade && tick.lastSize > 0 : hasQuote) this.#tell(subscription, tick);
    }
  }

  #tell(subscription: Subscription, tick: MarketTick): void {
    const message = messageOf(subscription, tick);
    if (message === undefined) return;
    subscription.told = tick;
    subscription.client.send(message);
  }

  #find(client: GatewayClient, requestId: number): Subscription | undefined {
    return this.#subscriptions.find((item) => item.client === client && item.requestId === requestId);
  }
}

/** What a tick says to a subscription; nothing where it says the same as before. */
function messageOf(subscription: Subscription, tick: MarketTick): ServerMessage | undefined {
  const { requestId, tickType, market } = subscription;
  const epochSeconds = Math.floor(tick.ts / SECOND_MS);
  if (KINDS[tickType] === 'TRADES') {
    const exchange = market.instrument.primaryExchange ?? market.instrument.exchanges[0]!;
    const trade = { price: tick.last, size: tick.lastSize, mask: 0, exchange, specialConditions: '' };
    return { kind: 'tickByTickLast', requestId, tickType: tickType === 'Last' ? 1 : 2, epochSeconds, ...trade };
  }
  if (isTold(subscription, tick)) return undefined;
  const { bid, ask, bidSize, askSize } = tick;
  if (tickType === 'MidPoint')
    return { kind: 'tickByTickMidPoint', requestId, epochSeconds, midPoint: (bid + ask) / 2 };
  return { kind: 'tickByTickBidAsk', requestId, epochSeconds, bid, ask, bidSize, askSize, mask: 0 };
}

function isTold({ told, tickType, ignoreSize }: Subscription, tick: MarketTick): boolean {
  if (told === undefined || told.bid !== tick.bid || told.ask !== tick.ask) return false;
  return tickType === 'MidPoint' || ignoreSize || (told.bidSize === tick.bidSize && told.askSize === tick.askSize);
}

function keyOf({ clientId }: GatewayClient, { conId }: InstrumentDefinition, tickType: string): string {
  return `${clientId} ${conId} ${tickType}`;
}
