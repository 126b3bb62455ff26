import type { Broker, BrokerEvent, BrokerOrder } from './broker.js';

interface Quote {
  readonly bid: number;
  readonly ask: number;
}

/** A broker in memory that fills orders whole at the quotes it is given: what tests talk to. */
export class MemoryBroker implements Broker {
  readonly #symbols: ReadonlySet<string>;
  readonly #quotes = new Map<string, Quote>();
  readonly #working = new Map<string, BrokerOrder>();
  #executions = 0;
  #listener: (event: BrokerEvent) => void = () => {};

  constructor(symbols: readonly string[]) {
    this.#symbols = new Set(symbols);
  }

  connect(listener: (event: BrokerEvent) => void): Promise<void> {
    this.#listener = listener;
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.#listener = () => {};
    return Promise.resolve();
  }

  place(order: BrokerOrder): Promise<void> {
    const { id } = order;
    if (this.#symbols.has(order.symbol)) {
      this.#working.set(id, order);
      this.#listener({ kind: 'accepted', id });
      this.#match(order);
    } else this.#listener({ kind: 'rejected', id, why: `'${order.symbol}' is not traded here.` });
    return Promise.resolve();
  }

  cancel(id: string): Promise<void> {
    const isWorking = this.#working.delete(id);
    this.#listener(isWorking ? { kind: 'cancelled', id } : { kind: 'cancel-rejected', id, why: 'It is not working.' });
    return Promise.resolve();
  }

  /** Moves the market. */
  quote(symbol: string, bid: number, ask: number): void {
    this.#quotes.set(symbol, { bid, ask });
    for (const order of Array.from(this.#working.values())) if (order.symbol === symbol) this.#match(order);
  }

  #match(order: BrokerOrder): void {
    const quote = this.#quotes.get(order.symbol);
    if (quote === undefined) return;
    const price = order.side === 'buy' ? quote.ask : quote.bid;
    const isBeyond = order.side === 'buy' ? price > order.limitPrice : price < order.limitPrice;
    if (isBeyond) return;
    this.#executions += 1;
    this.#working.delete(order.id);
    const execution = { executionId: `execution-${this.#executions}`, qty: order.qty, price };
    this.#listener({ kind: 'filled', id: order.id, ...execution });
  }
}
