import { buildTag, type EpochMs, type Fill } from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import type { OrderOwner, OrderRecord } from '../execution/order-record.js';
import type { VenueFill } from './venue-listener.js';

/** The id of an execution of the simulated venue, wherever it is written down. */
export function formatExecutionId(executionNumber: number): string {
  return `sim-${executionNumber}`;
}

const WIDTH = 9;

/**
 * The last executions of a venue in a ring: keeping one of an order allocates nothing, and keeps no order alive that has ended, so
 * that the records of a long run die young.
 */
export class ExecutionLog {
  readonly #capacity: number;
  // Whole fills where they came with a saved state or have no order; else the order's owner, and the rest in the columns.
  readonly #entries: (OrderOwner | Fill | undefined)[];
  // Per entry: instant, execution number, quantity, price, fee, 1 for a maker; the order's sequence, 1 for a buy, its trading day.
  readonly #columns: Float64Array;
  #count = 0;
  #droppedTs: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#entries = Array.from({ length: capacity }, () => undefined);
    this.#columns = new Float64Array(capacity * WIDTH);
  }

  /** Keeps a fill of an order. */
  add(order: OrderRecord, ts: EpochMs, fill: VenueFill): void {
    const at = this.#put(order.owner, ts) * WIDTH;
    if (at < 0) return;
    const columns = this.#columns;
    columns[at + 1] = fill.executionNumber;
    columns[at + 2] = fill.qty;
    columns[at + 3] = fill.price;
    columns[at + 4] = fill.fee;
    columns[at + 5] = fill.liquidity === 'maker' ? 1 : 0;
    columns[at + 6] = order.sequence;
    columns[at + 7] = order.side === 'buy' ? 1 : 0;
    columns[at + 8] = order.tradingDay;
  }

  /** Keeps a fill that has no order, or one of a saved state. */
  addFill(fill: Fill): void {
    this.#put(fill, fill.ts);
  }

  /** Instant after which every execution is listed; -Infinity while none was dropped. */
  get droppedTs(): EpochMs {
    return this.#droppedTs;
  }

  /** The executions kept, oldest first. */
  list(): Fill[] {
    const kept = Math.min(this.#count, this.#capacity);
    return Array.from({ length: kept }, (_, offset) => this.#at((this.#count - kept + offset) % this.#capacity));
  }

  /** Takes over the list of a saved state. */
  load(fills: readonly Fill[], droppedTs: EpochMs): void {
    this.#count = 0;
    this.#droppedTs = droppedTs;
    for (const fill of fills) this.addFill(fill);
  }

  /** Place of the new entry; -1 where nothing is kept. */
  #put(entry: OrderOwner | Fill, ts: EpochMs): number {
    if (this.#capacity === 0) {
      this.#droppedTs = ts;
      return -1;
    }
    const at = this.#count % this.#capacity;
    if (this.#count >= this.#capacity) this.#droppedTs = this.#columns[at * WIDTH]!;
    this.#entries[at] = entry;
    this.#columns[at * WIDTH] = ts;
    this.#count += 1;
    return at;
  }

  #at(place: number): Fill {
    const entry = this.#entries[place]!;
    if ('executionId' in entry) return entry;
    const columns = this.#columns.subarray(place * WIDTH, (place + 1) * WIDTH);
    return {
      orderId: formatOrderId(entry.runEpoch, columns[6]!),
      executionId: formatExecutionId(columns[1]!),
      symbol: entry.instrument.symbol,
      side: columns[7] === 1 ? 'buy' : 'sell',
      qty: columns[2]!,
      price: columns[3]!,
      fee: columns[4]!,
      feeCurrency: entry.instrument.quote,
      liquidity: columns[5] === 1 ? 'maker' : 'taker',
      ts: columns[0]!,
      tag: buildTag(entry.strategy, entry.book, columns[8]!),
    };
  }
}
