// Ticks: the hot kind. Nothing is allocated for one that is written.
import type { EpochMs, Tick } from '@bookrunner/sdk';
import type { TickEvent } from '../kernel/event.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { JournalRecord } from './journal-record.js';
import { KIND, TICK, TICK_BITS, TICK_NUMBERS } from './record-kinds.js';
import type { TextTableReader, TextTableWriter } from './text-table.js';

/** Longest tick but for its texts. */
const LONGEST = 96;

/** Writes ticks into a block. One that the kernel sees right after the venue is written once. */
export class TickWriter {
  readonly #writer: ByteWriter;
  readonly #texts: TextTableWriter;
  /** The tick last written, while nothing came after it and only the venue has seen it. */
  #open: Tick | undefined;
  #openAt: EpochMs = 0;
  #openBits = 0;

  constructor(writer: ByteWriter, texts: TextTableWriter) {
    this.#writer = writer;
    this.#texts = texts;
  }

  /** Something else is written, or the block is taken away. */
  close(): void {
    this.#open = undefined;
  }

  forVenue(tick: Tick, instrumentIndex: number, at: EpochMs): void {
    const place = this.#write(tick, instrumentIndex, at);
    this.#writer.addBits(place, TICK.venue);
    this.#open = tick;
    this.#openAt = at;
    this.#openBits = place;
  }

  /** Whether a record was added. */
  forKernel(event: TickEvent): boolean {
    const isSame = this.#open === event && Object.is(this.#openAt, event.at);
    this.#open = undefined;
    this.#writer.addBits(isSame ? this.#openBits : this.#write(event, event.instrumentIndex, event.at), TICK.kernel);
    return !isSame;
  }

  #write(tick: Tick, instrumentIndex: number, at: EpochMs): number {
    const writer = this.#writer;
    writer.reserve(LONGEST);
    writer.byte(KIND.tick);
    const place = writer.length;
    writer.word(0);
    writer.count(instrumentIndex);
    this.#texts.write(writer, tick.symbol);
    this.#texts.write(writer, tick.venue);
    writer.double(at);
    let bits = 0;
    if (Object.is(tick.ts, at)) bits |= TICK.isHappenedAt;
    else writer.double(tick.ts);
    if (Object.is(tick.recvTs, at)) bits |= TICK.isReceivedAt;
    else writer.double(tick.recvTs);
    writer.addBits(place, bits | this.#numbers(tick));
    return place;
  }

  /** Writes the numbers that are known; the bits of those that are not. */
  #numbers({ bid, ask, bidSize, askSize, last, size }: Tick): number {
    return (
      this.#number(bid, 16) |
      this.#number(ask, 32) |
      this.#number(bidSize, 64) |
      this.#number(askSize, 128) |
      this.#number(last, 256) |
      this.#number(size, 512)
    );
  }

  #number(value: number, bit: number): number {
    if (value !== value) return bit;
    this.#writer.double(value);
    return 0;
  }
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readTick(reader: ByteReader, texts: TextTableReader): JournalRecord {
  const bits = reader.word();
  const isForVenue = (bits & TICK.venue) !== 0;
  const isForKernel = (bits & TICK.kernel) !== 0;
  if (bits > TICK_BITS || (!isForVenue && !isForKernel)) reader.fail('is a tick that nobody saw');
  const instrumentIndex = reader.count();
  const symbol = texts.read(reader);
  const venue = texts.read(reader);
  const at = reader.double();
  const ts = (bits & TICK.isHappenedAt) === 0 ? reader.double() : at;
  const recvTs = (bits & TICK.isReceivedAt) === 0 ? reader.double() : at;
  const numbers = Object.fromEntries(
    TICK_NUMBERS.map(([field, bit]) => [field, (bits & bit) === 0 ? reader.double() : Number.NaN]),
  ) as Pick<Tick, (typeof TICK_NUMBERS)[number][0]>;
  const tick: TickEvent = { kind: 'tick', at, ts, recvTs, instrumentIndex, symbol, venue, ...numbers };
  return { kind: 'tick', tick, isForVenue, isForKernel };
}
