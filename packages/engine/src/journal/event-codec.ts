// Events other than ticks: bars, timers and reports as numbers, the rare ones as plain values.
import type { Liquidity } from '@bookrunner/sdk';
import type { BarEvent, KernelEvent, TickEvent, VenueReportEvent } from '../kernel/event.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { KIND } from './record-kinds.js';
import type { TextTableReader, TextTableWriter } from './text-table.js';
import { readValue, writeValue } from './value-codec.js';

/** All events but ticks. */
export type OtherEvent = Exclude<KernelEvent, TickEvent>;

const BAR_NUMBERS = ['at', 'ts', 'endTs', 'open', 'high', 'low', 'close', 'volume', 'nTicks', 'vwap'] as const;
const REPORT_NUMBERS = ['at', 'qty', 'price', 'fee', 'limitPrice', 'stopPrice'] as const;
const REPORT_TEXTS = ['venueOrderId', 'executionId', 'message'] as const;
const REPORTS: readonly VenueReportEvent['report'][] = [
  'sent',
  'refused',
  'accepted',
  'rejected',
  'filled',
  'cancelled',
  'expired',
  'replaced',
  'cancel-rejected',
  'replace-rejected',
  'unknown',
];
const LIQUIDITY: readonly Liquidity[] = ['maker', 'taker', 'unknown'];

/** Fields of rare events: each one is there, and is of this type. */
const RARE: Readonly<Record<string, Readonly<Record<string, 'string' | 'number' | 'object'>>>> = {
  'feed-status': { status: 'object' },
  backfill: { stage: 'string', symbols: 'object' },
  'venue-status': { status: 'object' },
  'venue-snapshot': { venue: 'string', query: 'number', message: 'string' },
  execution: { venue: 'string', change: 'string', account: 'string', execution: 'object' },
  account: { account: 'object' },
  command: { command: 'object' },
  cash: { book: 'string', currency: 'string', amount: 'number', reason: 'string' },
  'corporate-action': { instrumentIndex: 'number', numerator: 'number', denominator: 'number' },
  guard: { guard: 'string', subject: 'string', message: 'string' },
};

/** Flags of a bar. */
const WARMUP = 1;
const LAST = 2;

export function writeEvent(writer: ByteWriter, texts: TextTableWriter, event: OtherEvent): void {
  if (event.kind === 'venue-report') return writeReport(writer, texts, event);
  if (event.kind === 'timer') {
    writer.byte(KIND.timer);
    return writer.double(event.at);
  }
  if (event.kind === 'bar') return writeBar(writer, texts, event);
  writer.byte(KIND.event);
  writeValue(writer, event);
}

function writeBar(writer: ByteWriter, texts: TextTableWriter, bar: BarEvent): void {
  writer.byte(KIND.bar);
  writer.count(bar.streamIndex);
  writer.byte((bar.isWarmup ? WARMUP : 0) | (bar.isLast ? LAST : 0));
  texts.write(writer, bar.symbol);
  for (const field of BAR_NUMBERS) writer.double(bar[field]);
}

function writeReport(writer: ByteWriter, texts: TextTableWriter, report: VenueReportEvent): void {
  writer.byte(KIND.report);
  texts.write(writer, report.report);
  writer.count(report.sequence);
  // From -1 on.
  writer.count(report.instrumentIndex + 1);
  for (const field of REPORT_NUMBERS) writer.double(report[field]);
  texts.write(writer, report.feeCurrency);
  texts.write(writer, report.liquidity);
  texts.write(writer, report.reason);
  for (const field of REPORT_TEXTS) writer.text(report[field]);
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readBar(reader: ByteReader, texts: TextTableReader): BarEvent {
  const streamIndex = reader.count();
  const flags = reader.byte();
  if (flags > (WARMUP | LAST)) reader.fail('is a bar with flags that no bar has');
  const symbol = texts.read(reader);
  const numbers = Object.fromEntries(BAR_NUMBERS.map((field) => [field, reader.double()]));
  return {
    kind: 'bar',
    streamIndex,
    isWarmup: (flags & WARMUP) !== 0,
    isLast: (flags & LAST) !== 0,
    symbol,
    ...numbers,
  } as BarEvent;
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readReport(reader: ByteReader, texts: TextTableReader): VenueReportEvent {
  const report = texts.word(reader, REPORTS);
  const sequence = reader.count();
  const instrumentIndex = reader.count() - 1;
  const numbers = Object.fromEntries(REPORT_NUMBERS.map((field) => [field, reader.double()]));
  const feeCurrency = texts.read(reader);
  const liquidity = texts.word(reader, LIQUIDITY);
  const reason = texts.read(reader);
  const own = Object.fromEntries(REPORT_TEXTS.map((field) => [field, reader.text()]));
  const fields = { report, sequence, instrumentIndex, feeCurrency, liquidity, reason };
  return { kind: 'venue-report', ...fields, ...numbers, ...own } as VenueReportEvent;
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readRareEvent(reader: ByteReader): OtherEvent {
  const value = readValue(reader);
  if (typeof value !== 'object' || value === null) return reader.fail('is no event');
  const event = value as Readonly<Record<string, unknown>>;
  const fields = RARE[String(event['kind'])];
  if (fields === undefined || typeof event['at'] !== 'number') return reader.fail('is an event of unknown kind');
  const isWhole = Object.entries(fields).every(
    ([field, type]) => event[field] !== null && typeof event[field] === type,
  );
  return isWhole ? (value as OtherEvent) : reader.fail('is an event that lacks a field');
}
