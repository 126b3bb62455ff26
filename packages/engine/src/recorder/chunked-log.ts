// Retained records in chunks of fixed size, row after row, so that neither growth nor garbage ever pauses a run.
import { notRetained, type Column, type RecordTable } from './record-table.js';
import { recorderError } from './recorder-errors.js';
import { Chunk, createValues, type LayoutValues, type RowLayout, widthOf } from './row-layout.js';

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

/** Where a row stands: from `numbers[at]` of a chunk on. */
export interface RowPlace {
  readonly chunk: Chunk;
  readonly at: number;
}

const DEFAULT_CHUNK_ROWS = 4096;
/** No number of a chunk has a larger index, and V8 need not check what is added to one or to its double, the index of its first half. */
const MOST = 0x1fffffff;

/**
 * What the logs have in common; a log writes its rows itself, from the index on that `next` gives it. Numbers of a row lie side by
 * side while the run goes on, because each array written to costs a check of its kind and its length; columns are made of them when
 * they are read, as the layout of a row says.
 */
export abstract class ChunkedLog<Layout extends RowLayout, Row> implements RecordTable<Row> {
  /** The chunk being filled. */
  protected chunk: Chunk;
  readonly #chunkRows: number;
  private readonly retainChunks: number;
  readonly #onChunkFull: ((columns: readonly Column[]) => void) | undefined;
  readonly #layout: Layout;
  /** The one row that is being read. */
  readonly #one: LayoutValues<Layout>;
  private readonly width: number;
  private readonly size: number;
  // Chunks held, oldest first; the last one is being filled.
  readonly #chunks: Chunk[];
  #dropped = 0;
  // Numbers in the last chunk, and those of them that were handed on.
  private filled = 0;
  #flushed = 0;

  constructor(layout: Layout, options: LogOptions = {}) {
    const chunkRows = options.chunkRows ?? DEFAULT_CHUNK_ROWS;
    const retain = options.retain ?? 'all';
    if (!isCount(chunkRows)) throw invalid(`chunkRows is ${chunkRows}`);
    if (retain !== 'all' && !isCount(retain)) throw invalid(`retain is ${retain}`);
    this.#chunkRows = chunkRows;
    this.retainChunks = retain === 'all' ? Number.POSITIVE_INFINITY : Math.ceil(retain / chunkRows) + 1;
    this.#onChunkFull = options.onChunkFull;
    this.#layout = layout;
    this.#one = createValues(layout, 1);
    this.width = widthOf(layout);
    this.size = chunkRows * this.width;
    if (this.size > MOST) throw invalid(`chunkRows is ${chunkRows}`);
    this.chunk = new Chunk(this.size);
    this.#chunks = [this.chunk];
  }

  get total(): number {
    return (this.#dropped + this.#chunks.length - 1) * this.#chunkRows + this.filled / this.width;
  }

  get first(): number {
    return this.#dropped * this.#chunkRows;
  }

  at(index: number): Row {
    const { first, total } = this;
    if (!(index >= first && index < total) || !Number.isInteger(index)) throw notRetained(index, first, total);
    const chunk = this.#chunks[Math.floor((index - first) / this.#chunkRows)]!;
    const from = ((index - first) % this.#chunkRows) * this.width;
    this.#copy(chunk, { from, to: from + this.width }, { values: this.#one, place: 0 });
    return this.row(this.#one, index);
  }

  columns(): readonly Column[] {
    const rows = this.total - this.first;
    const values = createValues(this.#layout, rows);
    this.#chunks.forEach((chunk, k) => {
      const to = chunk === this.chunk ? this.filled : this.size;
      this.#copy(chunk, { from: 0, to }, { values, place: k * this.#chunkRows });
    });
    return this.describe(values, rows, this.first);
  }

  /** Hands the rows not yet handed to `onChunkFull` to it. Call at the end of a run; more rows may follow. */
  flush(): void {
    if (this.#onChunkFull === undefined || this.filled === this.#flushed) return;
    const range = { from: this.#flushed, to: this.filled };
    const count = (range.to - range.from) / this.width;
    const values = createValues(this.#layout, count);
    this.#copy(this.chunk, range, { values, place: 0 });
    this.#onChunkFull(this.describe(values, count, this.total - count));
    this.#flushed = this.filled;
  }

  /** Makes room for a row in `chunk` and gives the index of its first number. */
  protected next(): number {
    if (this.filled === this.size) this.#turn();
    const at = this.filled;
    this.filled = at + this.width;
    return at & MOST;
  }

  /** Where the newest row that is held and matches stands. */
  protected newest(matches: (chunk: Chunk, at: number) => boolean): RowPlace | undefined {
    for (let index = this.total - this.first - 1; index >= 0; index--) {
      const chunk = this.#chunks[Math.floor(index / this.#chunkRows)]!;
      const at = (index % this.#chunkRows) * this.width;
      if (matches(chunk, at)) return { chunk, at };
    }
    return undefined;
  }

  /** The first row of the values as an object with names resolved; `index` is its number. */
  protected abstract row(values: LayoutValues<Layout>, index: number): Row;

  /** Values of `rows` rows as columns with names resolved; `first` is the number of the first. */
  protected abstract describe(values: LayoutValues<Layout>, rows: number, first: number): readonly Column[];

  /** Reads the rows in a range of a chunk's numbers, into values from a row of theirs on. */
  #copy(
    chunk: Chunk,
    range: { readonly from: number; readonly to: number },
    into: { readonly values: LayoutValues<Layout>; readonly place: number },
  ): void {
    for (const [name, field] of Object.entries(this.#layout)) {
      const values = into.values[name]!;
      let { place } = into;
      for (let at = range.from; at < range.to; at += this.width) values[place++] = field.read(chunk, at);
    }
  }

  #turn(): void {
    this.flush();
    if (this.#chunks.length < this.retainChunks) {
      this.chunk = new Chunk(this.size);
    } else {
      // The oldest chunk is overwritten: memory stays flat.
      this.chunk = this.#chunks.shift()!;
      this.#dropped += 1;
    }
    this.#chunks.push(this.chunk);
    this.filled = 0;
    this.#flushed = 0;
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function invalid(what: string): Error {
  return recorderError('RECORD_OPTIONS_INVALID', `The log cannot be made: ${what}.`);
}
