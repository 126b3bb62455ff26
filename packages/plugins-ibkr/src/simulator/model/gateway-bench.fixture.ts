// A gateway on a test clock, and clients that keep what they are told.
import { FakeClock } from '@bookrunner/sdk/testing';
import type { WireContract } from '../wire/contract.js';
import { PLAIN_CONTRACT, PLAIN_ORDER } from '../wire/plain-order.js';
import type { MessageKind, ServerMessage } from '../wire/messages.js';
import type { ClientRequest, WireOrder } from '../wire/requests.js';
import type { GatewayClient, SessionRequest } from './gateway-model.js';
import { SimulatedGateway } from './simulated-gateway.js';
import type { SimulatorOptions } from './simulator-options.js';

/** Tuesday 2026-07-14, 10:00 in New York: regular hours everywhere but in London's afternoon, which are regular too. */
export const OPEN_TIME = Date.UTC(2026, 6, 14, 14);
/** Sunday 2026-07-12, noon in New York: everything but crypto is closed. */
export const SUNDAY = Date.UTC(2026, 6, 12, 16);

type ModelRequest = Exclude<ClientRequest, { readonly kind: SessionRequest }>;
type Of<K extends MessageKind> = Extract<ServerMessage, { readonly kind: K }>;

/** A client that keeps its messages. */
export class TestClient implements GatewayClient {
  readonly clientId: number;
  readonly serverVersion = 193;
  readonly messages: ServerMessage[] = [];
  readonly #gateway: SimulatedGateway;
  #nextOrderId: number;

  constructor(gateway: SimulatedGateway, clientId: number) {
    this.#gateway = gateway;
    this.clientId = clientId;
    this.#nextOrderId = gateway.nextOrderId(clientId);
    gateway.connect(this);
  }

  send(message: ServerMessage): void {
    this.messages.push(message);
  }

  ask(request: ModelRequest): readonly ServerMessage[] {
    const before = this.messages.length;
    this.#gateway.handle(this, request);
    return this.messages.slice(before);
  }

  /** Places an order and returns its id; the id may be given to change one. */
  place(contract: WireContract, order: Partial<WireOrder>): number {
    const orderId = order.orderId ?? this.#nextOrderId;
    this.#nextOrderId = Math.max(this.#nextOrderId, orderId + 1);
    this.ask({ kind: 'placeOrder', contract, order: anOrder({ ...order, orderId }) });
    return orderId;
  }

  of<K extends MessageKind>(kind: K): readonly Of<K>[] {
    return this.messages.filter((message): message is Of<K> => message.kind === kind);
  }

  last<K extends MessageKind>(kind: K): Of<K> | undefined {
    return this.of(kind).at(-1);
  }

  codes(): readonly number[] {
    return this.of('error').map(({ code }) => code);
  }

  /** Kinds in short, statuses behind them: `orderStatus Filled`. */
  story(): readonly string[] {
    return this.messages.map((message) => {
      if (message.kind === 'openOrder') return `openOrder ${message.state.status}`;
      if (message.kind === 'orderStatus') return `orderStatus ${message.status}`;
      return message.kind === 'error' ? `error ${message.code}` : message.kind;
    });
  }

  clear(): void {
    this.messages.length = 0;
  }
}

/** A gateway during regular hours, with a client of id 1. */
export function aGateway(options: SimulatorOptions = {}, now = OPEN_TIME) {
  const clock = new FakeClock(now);
  const gateway = new SimulatedGateway(options, clock);
  const client = new TestClient(gateway, 1);
  return { clock, gateway, client, connect: (clientId: number) => new TestClient(gateway, clientId) };
}

/** A gateway with AAPL at 100.00 to 100.02, 1000 on either side unless a quote says otherwise. */
export function aMarket(options: SimulatorOptions = {}) {
  const bench = aGateway(options);
  const quote = (bid: number, sizes: { bidSize?: number; askSize?: number } = {}): void => {
    const ask = Math.round((bid + 0.02) * 100) / 100;
    bench.gateway.quote('AAPL', { bid, ask, bidSize: 1000, askSize: 1000, ...sizes });
  };
  quote(100);
  const status = (orderId: number) => bench.client.of('orderStatus').findLast((item) => item.orderId === orderId);
  return { ...bench, knobs: bench.gateway.knobs, quote, status };
}

/** A contract as a client names it: by what it knows. */
export function aContract(fields: Partial<WireContract> = {}): WireContract {
  return { ...PLAIN_CONTRACT, symbol: 'AAPL', ...fields };
}

export const AAPL = aContract();
export const EURUSD = aContract({ symbol: 'EUR', secType: 'CASH', exchange: 'IDEALPRO' });
export const ES = aContract({ symbol: 'ES', secType: 'FUT', exchange: 'CME', lastTradeDateOrContractMonth: '202609' });
export const VOD = aContract({ symbol: 'VOD', currency: 'GBP', exchange: 'LSE' });

/** An order to buy 100 at the market. */
export function anOrder(fields: Partial<WireOrder> = {}): WireOrder {
  return { ...PLAIN_ORDER, orderId: 1, totalQuantity: 100, displaySize: 0, ...fields };
}

/** A limit order to buy 100. */
export function aLimit(lmtPrice: number, fields: Partial<WireOrder> = {}): Partial<WireOrder> {
  return { orderType: 'LMT', lmtPrice, ...fields };
}
