// Retained records in fixed-size chunks of numbers, so that neither growth nor garbage ever pauses a run.
import { notRetained, type Column, type RecordTable } from './record-table.js';
import { recorderError } from './recorder-errors.js';

/** Options of a log. */
export interface LogOptions {
  /** Rows of a chunk; 4,096 unless told otherwise. */
  readonly chunkRows?: number;
  /** `all`, or how many of the newest rows have to stay readable; whole chunks are kept, so a few more do. */
  readonly retain?: 'all' | number;
  /**
   * Takes the rows of every full chunk, and those of the last one at `flush`, for example to write them to a file. The columns
   * may be views of arrays that are used again: read them during the call.
   */
  readonly onChunkFull?: (columns: readonly Column[]) => void;
}

/** Records as columns: equally long typed arrays by name. */
export type ChunkArrays = Readonly<Record<string, Float64Array | Int32Array | Uint8Array>>;

const DEFAULT_CHUNK_ROWS = 4096;

/**
 * What the logs have in common. A chunk holds its records row by row, each a few numbers side by side: a record touches two or three
 * lines of the processor's cache, where a column for each number would touch as many lines as it has numbers. Columns are made when
 * somebody asks. A log writes its row itself, in the order of the columns, at the place that `next` gives it.
 */
export abstract class ChunkedLog<Arrays extends ChunkArrays, Row> implements RecordTable<Row> {
  /** The chunk being filled. */
  protected cells: Float64Array;
  readonly #chunkRows: number;
  readonly #retainChunks: number;
  readonly #onChunkFull: ((columns: readonly Column[]) => void) | undefined;
  readonly #create: (rows: number) => Arrays;
  /** Numbers of a record. */
  readonly #width: number;
  // Chunks held, oldest first; the last one is being filled.
  readonly #chunks: Float64Array[];
  #dropped = 0;
  #filled = 0;
  #flushed = 0;

  constructor(create: (rows: number) => Arrays, options: LogOptions = {}) {
    const chunkRows = options.chunkRows ?? DEFAULT_CHUNK_ROWS;
    const retain = options.retain ?? 'all';
    if (!isCount(chunkRows)) throw invalid(`chunkRows is ${chunkRows}`);
    if (retain !== 'all' && !isCount(retain)) throw invalid(`retain is ${retain}`);
    this.#chunkRows = chunkRows;
    this.#retainChunks = retain === 'all' ? Number.POSITIVE_INFINITY : Math.ceil(retain / chunkRows) + 1;
    this.#onChunkFull = options.onChunkFull;
    this.#create = create;
    this.#width = Object.keys(create(0)).length;
    this.cells = new Float64Array(chunkRows * this.#width);
    this.#chunks = [this.cells];
  }

  get total(): number {
    return (this.#dropped + this.#chunks.length - 1) * this.#chunkRows + this.#filled;
  }

  get first(): number {
    return this.#dropped * this.#chunkRows;
  }

  at(index: number): Row {
    const { first, total } = this;
    if (!(index >= first && index < total) || !Number.isInteger(index)) throw notRetained(index, first, total);
    const offset = index - first;
    const row = this.#create(1);
    this.#unpack(row, this.#chunks[Math.floor(offset / this.#chunkRows)]!, { from: offset % this.#chunkRows, rows: 1 });
    return this.row(row, 0);
  }

  columns(): readonly Column[] {
    const rows = this.total - this.first;
    const joined = this.#create(rows);
    this.#chunks.forEach((chunk, k) => {
      const place = k * this.#chunkRows;
      this.#unpack(joined, chunk, { from: 0, rows: Math.min(this.#chunkRows, rows - place), place });
    });
    return this.describe(joined, rows);
  }

  /** Hands the rows not yet handed to `onChunkFull` to it. Call at the end of a run; more rows may follow. */
  flush(): void {
    if (this.#onChunkFull === undefined || this.#filled === this.#flushed) return;
    const rows = this.#filled - this.#flushed;
    const columns = this.#create(rows);
    this.#unpack(columns, this.cells, { from: this.#flushed, rows });
    this.#onChunkFull(this.describe(columns, rows));
    this.#flushed = this.#filled;
  }

  /** Makes room for a row in `cells` and gives the place of its first number. */
  protected next(): number {
    if (this.#filled === this.#chunkRows) this.#turn();
    const place = this.#filled;
    this.#filled = place + 1;
    return place * this.#width;
  }

  /** A row as an object with names resolved. */
  protected abstract row(arrays: Arrays, place: number): Row;

  /** Arrays of `rows` rows as columns with names resolved. */
  protected abstract describe(arrays: Arrays, rows: number): readonly Column[];

  /** Copies rows of a chunk into columns, from row `place` of them on. */
  #unpack(columns: Arrays, chunk: Float64Array, part: { from: number; rows: number; place?: number }): void {
    const width = this.#width;
    const { from, rows, place = 0 } = part;
    Object.values(columns).forEach((values, k) => {
      for (let row = 0; row < rows; row++) values[place + row] = chunk[(from + row) * width + k]!;
    });
  }

  #turn(): void {
    this.flush();
    if (this.#chunks.length < this.#retainChunks) {
      this.cells = new Float64Array(this.#chunkRows * this.#width);
    } else {
      // The oldest chunk is overwritten: memory stays flat.
      this.cells = this.#chunks.shift()!;
      this.#dropped += 1;
    }
    this.#chunks.push(this.cells);
    this.#filled = 0;
    this.#flushed = 0;
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function invalid(what: string): Error {
  return recorderError('RECORD_OPTIONS_INVALID', `The log cannot be made: ${what}.`);
}
