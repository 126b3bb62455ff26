import type { BarValues, EngineNotice, Liquidity, OrderChange, OrderRef, ProtectInstruction } from '@bookrunner/sdk';
import { ByteReader } from './byte-reader.js';
import { readBar, readRareEvent, readReport } from './event-codec.js';
import type { JournalledEntry, JournalRecord } from './journal-record.js';
import { readOrder, SIDES } from './order-codec.js';
import { KIND } from './record-kinds.js';
import { TextTableReader } from './text-table.js';
import { readTick } from './tick-codec.js';
import { readValue } from './value-codec.js';

const LIQUIDITY: readonly Liquidity[] = ['maker', 'taker', 'unknown'];
const LEVELS: readonly unknown[] = ['info', 'warning', 'alarm'];
/** What a change may name. */
const CHANGES = ['qty', 'limitPrice', 'stopPrice'];
/** What protection may name. */
const PROTECTIONS = ['stop', 'takeProfit', 'trail'];
/** An order takes more than this; so a count of them that is nonsense is found at once. */
const SMALLEST_ORDER = 64;

/**
 * The records of one block. Takes exactly what a `BlockEncoder` writes: anything else, and any byte too many or too few, is an
 * error. Errors: JOURNAL_RECORD_INVALID.
 */
export function decodeBlock(bytes: Uint8Array): readonly JournalRecord[] {
  const reader = new ByteReader(bytes);
  const texts = new TextTableReader();
  const records: JournalRecord[] = [];
  while (reader.left > 0) records.push(readRecord(reader, texts));
  return records;
}

/** Kinds of outbox entries. */
const ENTRIES: ReadonlySet<number> = new Set([
  KIND.submit,
  KIND.protectedSubmit,
  KIND.cancel,
  KIND.replace,
  KIND.query,
  KIND['cancel-foreign'],
  KIND.notify,
]);

function readRecord(reader: ByteReader, texts: TextTableReader): JournalRecord {
  const kind = reader.byte();
  switch (kind) {
    case KIND.tick:
      return readTick(reader, texts);
    case KIND.bar:
      return { kind: 'event', event: readBar(reader, texts) };
    case KIND.timer:
      return { kind: 'event', event: { kind: 'timer', at: reader.double() } };
    case KIND.report:
      return { kind: 'event', event: readReport(reader, texts) };
    case KIND.event:
      return { kind: 'event', event: readRareEvent(reader) };
    default:
      if (ENTRIES.has(kind)) return { kind: 'outbox', entry: readEntry(reader, texts, kind) };
      return readOther(reader, texts, kind);
  }
}

function readEntry(reader: ByteReader, texts: TextTableReader, kind: number): JournalledEntry {
  if (kind === KIND.notify) return { kind: 'notify', notice: readNotice(reader) };
  if (kind === KIND.submit || kind === KIND.protectedSubmit) {
    const orders = Array.from({ length: reader.countOf(SMALLEST_ORDER) }, () => readOrder(reader, texts));
    return kind === KIND.submit
      ? { kind: 'submit', orders }
      : { kind: 'submit', orders, protect: readProtection(reader) };
  }
  if (kind === KIND.query) return { kind: 'query', venue: texts.read(reader), query: reader.count() };
  if (kind === KIND['cancel-foreign'])
    return { kind: 'cancel-foreign', venue: texts.read(reader), ref: readRef(reader) };
  const sequence = reader.count();
  if (kind === KIND.replace) return { kind: 'replace', sequence, change: readChange(reader) };
  return { kind: 'cancel', sequence };
}

function readNotice(reader: ByteReader): EngineNotice {
  const value = readObject(reader, 'is no notice');
  const { ts, level, code, message, details } = value;
  const isNotice =
    typeof ts === 'number' &&
    LEVELS.includes(level) &&
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof details === 'object' &&
    details !== null;
  return isNotice ? (value as unknown as EngineNotice) : reader.fail('is a notice that lacks a field');
}

function readRef(reader: ByteReader): OrderRef {
  const value = readObject(reader, 'names no order');
  const isRef = ['clientOrderId', 'symbol', 'venueOrderId'].every((field) => typeof value[field] === 'string');
  return isRef ? (value as unknown as OrderRef) : reader.fail('names no order');
}

function readChange(reader: ByteReader): OrderChange {
  const value = readObject(reader, 'is no change of an order');
  const isChange = Object.entries(value).every(
    ([field, item]) => CHANGES.includes(field) && (item === undefined || typeof item === 'number'),
  );
  return isChange ? value : reader.fail('is a change of something an order has not');
}

function readProtection(reader: ByteReader): ProtectInstruction {
  const value = readObject(reader, 'is no protection');
  const isProtection = Object.entries(value).every(
    ([field, item]) => PROTECTIONS.includes(field) && (item === undefined || typeof item === 'number'),
  );
  return isProtection ? value : reader.fail('is a protection of another kind');
}

function readObject(reader: ByteReader, otherwise: string): Readonly<Record<string, unknown>> {
  const value = readValue(reader);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : reader.fail(otherwise);
}

function readOther(reader: ByteReader, texts: TextTableReader, kind: number): JournalRecord {
  switch (kind) {
    case KIND.handed:
      return { kind: 'handed', at: reader.double() };
    case KIND.advance:
      return { kind: 'advance', at: reader.double() };
    case KIND.barOpen:
      return { kind: 'bar-open', instrumentIndex: reader.count(), open: reader.double(), at: reader.double() };
    case KIND.barRange:
      return { kind: 'bar-range', instrumentIndex: reader.count(), bar: readValues(reader), at: reader.double() };
    case KIND.liquidation:
      return readLiquidation(reader, texts);
    case KIND.seam:
      return { kind: 'seam', symbol: texts.read(reader), isWhole: readFlag(reader), at: reader.double() };
    case KIND.gap:
      return { kind: 'gap', from: reader.double(), at: reader.double() };
    case KIND.end:
      return { kind: 'end', at: reader.double(), hash: reader.text() };
    default:
      return reader.fail(`is of unknown kind ${kind}`);
  }
}

function readValues(reader: ByteReader): BarValues {
  // Fields of a literal are evaluated in the order they are written.
  return {
    open: reader.double(),
    high: reader.double(),
    low: reader.double(),
    close: reader.double(),
    volume: reader.double(),
  };
}

function readLiquidation(reader: ByteReader, texts: TextTableReader): JournalRecord {
  const account = texts.read(reader);
  const instrumentIndex = reader.count();
  const side = texts.word(reader, SIDES);
  const [executionNumber, qty, price, fee, leavesQty] = [
    reader.double(),
    reader.double(),
    reader.double(),
    reader.double(),
    reader.double(),
  ] as const;
  const feeCurrency = texts.read(reader);
  const fill = { executionNumber, qty, price, fee, feeCurrency, leavesQty, liquidity: texts.word(reader, LIQUIDITY) };
  return { kind: 'liquidation', liquidation: { account, instrumentIndex, side, fill }, at: reader.double() };
}

function readFlag(reader: ByteReader): boolean {
  const flag = reader.byte();
  return flag > 1 ? reader.fail('holds neither yes nor no') : flag === 1;
}
