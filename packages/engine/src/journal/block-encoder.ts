import type { BarValues, EpochMs, Tick } from '@bookrunner/sdk';
import type { TickEvent } from '../kernel/event.js';
import type { OutboxEntry } from '../kernel/outbox.js';
import { ByteWriter } from './byte-writer.js';
import { type OtherEvent, writeEvent } from './event-codec.js';
import { protectionOf } from './entry-text.js';
import type { JournalledLiquidation } from './journal-record.js';
import { writeOrder } from './order-codec.js';
import { KIND } from './record-kinds.js';
import { TextTableWriter } from './text-table.js';
import { TickWriter } from './tick-codec.js';
import { writeValue } from './value-codec.js';

const BAR_VALUES = ['open', 'high', 'low', 'close', 'volume'] as const;
const LIQUIDATION_NUMBERS = ['executionNumber', 'qty', 'price', 'fee', 'leavesQty'] as const;

/** Gathers records, in order, until they are written to disk together. */
export class BlockEncoder {
  readonly #writer = new ByteWriter();
  readonly #texts = new TextTableWriter();
  readonly #tick = new TickWriter(this.#writer, this.#texts);
  #count = 0;
  #ticks = 0;

  /** Records gathered, ticks among them, and their bytes. */
  get count(): number {
    return this.#count;
  }
  get ticks(): number {
    return this.#ticks;
  }
  get size(): number {
    return this.#writer.length;
  }

  /** What was gathered; valid until the next record. */
  bytes(): Uint8Array {
    return this.#writer.bytes();
  }

  reset(): void {
    this.#writer.reset();
    this.#texts.reset();
    this.#tick.close();
    this.#count = 0;
    this.#ticks = 0;
  }

  venueTick(tick: Tick, instrumentIndex: number, at: EpochMs): void {
    this.#tick.forVenue(tick, instrumentIndex, at);
    this.#count += 1;
    this.#ticks += 1;
  }

  kernelTick(event: TickEvent): void {
    if (!this.#tick.forKernel(event)) return;
    this.#count += 1;
    this.#ticks += 1;
  }

  event(event: OtherEvent): void {
    this.#whole((writer) => writeEvent(writer, this.#texts, event));
  }

  entry(entry: OutboxEntry): void {
    this.#whole((writer) => this.#entry(writer, entry));
  }

  #entry(writer: ByteWriter, entry: OutboxEntry): void {
    if (entry.kind === 'submit') return this.#submit(writer, entry);
    writer.byte(KIND[entry.kind]);
    if (entry.kind === 'notify') return writeValue(writer, entry.notice);
    if (entry.kind === 'query' || entry.kind === 'cancel-foreign') return this.#atVenue(writer, entry);
    writer.count(entry.orders[0]?.sequence ?? 0);
    if (entry.kind === 'replace') writeValue(writer, entry.change ?? {});
  }

  #submit(writer: ByteWriter, entry: OutboxEntry): void {
    const protect = protectionOf(entry);
    writer.byte(protect === undefined ? KIND.submit : KIND.protectedSubmit);
    writer.count(entry.orders.length);
    for (const order of entry.orders) writeOrder(writer, this.#texts, order);
    if (protect !== undefined) writeValue(writer, protect);
  }

  /** What names a venue and no order of ours. */
  #atVenue(writer: ByteWriter, { kind, venue, query, ref }: OutboxEntry): void {
    this.#texts.write(writer, venue);
    if (kind === 'query') writer.count(query);
    else writeValue(writer, ref);
  }

  handed(at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.handed);
    writer.double(at);
  }

  barOpen(instrumentIndex: number, open: number, at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.barOpen);
    writer.count(instrumentIndex);
    writer.double(open);
    writer.double(at);
  }

  barRange(instrumentIndex: number, bar: BarValues, at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.barRange);
    writer.count(instrumentIndex);
    for (const field of BAR_VALUES) writer.double(bar[field]);
    writer.double(at);
  }

  advance(at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.advance);
    writer.double(at);
  }

  liquidation({ account, instrumentIndex, side, fill }: JournalledLiquidation, at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.liquidation);
    this.#texts.write(writer, account);
    writer.count(instrumentIndex);
    this.#texts.write(writer, side);
    for (const field of LIQUIDATION_NUMBERS) writer.double(fill[field]);
    this.#texts.write(writer, fill.feeCurrency);
    this.#texts.write(writer, fill.liquidity);
    writer.double(at);
  }

  seam(symbol: string, at: EpochMs, isWhole: boolean): void {
    const writer = this.#next();
    writer.byte(KIND.seam);
    this.#texts.write(writer, symbol);
    writer.byte(isWhole ? 1 : 0);
    writer.double(at);
  }

  gap(from: EpochMs, at: EpochMs): void {
    const writer = this.#next();
    writer.byte(KIND.gap);
    writer.double(from);
    writer.double(at);
  }

  end(at: EpochMs, hash: string): void {
    const writer = this.#next();
    writer.byte(KIND.end);
    writer.double(at);
    writer.text(hash);
  }

  /** A value that cannot be written leaves no half record behind. Such values stand in no text table. */
  #whole(write: (writer: ByteWriter) => void): void {
    const writer = this.#next();
    const start = writer.length;
    try {
      write(writer);
    } catch (error) {
      writer.truncate(start);
      this.#count -= 1;
      throw error;
    }
  }

  #next(): ByteWriter {
    this.#count += 1;
    this.#tick.close();
    return this.#writer;
  }
}
