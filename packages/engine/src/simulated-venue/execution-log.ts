import { buildTag, type EpochMs, type Fill } from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import type { OrderOwner, OrderRecord } from '../execution/order-record.js';
import type { VenueFill } from './venue-listener.js';

/** The id of an execution of the simulated venue, wherever it is written down. */
export function formatExecutionId(executionNumber: number): string {
  return `sim-${executionNumber}`;
}

// A row is eight numbers: instant, execution number, quantity, price, fee, the two flags, the order's sequence and its trading day.
const ROW_BITS = 3;
const ROW = 1 << ROW_BITS;
const MAKER = 1;
const BUY = 2;

/**
 * The last executions of a venue in a ring: keeping one of an order allocates nothing, and keeps no order alive that has ended, so
 * that the records of a long run die young.
 */
export class ExecutionLog {
  private readonly capacity: number;
  // Whole fills where they came with a saved state or have no order; else the order's owner, and the rest in the columns.
  private readonly entries: (OrderOwner | Fill | undefined)[];
  private readonly rows: Float64Array;
  private count = 0;
  /** Place of the next entry in the ring. */
  private next = 0;
  private dropped: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.entries = Array.from({ length: capacity }, () => undefined);
    this.rows = new Float64Array(capacity << ROW_BITS);
  }

  /** Keeps a fill of an order. */
  add(order: OrderRecord, ts: EpochMs, fill: VenueFill): void {
    if (this.capacity === 0) this.dropped = ts;
    else this.#keep(order, ts, fill);
  }

  #keep(order: OrderRecord, ts: EpochMs, fill: VenueFill): void {
    const at = this.#put(order.owner, ts);
    const rows = this.rows;
    // A row begins at a multiple of eight, so that adding is setting bits: which, unlike a sum, cannot overflow.
    rows[at | 1] = fill.executionNumber;
    rows[at | 2] = fill.qty;
    rows[at | 3] = fill.price;
    rows[at | 4] = fill.fee;
    rows[at | 5] = (fill.liquidity === 'maker' ? MAKER : 0) | (order.side === 'buy' ? BUY : 0);
    rows[at | 6] = order.sequence;
    rows[at | 7] = order.tradingDay;
  }

  /** Keeps a fill that has no order, or one of a saved state. */
  addFill(fill: Fill): void {
    if (this.capacity === 0) this.dropped = fill.ts;
    else this.#put(fill, fill.ts);
  }

  /** Instant after which every execution is listed; -Infinity while none was dropped. */
  get droppedTs(): EpochMs {
    return this.dropped;
  }

  /** The executions kept, oldest first. */
  list(): Fill[] {
    const kept = Math.min(this.count, this.capacity);
    return Array.from({ length: kept }, (_, offset) => this.#at((this.count - kept + offset) % this.capacity));
  }

  /** Takes over the list of a saved state. */
  load(fills: readonly Fill[], droppedTs: EpochMs): void {
    this.count = 0;
    this.next = 0;
    this.dropped = droppedTs;
    for (const fill of fills) this.addFill(fill);
  }

  /** Where the row of the new entry begins. */
  #put(entry: OrderOwner | Fill, ts: EpochMs): number {
    const place = this.next;
    const at = place << ROW_BITS;
    if (this.count >= this.capacity) this.dropped = this.rows[at]!;
    this.entries[place] = entry;
    this.rows[at] = ts;
    this.count += 1;
    this.next = place + 1 === this.capacity ? 0 : place + 1;
    return at;
  }

  #at(place: number): Fill {
    const entry = this.entries[place]!;
    if ('executionId' in entry) return entry;
    const row = this.rows.subarray(place * ROW, (place + 1) * ROW);
    const flags = row[5]!;
    return {
      orderId: formatOrderId(entry.runEpoch, row[6]!),
      executionId: formatExecutionId(row[1]!),
      symbol: entry.instrument.symbol,
      side: (flags & BUY) !== 0 ? 'buy' : 'sell',
      qty: row[2]!,
      price: row[3]!,
      fee: row[4]!,
      feeCurrency: entry.instrument.quote,
      liquidity: (flags & MAKER) !== 0 ? 'maker' : 'taker',
      ts: row[0]!,
      tag: buildTag(entry.strategy, entry.book, row[7]!),
    };
  }
}
