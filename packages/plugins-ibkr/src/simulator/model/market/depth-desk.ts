import { StepGrid } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import { incrementAt } from '../instruments/instrument-definition.js';
import { hashBelow } from '../seeded-hash.js';
import type { Market } from './market.js';
import type { MarketChange, MarketPlace } from './market-place.js';

type Request = Extract<ClientRequest, { readonly kind: 'requestMarketDepth' }>;

interface Parts {
  readonly clock: Clock;
  readonly seed: number;
  readonly limit: number;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
}

interface DepthRow {
  readonly price: number;
  readonly size: number;
}

interface Subscription {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly market: Market;
  readonly rows: number;
  readonly isSmart: boolean;
  readonly told: { bid: readonly DepthRow[]; ask: readonly DepthRow[] };
}

const INSERT = 0;
const UPDATE = 1;
const DELETE = 2;

/** The book below the quote: a level on every price step, with sizes drawn from the seed. */
export class DepthDesk {
  readonly #parts: Parts;
  readonly #subscriptions: Subscription[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.markets.listenData((change) => this.#onMarket(change));
  }

  subscribe(client: GatewayClient, { requestId, contract, rows, isSmart }: Request): void {
    const { clock, contracts, markets, limit } = this.#parts;
    const answer = contracts.resolve(contract, clock.nowUtc());
    if (answer.kind !== 'found') return sendError(client, { id: requestId, code: 200, message: answer.message });
    if (this.#subscriptions.length >= limit) {
      const message = `Max number (${limit}) of market depth requests has been reached`;
      return sendError(client, { id: requestId, code: 309, message });
    }
    if (this.#find(client, requestId) !== undefined) {
      return sendError(client, { id: requestId, code: 102, message: 'Duplicate ticker ID.' });
    }
    const market = markets.of(answer.instrument);
    const subscription = { client, requestId, market, rows: Math.min(rows, 20), isSmart, told: { bid: [], ask: [] } };
    this.#subscriptions.push(subscription);
    this.#tell(subscription);
  }

  cancel(client: GatewayClient, requestId: number): void {
    const found = this.#find(client, requestId);
    if (found !== undefined) this.#subscriptions.splice(this.#subscriptions.indexOf(found), 1);
    else
      sendError(client, {
        id: requestId,
        code: 310,
        message: `Can't find the subscribed market depth with tickerId:${requestId}`,
      });
  }

  disconnect(client: GatewayClient): void {
    for (const item of this.#subscriptions.filter((open) => open.client === client))
      this.cancel(client, item.requestId);
  }

  /** Everything is lost without a word. */
  dropAll(): void {
    this.#subscriptions.length = 0;
  }

  #onMarket({ market, hasQuote }: MarketChange): void {
    if (!hasQuote) return;
    for (const subscription of this.#subscriptions) if (subscription.market === market) this.#tell(subscription);
  }

  #tell(subscription: Subscription): void {
    for (const side of ['bid', 'ask'] as const) {
      const before = subscription.told[side];
      const after = this.#rowsOf(subscription, side);
      after.forEach((row, position) => {
        const known = before[position];
        if (known === undefined) this.#send(subscription, side, { position, operation: INSERT, ...row });
        else if (known.price !== row.price || known.size !== row.size) {
          this.#send(subscription, side, { position, operation: UPDATE, ...row });
        }
      });
      for (let position = before.length - 1; position >= after.length; position -= 1) {
        this.#send(subscription, side, { position, operation: DELETE, price: 0, size: 0 });
      }
      subscription.told[side] = after;
    }
  }

  #send(
    { client, requestId, market, isSmart }: Subscription,
    side: 'bid' | 'ask',
    row: DepthRow & { readonly position: number; readonly operation: number },
  ): void {
    const message = { requestId, side: side === 'bid' ? 1 : 0, ...row };
    const marketMaker = market.instrument.primaryExchange ?? market.instrument.exchanges[0]!;
    if (isSmart) client.send({ kind: 'marketDepthL2', ...message, marketMaker, isSmartDepth: true });
    else client.send({ kind: 'marketDepth', ...message });
  }

  #rowsOf({ market, rows }: Subscription, side: 'bid' | 'ask'): readonly DepthRow[] {
    const best = market.now[side];
    if (best === -1) return [];
    const { instrument } = market;
    const grid = new StepGrid(incrementAt(instrument, best));
    const sizes = new StepGrid(instrument.sizeIncrement ?? 1);
    const first = grid.toSteps(best);
    return Array.from({ length: rows }, (_, depth) => {
      const steps = side === 'bid' ? first - depth : first + depth;
      const drawn =
        1 + hashBelow(sizes.toSteps(instrument.quoteSize ?? 500), [this.#parts.seed, steps, instrument.conId]);
      return { price: grid.toValue(steps), size: depth === 0 ? market.now[`${side}Size`] : sizes.toValue(drawn) };
    });
  }

  #find(client: GatewayClient, requestId: number): Subscription | undefined {
    return this.#subscriptions.find((item) => item.client === client && item.requestId === requestId);
  }
}
