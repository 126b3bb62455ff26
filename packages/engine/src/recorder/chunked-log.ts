// Retained records in fixed-size chunks of typed arrays, so that neither growth nor garbage ever pauses a run.
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

/** The numbers of a chunk: equally long typed arrays by name. */
export type ChunkArrays = Readonly<Record<string, Float64Array | Int32Array | Uint8Array>>;

/** Where a row stands. */
export interface RowPlace<Arrays> {
  readonly arrays: Arrays;
  readonly place: number;
}

const DEFAULT_CHUNK_ROWS = 4096;

/** What the logs have in common; a log writes its arrays itself, at the place that `#next` gives it. */
export abstract class ChunkedLog<Arrays extends ChunkArrays, Row> implements RecordTable<Row> {
  /** Arrays of the chunk being filled. */
  protected arrays: Arrays;
  readonly #chunkRows: number;
  readonly #retainChunks: number;
  readonly #onChunkFull: ((columns: readonly Column[]) => void) | undefined;
  readonly #create: (rows: number) => Arrays;
  // Chunks held, oldest first; the last one is being filled.
  readonly #chunks: Arrays[];
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
    this.arrays = create(chunkRows);
    this.#chunks = [this.arrays];
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
    const chunk = this.#chunks[Math.floor(offset / this.#chunkRows)]!;
    return this.row(chunk, offset % this.#chunkRows, index);
  }

  columns(): readonly Column[] {
    const rows = this.total - this.first;
    const joined = this.#create(rows);
    this.#chunks.forEach((chunk, k) => {
      const place = k * this.#chunkRows;
      const used = Math.min(this.#chunkRows, rows - place);
      for (const name of Object.keys(chunk)) joined[name]!.set(chunk[name]!.subarray(0, used), place);
    });
    return this.describe(joined, rows, this.first);
  }

  /** Hands the rows not yet handed to `onChunkFull` to it. Call at the end of a run; more rows may follow. */
  flush(): void {
    if (this.#onChunkFull === undefined || this.#filled === this.#flushed) return;
    const rows = sliced(this.arrays, this.#flushed, this.#filled);
    const count = this.#filled - this.#flushed;
    this.#onChunkFull(this.describe(rows, count, this.total - count));
    this.#flushed = this.#filled;
  }

  /** Makes room for a row in `arrays` and gives its place. */
  protected next(): number {
    if (this.#filled === this.#chunkRows) this.#turn();
    const place = this.#filled;
    this.#filled = place + 1;
    return place;
  }

  /** Where the newest row that is held and matches stands. */
  protected newest(matches: (arrays: Arrays, place: number) => boolean): RowPlace<Arrays> | undefined {
    for (let index = this.total - this.first - 1; index >= 0; index--) {
      const arrays = this.#chunks[Math.floor(index / this.#chunkRows)]!;
      const place = index % this.#chunkRows;
      if (matches(arrays, place)) return { arrays, place };
    }
    return undefined;
  }

  /** A row as an object with names resolved; `index` is its number. */
  protected abstract row(arrays: Arrays, place: number, index: number): Row;

  /** Arrays of `rows` rows as columns with names resolved; `first` is the number of the first. */
  protected abstract describe(arrays: Arrays, rows: number, first: number): readonly Column[];

  #turn(): void {
    this.flush();
    if (this.#chunks.length < this.#retainChunks) {
      this.arrays = this.#create(this.#chunkRows);
    } else {
      // The oldest chunk is overwritten: memory stays flat.
      this.arrays = this.#chunks.shift()!;
      this.#dropped += 1;
    }
    this.#chunks.push(this.arrays);
    this.#filled = 0;
    this.#flushed = 0;
  }
}

function sliced<Arrays extends ChunkArrays>(arrays: Arrays, from: number, to: number): Arrays {
  const entries = Object.entries(arrays).map(([name, values]) => [name, values.subarray(from, to)]);
  return Object.fromEntries(entries) as Arrays;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function invalid(what: string): Error {
  return recorderError('RECORD_OPTIONS_INVALID', `The log cannot be made: ${what}.`);
}
