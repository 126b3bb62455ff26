import type { EngineNotice, OrderChange, OrderRef } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';

const NONE: readonly OrderRecord[] = [];
const NO_REF: OrderRef = { clientOrderId: '', symbol: '' };

/** One thing for the world to do. Reused: read it while draining. */
export class OutboxEntry {
  kind: 'submit' | 'cancel' | 'replace' | 'query' | 'cancel-foreign' | 'notify' = 'submit';
  /** Orders of a submit, atomic; one order of a cancel or replace. */
  orders: readonly OrderRecord[] = NONE;
  change: OrderChange | undefined = undefined;
  notice: EngineNotice | undefined = undefined;
  /** The venue a query asks for its snapshot, and the number its answer carries; the venue of an order that is not ours. */
  venue = '';
  query = 0;
  /** An order that is not ours. */
  ref: OrderRef = NO_REF;

  become(kind: OutboxEntry['kind']): void {
    this.kind = kind;
    this.orders = NONE;
    this.change = undefined;
    this.notice = undefined;
  }
}

/**
 * Everything the engine can do to the world, in order. The kernel adds, the runtime drains after each event; entries are reused,
 * so a backtest makes nothing but the short list of an order.
 */
export class Outbox {
  private readonly entries: OutboxEntry[] = [];
  private head = 0;
  private tail = 0;
  /** Something waits to be taken; kept in place, since it is read after every event. */
  hasEntries = false;

  /** Where the next entry goes: what an event adds is what stands from the end before it to the end after it. */
  get end(): number {
    return this.tail;
  }

  /** An entry that was not taken yet, by its place. */
  at(place: number): OutboxEntry {
    return this.entries[place] as OutboxEntry;
  }

  submit(order: OrderRecord, second?: OrderRecord): void {
    this.#next('submit').orders = second === undefined ? [order] : [order, second];
  }

  cancel(order: OrderRecord): void {
    this.#next('cancel').orders = [order];
  }

  replace(order: OrderRecord, change: OrderChange): void {
    const entry = this.#next('replace');
    entry.orders = [order];
    entry.change = change;
  }

  /** Asks a venue for its snapshot. */
  query(venue: string, number: number): void {
    const entry = this.#next('query');
    entry.venue = venue;
    entry.query = number;
  }

  /** Asks a venue to cancel an order that is not ours. */
  cancelForeign(venue: string, ref: OrderRef): void {
    const entry = this.#next('cancel-foreign');
    entry.venue = venue;
    entry.ref = ref;
  }

  notify(notice: EngineNotice): void {
    this.#next('notify').notice = notice;
  }

  /** The next entry, undefined when empty. Valid until something is added or the next call. */
  take(): OutboxEntry | undefined {
    // `=== false`: it is asked of what has something, and of a flag that is true V8 else asks whether it is an empty string, zero or not a number.
    if (this.hasEntries === false) return undefined;
    const { head } = this;
    const next = head + 1;
    this.head = next;
    if (next === this.tail) {
      this.head = 0;
      this.tail = 0;
      this.hasEntries = false;
    }
    return this.entries[head];
  }

  #next(kind: OutboxEntry['kind']): OutboxEntry {
    const entry = this.entries[this.tail] ?? this.#grow();
    this.tail += 1;
    this.hasEntries = true;
    // What a submit has it sets: after another submit nothing has to be cleared.
    if (kind !== 'submit' || entry.kind !== 'submit') entry.become(kind);
    return entry;
  }

  #grow(): OutboxEntry {
    const entry = new OutboxEntry();
    this.entries.push(entry);
    return entry;
  }
}
