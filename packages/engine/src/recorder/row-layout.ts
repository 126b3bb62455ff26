// How the fields of a row share its numbers, so that a log takes as few bytes as what it says needs.

/** The values of a field in many rows. */
export type FieldValues = Float64Array | Int32Array | Uint8Array;

/** Rows of a log, one after the other: as numbers, and the same bytes as whole numbers of 32 bits, two to a number. */
export class Chunk {
  readonly numbers: Float64Array;
  readonly halves: Int32Array;

  /** Room for so many numbers. */
  constructor(size: number) {
    this.numbers = new Float64Array(size);
    this.halves = new Int32Array(this.numbers.buffer);
  }
}

/** Bits of a half: how far up they begin, and what of it they are then. */
export interface BitRange {
  readonly shift: number;
  readonly mask: number;
}

/** Where a field of a row lies and what its values are kept in once they are read. A log writes its fields itself. */
export interface RowField<Values extends FieldValues> {
  /** Which of the row's numbers it lies in. */
  readonly number: number;
  readonly create: (rows: number) => Values;
  /** Its value in the row that begins at a number of a chunk. */
  readonly read: (chunk: Chunk, at: number) => number;
}

/** All fields of a row by name. */
export type RowLayout = Readonly<Record<string, RowField<FieldValues>>>;

/** The values of rows by field, equally long. */
export type LayoutValues<Layout extends RowLayout> = {
  readonly [Name in keyof Layout]: ReturnType<Layout[Name]['create']>;
};

/** A number of a row. */
export function numberAt(number: number): RowField<Float64Array> {
  return { number, create: createNumbers, read: ({ numbers }, at) => numbers[at + number]! };
}

/** A number of a row without its sign. */
export function sizeAt(number: number): RowField<Float64Array> {
  return { number, create: createNumbers, read: ({ numbers }, at) => Math.abs(numbers[at + number]!) };
}

/** The sign of a number of a row: 0 from 0 up, 1 for all else. */
export function signAt(number: number): RowField<Uint8Array> {
  return { number, create: createCodes, read: ({ numbers }, at) => (numbers[at + number]! >= 0 ? 0 : 1) };
}

/** A whole number of 32 bits in a half of a row, or what of it lies above so many bits. */
export function halfAt(half: number, shift = 0): RowField<Int32Array> {
  return {
    number: half >> 1,
    create: (rows) => new Int32Array(rows),
    read: ({ halves }, at) => halves[at * 2 + half]! >> shift,
  };
}

/** A code in some bits of a half of a row. */
export function bitsAt(half: number, { shift, mask }: BitRange): RowField<Uint8Array> {
  return {
    number: half >> 1,
    create: createCodes,
    read: ({ halves }, at) => (halves[at * 2 + half]! >> shift) & mask,
  };
}

/** How many numbers a row has. */
export function widthOf(layout: RowLayout): number {
  return Math.max(...Object.values(layout).map((field) => field.number)) + 1;
}

/** Room for the values of so many rows. */
export function createValues<Layout extends RowLayout>(layout: Layout, rows: number): LayoutValues<Layout> {
  const entries = Object.entries(layout).map(([name, field]) => [name, field.create(rows)] as const);
  return Object.fromEntries(entries) as LayoutValues<Layout>;
}

function createNumbers(rows: number): Float64Array {
  return new Float64Array(rows);
}

function createCodes(rows: number): Uint8Array {
  return new Uint8Array(rows);
}
