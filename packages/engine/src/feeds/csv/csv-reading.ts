import type { BarSpec, EpochMs, HistoryBlock } from '@bookrunner/sdk';
import { dataError } from '../data-errors.js';
import { BAR_COLUMNS } from '../rows/bar-block-builder.js';
import type { BlockBuilder } from '../rows/block-builder.js';
import { nextBlockBuilder } from '../rows/create-block-builder.js';
import { barSecondsOf, specOf } from '../rows/file-options.js';
import { formatFault } from '../rows/format-fault.js';
import type { ReadRequest, ReadTotals } from '../rows/read-request.js';
import { RejectedRows } from '../rows/rejected-rows.js';
import { noUsableRows } from '../rows/usable-rows.js';
import { FirstTime } from '../time/first-time.js';
import { createTimeReader, namesDays } from '../time/time-format.js';
import type { TimeReader } from '../time/time-reader.js';
import { isGzip, openPlain, unpackedChunks } from './byte-source.js';
import { csvFormat } from './csv-format.js';
import type { CsvFormat, CsvFormatInput } from './csv-format.js';
import { csvLayout } from './csv-layout.js';
import { CsvScanner } from './csv-scanner.js';
import { LineFeeder } from './line-feeder.js';

/** What a probe reads: the second chunk of a small file is its end. */
const PROBED_CHUNKS = 2;

/** One reading of one or several files, in order. */
export interface CsvReading {
  /** Blocks in order of time, to be walked once; plain files synchronously, gzip files not. */
  readonly blocks: Iterable<HistoryBlock> | AsyncIterable<HistoryBlock>;
  readonly spec: BarSpec | undefined;
  totals(): ReadTotals;
}

/**
 * Reads a CSV file (plain or gzip) as blocks of columns, one pass, memory independent of its size.
 * Errors, at once: DATA_OPTIONS_INVALID, DATA_FILE_MISSING, DATA_FILE_UNREADABLE.
 * Errors, while walking: DATA_FILE_UNREADABLE, DATA_HEADER_INVALID, DATA_COLUMN_MISSING, DATA_BAD_ROW, CALENDAR_OUT_OF_RANGE.
 *
 * @example
 * for (const block of readCsvColumns('bars.csv', { time: 'epoch-ms' }, { symbol: 'SPY' }).blocks) use(block);
 */
export function readCsvColumns(
  path: string | readonly string[],
  format: CsvFormatInput,
  request: ReadRequest,
): CsvReading {
  const parsed = csvFormat.safeParse(format);
  if (!parsed.success) throw formatFault('CSV', { schema: csvFormat, format, issues: parsed.error.issues });
  const paths = typeof path === 'string' ? [path] : path;
  const reader = new CsvReader(parsed.data, request);
  return {
    blocks: paths.some(isGzip) ? reader.readAsync(paths) : reader.read(paths),
    spec: reader.spec,
    totals: () => reader.totals(),
  };
}

/**
 * Reads the beginning of CSV files and keeps nothing: whether they can be read, their headers have the columns, their first rows are
 * rows, and there is one that can be used. Errors: those of {@link readCsvColumns}, and DATA_NO_USABLE_ROWS.
 */
export async function probeCsv(paths: readonly string[], format: CsvFormat, request: ReadRequest): Promise<void> {
  const reader = new CsvReader(format, request);
  let isWhole = true;
  for (const path of paths) isWhole = (await reader.probe(path)) && isWhole;
  reader.checkFirst();
  if (isWhole && !reader.hasRows) throw noUsableRows(paths, request.symbol, [reader.totals()]);
}

class CsvReader {
  readonly spec: BarSpec | undefined;
  readonly #format: CsvFormat;
  readonly #request: ReadRequest;
  readonly #rejected: RejectedRows;
  readonly #time: TimeReader;
  #builder: BlockBuilder | undefined;
  #otherSymbols = 0;
  readonly #firstTime: FirstTime;
  /** Of the first row that was probed. */
  #firstTs: EpochMs = Number.NaN;

  constructor(format: CsvFormat, request: ReadRequest) {
    this.spec = specOf(format);
    this.#format = format;
    this.#request = request;
    this.#firstTime = new FirstTime(request.calendar);
    this.#rejected = new RejectedRows(format.onBadRow, request.onRejected);
    const needsCalendar = namesDays(format.time) || format.outsideSession === 'drop';
    if (needsCalendar && request.calendar === undefined) {
      throw dataError(
        'DATA_OPTIONS_INVALID',
        `'${request.symbol}': times that are dates, and outsideSession: drop, need a calendar.`,
      );
    }
    const isPair = Array.isArray(format.columns.ts);
    const separator = isPair ? format.delimiter.charCodeAt(0) : undefined;
    this.#time = createTimeReader({ time: format.time, timeZone: format.timeZone, separator }, request.calendar);
  }

  totals(): ReadTotals {
    const builder = this.#builder;
    return {
      rows: builder?.rows ?? 0,
      beforeRange: builder?.beforeRange ?? 0,
      outsideSession: builder?.outsideSession ?? 0,
      otherSymbols: this.#otherSymbols,
      ...this.#rejected.totals(),
    };
  }

  *read(paths: readonly string[]): Generator<HistoryBlock> {
    for (const path of paths) {
      const file = openPlain(path, this.#request.onProgress);
      const lines = this.#lines(path);
      try {
        while (lines.takeFrom(file.read)) yield* this.#ready();
        yield* this.#ready();
      } finally {
        file.close();
        this.#otherSymbols += lines.otherSymbols;
      }
      if (this.#builder?.isDone === true) break;
    }
    this.#builder?.flush();
    yield* this.#ready();
  }

  async *readAsync(paths: readonly string[]): AsyncGenerator<HistoryBlock> {
    for (const path of paths) {
      const lines = this.#lines(path);
      try {
        if (isGzip(path)) yield* this.#readGzip(path, lines);
        else yield* this.#readPlain(path, lines);
        yield* this.#ready();
      } finally {
        this.#otherSymbols += lines.otherSymbols;
      }
      if (this.#builder?.isDone === true) break;
    }
    this.#builder?.flush();
    yield* this.#ready();
  }

  /** Whether some row was taken. */
  get hasRows(): boolean {
    return this.#builder !== undefined && this.#builder.rows + this.#builder.row > 0;
  }

  /** Whether the first row's time may be one. Errors: DATA_OPTIONS_INVALID. */
  checkFirst(): void {
    if (this.hasRows) this.#firstTime.see(this.#firstTs);
  }

  /** Reads the beginning of a file; whether that was all of it. */
  async probe(path: string): Promise<boolean> {
    const lines = this.#lines(path);
    try {
      return isGzip(path) ? await this.#probeGzip(path, lines) : this.#probePlain(path, lines);
    } finally {
      this.#otherSymbols += lines.otherSymbols;
      const [block] = this.#builder?.take() ?? [];
      if (Number.isNaN(this.#firstTs) && this.hasRows)
        this.#firstTs = block?.columns.ts[0] ?? this.#builder!.values[0]!;
    }
  }

  #probePlain(path: string, lines: LineFeeder): boolean {
    const file = openPlain(path);
    try {
      for (let chunk = 0; chunk < PROBED_CHUNKS; chunk += 1) if (!lines.takeFrom(file.read)) return true;
      return false;
    } finally {
      file.close();
    }
  }

  async #probeGzip(path: string, lines: LineFeeder): Promise<boolean> {
    let chunks = 0;
    for await (const chunk of unpackedChunks(path)) {
      chunks += 1;
      if (!lines.takeChunk(chunk) || chunks === PROBED_CHUNKS) return false;
    }
    lines.finish();
    return true;
  }

  async *#readGzip(path: string, lines: LineFeeder): AsyncGenerator<HistoryBlock> {
    for await (const chunk of unpackedChunks(path, this.#request.onProgress)) {
      if (!lines.takeChunk(chunk)) return;
      yield* this.#ready();
    }
    lines.finish();
  }

  *#readPlain(path: string, lines: LineFeeder): Generator<HistoryBlock> {
    const file = openPlain(path, this.#request.onProgress);
    try {
      while (lines.takeFrom(file.read)) yield* this.#ready();
    } finally {
      file.close();
    }
  }

  #ready(): readonly HistoryBlock[] {
    return this.#firstTime.of(this.#builder?.take() ?? []);
  }

  #lines(path: string): LineFeeder {
    return new LineFeeder(this.#format.header, (header) => this.#scanner(path, header));
  }

  #scanner(path: string, header: string | undefined): CsvScanner {
    const format = this.#format;
    if (!this.hasRows) this.#firstTime.begin(path, format.time);
    const layout = csvLayout(path, format, header);
    const days = namesDays(format.time);
    const present = days && !layout.present.includes('endTs') ? [...layout.present, 'endTs'] : layout.present;
    this.#builder = nextBlockBuilder(this.#builder, {
      format,
      request: this.#request,
      present,
      onFirst: this.#firstTime.see,
    });
    const scanner = new CsvScanner({
      source: path,
      layout,
      delimiter: format.delimiter,
      time: this.#time,
      endSlot: days ? BAR_COLUMNS.indexOf('endTs') : -1,
      shiftMs: format.kind === 'bars' && format.tsIs === 'end' ? -barSecondsOf(format) * 1000 : 0,
      builder: this.#builder,
      rejected: this.#rejected,
      from: this.#request.from ?? Number.NEGATIVE_INFINITY,
    });
    scanner.line = header === undefined ? 0 : 1;
    return scanner;
  }
}
