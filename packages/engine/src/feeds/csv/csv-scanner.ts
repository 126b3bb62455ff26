// The hot loop over a CSV file's bytes. Plain unsigned decimals are read in place; whatever else a line holds sends it the slow way.
import type { RejectedRow } from '@bookrunner/sdk';
import type { BlockBuilder } from '../rows/block-builder.js';
import type { RejectedRows } from '../rows/rejected-rows.js';
import { ROW_FAULT } from '../rows/row-fault.js';
import type { RowFault } from '../rows/row-fault.js';
import type { TimeReader } from '../time/time-reader.js';
import { FIELD } from './csv-layout.js';
import type { CsvLayout } from './csv-layout.js';
import { DecimalRun, NO_DECIMAL } from './decimal-run.js';
import { splitLine } from './split-line.js';

const [LF, CR, QUOTE] = [10, 13, 34] as const;

const SLOW = NO_DECIMAL;
const OTHER_SYMBOL = -2;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;

/** What a scanner reads with and delivers to. */
export interface CsvScannerOptions {
  /** Name of the file for reports. */
  readonly source: string;
  readonly layout: CsvLayout;
  readonly delimiter: string;
  readonly time: TimeReader;
  /** Slot that takes the end a time reader names; -1 for none. */
  readonly endSlot: number;
  /** Added to every time: minus the bar's length where times are ends. */
  readonly shiftMs: number;
  readonly builder: BlockBuilder;
  readonly rejected: RejectedRows;
  /** Times before it that the calendar's data does not reach were not asked for. */
  readonly from: number;
}

/** Reads whole lines of bytes into a block builder. */
export class CsvScanner {
  /** Number of the last line read, from 1. */
  line = 0;
  /** Rows of other symbols. */
  otherSymbols = 0;
  readonly #source: string;
  readonly #fields: Uint8Array;
  // Fields that a field takes up: 2 for a time in two columns.
  readonly #widths: Uint8Array;
  readonly #slots: Int32Array;
  // The numbers from a field on up to the next that is none; absent where a field is none itself.
  private readonly runs: readonly (DecimalRun | undefined)[];
  readonly #names: readonly string[];
  private readonly last: number;
  readonly #delimiterText: string;
  private readonly delimiter: number;
  readonly #time: TimeReader;
  readonly #endSlot: number;
  private readonly shiftMs: number;
  private readonly builder: BlockBuilder;
  readonly #rejected: RejectedRows;
  readonly #symbol: Uint8Array;
  readonly #from: number;

  constructor(options: CsvScannerOptions) {
    this.#source = options.source;
    this.#fields = options.layout.fields;
    this.#widths = options.layout.fields.map((_, i, fields) => (fields[i + 1] === FIELD.timeRest ? 2 : 1));
    this.#slots = options.layout.slots;
    this.runs = decimalRuns(options);
    this.#names = options.layout.names;
    this.last = options.layout.fields.length - 1;
    this.#delimiterText = options.delimiter;
    this.delimiter = options.delimiter.charCodeAt(0);
    this.#time = options.time;
    this.#endSlot = options.endSlot;
    this.shiftMs = options.shiftMs;
    this.builder = options.builder;
    this.#rejected = options.rejected;
    this.#symbol = new TextEncoder().encode(options.builder.symbol);
    this.#from = options.from;
  }

  /** Whether nothing more is wanted. */
  get isDone(): boolean {
    return this.builder.isDone;
  }

  /**
   * Reads the lines in `bytes[start, end)`, of which the last byte is a line feed; after it come at least the `READ_AHEAD_BYTES`
   * of a decimal. Errors: DATA_BAD_ROW, CALENDAR_OUT_OF_RANGE.
   */
  scan(bytes: Uint8Array, start: number, end: number): void {
    const builder = this.builder;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    while (at < end && !builder.isDone) {
      this.line += 1;
      const next = this.#fastRow(bytes, view, at);
      if (next === SLOW) {
        at = this.#slowRow(bytes, at);
        continue;
      }
      if (next === OTHER_SYMBOL) {
        this.otherSymbols += 1;
        at = bytes.indexOf(LF, at) + 1;
        continue;
      }
      at = next;
      if (this.shiftMs !== 0) this.#shift();
      const fault = builder.accept();
      if (fault !== ROW_FAULT.none) this.#reject(fault, builder.describe(fault));
    }
  }

  /** Reports a line that is longer than any row can be. */
  rejectLongLine(): void {
    this.line += 1;
    this.#reject(ROW_FAULT.lineTooLong, 'the line is longer than 64 KiB');
  }

  #shift(): void {
    const times = this.builder.columns[0]!;
    times[this.builder.row] = times[this.builder.row]! + this.shiftMs;
  }

  #reject(fault: RowFault, reason: string): void {
    const row: RejectedRow = { source: this.#source, line: this.line, reason };
    this.#rejected.add(fault, row);
  }

  /** Reads one line of plain values; the start of the next line, or SLOW, or OTHER_SYMBOL. */
  #fastRow(bytes: Uint8Array, view: DataView, start: number): number {
    const { runs, delimiter, last } = this;
    let at = start;
    let field = 0;
    for (;;) {
      const run = runs[field];
      if (run === undefined) {
        at = this.#fastOther(bytes, at, field);
        field += this.#widths[field]!;
      } else {
        at = run.read(view, at, this.builder);
        field += run.length;
      }
      if (at < 0) return at;
      if (field > last) break;
      if (bytes[at] !== delimiter) return SLOW;
      at += 1;
    }
    if (bytes[at] === CR) at += 1;
    return bytes[at] === LF ? at + 1 : SLOW;
  }

  /** A field that is no number; where it ends, or SLOW, or OTHER_SYMBOL. */
  #fastOther(bytes: Uint8Array, start: number, field: number): number {
    const kind = this.#fields[field]!;
    if (kind === FIELD.time) return this.#fastTime(bytes, start, field);
    return kind === FIELD.symbol ? this.#fastSymbol(bytes, start) : this.#fieldEnd(bytes, start);
  }

  #fastTime(bytes: Uint8Array, start: number, field: number): number {
    let end = this.#fieldEnd(bytes, start);
    if (end !== SLOW && this.#widths[field] === 2) {
      end = bytes[end] === this.delimiter ? this.#fieldEnd(bytes, end + 1) : SLOW;
    }
    if (end === SLOW) return SLOW;
    return this.#setTime(bytes, { start, end, slot: this.#slots[field]! }) ? end : SLOW;
  }

  #setTime(bytes: Uint8Array, place: { readonly start: number; readonly end: number; readonly slot: number }): boolean {
    const { columns, row, previousTs } = this.builder;
    const ts = this.#time.read(bytes, place.start, place.end, previousTs);
    if (ts !== ts) return false;
    columns[place.slot]![row] = ts;
    if (place.slot === 0 && this.#endSlot >= 0) columns[this.#endSlot]![row] = this.#time.endTs;
    return true;
  }

  #fastSymbol(bytes: Uint8Array, start: number): number {
    const end = this.#fieldEnd(bytes, start);
    if (end === SLOW) return SLOW;
    if (end - start !== this.#symbol.length) return OTHER_SYMBOL;
    for (let i = 0; i < this.#symbol.length; i += 1) if (bytes[start + i] !== this.#symbol[i]) return OTHER_SYMBOL;
    return end;
  }

  /** End of a field without quotes; SLOW where there is a quote. */
  #fieldEnd(bytes: Uint8Array, start: number): number {
    const { delimiter } = this;
    for (let at = start | 0; ; at = (at + 1) | 0) {
      const byte = bytes[at]!;
      // What ends a line is below a quote, and most bytes are above.
      if (byte > QUOTE && byte !== delimiter) continue;
      if (byte === delimiter || byte === LF || byte === CR) return at;
      if (byte === QUOTE) return SLOW;
    }
  }

  /** Reads one line with all the care it needs; the start of the next line. */
  #slowRow(bytes: Uint8Array, start: number): number {
    const lineFeed = bytes.indexOf(LF, start);
    const end = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    if (text.trim() !== '') this.#slowLine(text);
    return lineFeed + 1;
  }

  #slowLine(text: string): void {
    const fields = splitLine(text, this.#delimiterText);
    if (fields === undefined) return this.#reject(ROW_FAULT.quotes, 'a quote is not closed, or stands inside a field');
    if (fields.length !== this.last + 1) {
      return this.#reject(ROW_FAULT.columnCount, `it has ${fields.length} columns; ${this.last + 1} are expected`);
    }
    if (this.#isOtherSymbol(fields)) {
      this.otherSymbols += 1;
      return;
    }
    for (let field = 0; field <= this.last; field += 1) if (!this.#slowField(fields, field)) return;
    if (this.shiftMs !== 0) this.#shift();
    const fault = this.builder.accept();
    if (fault !== ROW_FAULT.none) this.#reject(fault, this.builder.describe(fault));
  }

  #isOtherSymbol(fields: readonly string[]): boolean {
    const index = this.#fields.indexOf(FIELD.symbol);
    return index >= 0 && fields[index]?.trim() !== this.builder.symbol;
  }

  /** Reads one field; false where the row was reported, or not asked for. */
  #slowField(fields: readonly string[], field: number): boolean {
    const kind = this.#fields[field];
    const text = fields[field]!.trim();
    if (kind === FIELD.time) return this.#slowTime(fields, field, text);
    if (kind !== FIELD.number) return true;
    const slot = this.#slots[field]!;
    if (text !== '' && !DECIMAL.test(text)) {
      const name = this.#names[field] as string;
      this.#reject(ROW_FAULT.number, `${name} is not a number: ${quoteText(text)}${timeHint(name, text)}`);
      return false;
    }
    this.builder.columns[slot]![this.builder.row] = text === '' ? Number.NaN : Number(text);
    return true;
  }

  #slowTime(fields: readonly string[], field: number, first: string): boolean {
    const isPair = this.#widths[field] === 2;
    const text = isPair ? `${first}${this.#delimiterText}${fields[field + 1]!.trim()}` : first;
    const slot = this.#slots[field]!;
    // A tick may have no receive time.
    if (text === '' && slot !== 0) {
      this.builder.columns[slot]![this.builder.row] = Number.NaN;
      return true;
    }
    const bytes = Buffer.from(text);
    if (this.#setTime(bytes, { start: 0, end: bytes.length, slot })) return true;
    this.#rejectTime(text);
    return false;
  }

  #rejectTime(text: string): void {
    const { fault } = this.#time;
    const quoted = quoteText(text);
    const { noonTs } = this.#time;
    // The calendar's data may begin later than the file; such days matter only when they were asked for.
    if (fault === ROW_FAULT.calendarRange && noonTs < this.#from) this.builder.beforeRange += 1;
    else if (fault === ROW_FAULT.timeNonexistent)
      this.#reject(fault, `the clocks of the time zone never show ${quoted}`);
    else if (fault === ROW_FAULT.notATradingDay) this.#reject(fault, `${quoted} is not a trading day of the calendar`);
    else if (fault === ROW_FAULT.calendarRange) this.#reject(fault, `${quoted} is outside the calendar's data`);
    else this.#reject(fault, `the time does not follow the format: ${quoted}${offsetHint(text)}`);
  }
}

const TIMES: ReadonlySet<string> = new Set(['ts', 'endTs', 'recvTs']);

/** What to say of a time that is written out where numbers are expected. */
function timeHint(name: string, text: string): string {
  return TIMES.has(name) && /\d[-/:]\d/.test(text)
    ? ' (say how it is written with `--time`, option `time`: iso, date or a pattern)'
    : '';
}

/** The same of one that lacks what `iso` needs. */
function offsetHint(text: string): string {
  const isBare = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text);
  return isBare ? " ('iso' needs an offset such as Z or +01:00, or a time zone set beside it)" : '';
}

/** Where a run of numbers starts in a line: the run, and the fields it takes up. */
function decimalRuns({ layout, builder, delimiter }: CsvScannerOptions): (DecimalRun | undefined)[] {
  const { fields, slots } = layout;
  // A run goes on where the column of the next field is the next one of the block.
  const goesOn = (field: number): boolean =>
    fields[field + 1] === FIELD.number &&
    builder.places[slots[field + 1]!] === builder.places[slots[field]!]! + builder.blockRows;
  return Array.from(fields, (kind, field) => {
    let end = field;
    while (goesOn(end)) end += 1;
    const place = builder.places[slots[field]!]!;
    return kind === FIELD.number ? new DecimalRun(place, end - field + 1, delimiter.charCodeAt(0)) : undefined;
  });
}

const SHOWN_CHARACTERS = 40;

function quoteText(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return JSON.stringify(shown);
}
