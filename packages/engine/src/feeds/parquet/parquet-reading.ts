import type { BarSpec, HistoryBlock } from '@bookrunner/sdk';
import type { DoubleRows, DuckdbSession } from '../../catalog/duckdb-session.js';
import { sqlPath } from '../../catalog/duckdb-session.js';
import { dataError } from '../data-errors.js';
import { instantText } from '../../instant-text.js';
import { BAR_COLUMNS } from '../rows/bar-block-builder.js';
import type { BlockBuilder } from '../rows/block-builder.js';
import { nextBlockBuilder } from '../rows/create-block-builder.js';
import { barSecondsOf, specOf } from '../rows/file-options.js';
import { formatFault } from '../rows/format-fault.js';
import type { ReadRequest, ReadTotals } from '../rows/read-request.js';
import { RejectedRows } from '../rows/rejected-rows.js';
import { ROW_FAULT } from '../rows/row-fault.js';
import type { RowFault } from '../rows/row-fault.js';
import { FirstTime } from '../time/first-time.js';
import { TradingDayReader } from '../time/trading-day-reader.js';
import { parquetFormat } from './parquet-format.js';
import type { ParquetFormat, ParquetFormatInput } from './parquet-format.js';
import { parquetLayout } from './parquet-layout.js';
import type { ParquetLayout } from './parquet-layout.js';

const READ_ROWS = 16_384;
const DAY_SECONDS = 86_400;
const END_SLOT = BAR_COLUMNS.indexOf('endTs');

/** One reading of one or several Parquet files, in order. */
export interface ParquetReading {
  /** Blocks in order of time, to be walked once. */
  readonly blocks: AsyncIterable<HistoryBlock>;
  readonly spec: BarSpec | undefined;
  totals(): ReadTotals;
}

/**
 * Reads Parquet files of any origin as blocks of columns, judged by the same rules as CSV rows.
 * Errors, at once: DATA_OPTIONS_INVALID. While walking: DATA_COLUMN_MISSING, DATA_FILE_UNREADABLE, DATA_BAD_ROW (with the row's
 * number), DATA_DUCKDB_FAILED.
 */
export function readParquetColumns(
  source: { readonly session: DuckdbSession; readonly paths: readonly string[] },
  format: ParquetFormatInput,
  request: ReadRequest,
): ParquetReading {
  const parsed = parquetFormat.safeParse(format);
  if (!parsed.success) throw formatFault('Parquet', { schema: parquetFormat, format, issues: parsed.error.issues });
  const reader = new ParquetReader(source.session, parsed.data, request);
  return { blocks: reader.read(source.paths), spec: specOf(parsed.data), totals: () => reader.totals() };
}

class ParquetReader {
  readonly #session: DuckdbSession;
  readonly #format: ParquetFormat;
  readonly #request: ReadRequest;
  readonly #rejected: RejectedRows;
  readonly #firstTime: FirstTime;
  #builder: BlockBuilder | undefined;
  #days: TradingDayReader | undefined;

  constructor(session: DuckdbSession, format: ParquetFormat, request: ReadRequest) {
    if (format.outsideSession === 'drop' && request.calendar === undefined) {
      throw dataError('DATA_OPTIONS_INVALID', `'${request.symbol}': outsideSession: drop needs a calendar.`);
    }
    this.#session = session;
    this.#format = format;
    this.#request = request;
    this.#firstTime = new FirstTime(request.calendar);
    this.#rejected = new RejectedRows(format.onBadRow, request.onRejected);
  }

  totals(): ReadTotals {
    const { rows = 0, beforeRange = 0, outsideSession = 0 } = this.#builder ?? {};
    return { rows, beforeRange, outsideSession, otherSymbols: 0, ...this.#rejected.totals() };
  }

  async *read(paths: readonly string[]): AsyncGenerator<HistoryBlock> {
    for (const path of paths) {
      yield* this.#readFile(path);
      if (this.#builder?.isDone === true) break;
    }
    this.#builder?.flush();
    yield* this.#firstTime.of(this.#builder?.take() ?? []);
  }

  async *#readFile(path: string): AsyncGenerator<HistoryBlock> {
    const layout = await parquetLayout(this.#session, { path, format: this.#format, symbol: this.#request.symbol });
    if ((this.#builder?.row ?? 0) === 0) this.#firstTime.begin(path, layout.hasNumberTimes ? this.#format.time : '');
    const total = await this.#rowsOf(path);
    const builder = this.#prepare(layout, path);
    let done = 0;
    for await (const rows of this.#session.doubles(layout.sql, layout.slots.length + 1, READ_ROWS)) {
      this.#take(rows, { layout, builder, path });
      done += rows.length;
      this.#request.onProgress?.(done, total);
      yield* this.#firstTime.of(builder.take());
      if (builder.isDone) return;
    }
  }

  async #rowsOf(path: string): Promise<number> {
    const [row] = await this.#session.rows(`select count(*)::double as n from read_parquet(${sqlPath(path)})`);
    return Number(row?.['n'] ?? 0);
  }

  #prepare(layout: ParquetLayout, path: string): BlockBuilder {
    const { calendar } = this.#request;
    if (layout.namesDays && calendar === undefined)
      throw dataError('DATA_OPTIONS_INVALID', `${path}: times that are dates need a calendar.`);
    if (layout.namesDays && barSecondsOf(this.#format) < DAY_SECONDS) {
      throw dataError(
        'DATA_OPTIONS_INVALID',
        `${path}: its times are dates, so its bars last days: set timeframe: 1d.`,
      );
    }
    if (layout.namesDays && calendar !== undefined) this.#days = new TradingDayReader(calendar, 'YYYY-MM-DD');
    const addsEnd = layout.namesDays && !layout.present.includes('endTs');
    this.#builder = nextBlockBuilder(this.#builder, {
      format: this.#format,
      request: this.#request,
      present: addsEnd ? [...layout.present, 'endTs'] : layout.present,
      onFirst: this.#firstTime.see,
    });
    return this.#builder;
  }

  #take(rows: DoubleRows, { layout, builder, path }: FileInHand): void {
    const shiftMs =
      this.#format.kind === 'bars' && this.#format.tsIs === 'end' ? -barSecondsOf(this.#format) * 1000 : 0;
    for (let i = 0; i < rows.length && !builder.isDone; i += 1) {
      for (const [column, slot] of layout.slots.entries())
        builder.columns[slot]![builder.row] = rows.columns[column + 1]![i]!;
      const times = builder.columns[0]!;
      if (shiftMs !== 0) times[builder.row] = times[builder.row]! + shiftMs;
      const line = rows.columns[0]![i]!;
      if (this.#days !== undefined && !this.#placeDay(builder, this.#days, { path, line })) continue;
      const fault = builder.accept();
      if (fault !== ROW_FAULT.none) this.#reject(fault, builder.describe(fault), { path, line });
    }
  }

  /** Turns the row's date into its trading day; false where it was reported, or not asked for. */
  #placeDay(builder: BlockBuilder, days: TradingDayReader, place: RowPlace): boolean {
    const date = builder.columns[0]![builder.row]!;
    if (Number.isNaN(date)) return true;
    const ts = days.readDate(date);
    builder.columns[0]![builder.row] = ts;
    builder.columns[END_SLOT]![builder.row] = days.endTs;
    if (!Number.isNaN(ts)) return true;
    const text = instantText(date).slice(0, 10);
    if (days.fault === ROW_FAULT.calendarRange && days.noonTs < (this.#request.from ?? -Infinity))
      builder.beforeRange += 1;
    else if (days.fault === ROW_FAULT.calendarRange)
      this.#reject(days.fault, `${text} is outside the calendar's data`, place);
    else this.#reject(days.fault, `${text} is not a trading day of the calendar`, place);
    return false;
  }

  #reject(fault: RowFault, reason: string, { path, line }: RowPlace): void {
    this.#rejected.add(fault, { source: path, line, reason });
  }
}

interface FileInHand {
  readonly layout: ParquetLayout;
  readonly builder: BlockBuilder;
  readonly path: string;
}

interface RowPlace {
  readonly path: string;
  readonly line: number;
}
