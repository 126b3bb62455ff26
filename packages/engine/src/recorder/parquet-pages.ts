// Column values as Parquet pages: plain numbers, dictionary-coded texts, levels for what may be missing.
// Source: Apache Parquet format, github.com/apache/parquet-format, README.md and Encodings.md, seen 2026-11-23.
import {
  columnLength,
  uniqueTextColumn,
  type Column,
  type NumberColumn,
  type TextColumn,
  type UniqueTextColumn,
} from './record-table.js';
import { ThriftCompactWriter } from './thrift-compact.js';

/** Parquet encodings used here. */
export const PLAIN = 0;
export const RLE = 3;
export const RLE_DICTIONARY = 8;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const TWO_POW_32 = 2 ** 32;

/** One column of a row group as the bytes of its pages. */
export interface ColumnPages {
  /** Pages in file order: a dictionary page where there is one, then the data page, headers included. */
  readonly buffers: readonly Buffer[];
  /** Bytes of the dictionary page with its header; 0 without one. */
  readonly dictionaryBytes: number;
  readonly totalBytes: number;
  readonly encodings: readonly number[];
  readonly values: number;
}

/** Encodes the values of a column for one row group. */
export function encodeColumn(column: Column): ColumnPages {
  if (column.type === 'text') return dictionaryPages(column);
  if (column.type === 'unique-text') return plainPages(plainBytes(column), columnLength(column), undefined);
  const present = column.optional === true ? presence(column.values) : undefined;
  return plainPages(plainNumbers(column, present), columnLength(column), present);
}

function plainPages(data: Buffer, values: number, present: Uint8Array | undefined): ColumnPages {
  const levels = present === undefined ? [] : [withLength(hybrid(present, 1))];
  const page = dataPage([...levels, data], values, PLAIN);
  return {
    buffers: page,
    dictionaryBytes: 0,
    totalBytes: sizeOf(page),
    encodings: present === undefined ? [PLAIN] : [PLAIN, RLE],
    values,
  };
}

function dictionaryPages(column: TextColumn): ColumnPages {
  const { codes, texts } = distinct(column);
  const entries = plainBytes(uniqueTextColumn(column.name, texts));
  const header = new ThriftCompactWriter().i32(1, DICTIONARY_PAGE).i32(2, entries.length).i32(3, entries.length);
  header.struct(7, () => header.i32(1, texts.length).i32(2, PLAIN));
  const dictionary = [header.end().bytes(), entries];
  const width = texts.length <= 1 ? 0 : Math.ceil(Math.log2(texts.length));
  const page = dataPage([Buffer.of(width), hybrid(codes, width)], codes.length, RLE_DICTIONARY);
  return {
    buffers: [...dictionary, ...page],
    dictionaryBytes: sizeOf(dictionary),
    totalBytes: sizeOf(dictionary) + sizeOf(page),
    encodings: [PLAIN, RLE_DICTIONARY],
    values: codes.length,
  };
}

function dataPage(parts: readonly Buffer[], values: number, encoding: number): readonly Buffer[] {
  const size = sizeOf(parts);
  const header = new ThriftCompactWriter().i32(1, DATA_PAGE).i32(2, size).i32(3, size);
  header.struct(5, () => header.i32(1, values).i32(2, encoding).i32(3, RLE).i32(4, RLE));
  return [header.end().bytes(), ...parts];
}

/** 1 where a value is there, 0 where NaN says "none". */
function presence(values: Float64Array | Int32Array): Uint8Array {
  const present = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row += 1) present[row] = Number.isNaN(values[row]!) ? 0 : 1;
  return present;
}

/** Little-endian numbers one after the other; what is not present takes no place. */
function plainNumbers(column: NumberColumn, present: Uint8Array | undefined): Buffer {
  const { values, type } = column;
  const kept = present === undefined ? values : keep(values, present);
  if (type === 'int32') return bytesOf(kept instanceof Int32Array ? kept : Int32Array.from(kept));
  if (type === 'double') return bytesOf(kept instanceof Float64Array ? kept : Float64Array.from(kept));
  // Two halves instead of a BigInt per value; the high one keeps the sign.
  const halves = new Uint32Array(kept.length * 2);
  for (let row = 0; row < kept.length; row += 1) {
    const whole = Math.trunc(kept[row]!);
    const high = Math.floor(whole / TWO_POW_32);
    halves[2 * row] = whole - high * TWO_POW_32;
    halves[2 * row + 1] = high;
  }
  return bytesOf(halves);
}

function keep(values: Float64Array | Int32Array, present: Uint8Array): Float64Array {
  const kept = new Float64Array(values.length);
  let length = 0;
  for (let row = 0; row < values.length; row += 1) {
    if (present[row] === 1) {
      kept[length] = values[row]!;
      length += 1;
    }
  }
  return kept.subarray(0, length);
}

/** Each text as its length in four bytes, then UTF-8. */
function plainBytes(column: UniqueTextColumn): Buffer {
  const { bytes, offsets } = column;
  const rows = offsets.length - 1;
  const plain = Buffer.allocUnsafe(4 * rows + offsets[rows]! - offsets[0]!);
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    const end = offsets[row + 1]!;
    let from = offsets[row]!;
    const length = end - from;
    plain[at] = length & 0xff;
    plain[at + 1] = (length >>> 8) & 0xff;
    plain[at + 2] = (length >>> 16) & 0xff;
    plain[at + 3] = length >>> 24;
    at += 4;
    // Texts are short: a loop beats a call that copies.
    for (; from < end; from += 1, at += 1) plain[at] = bytes[from]!;
  }
  return plain;
}

/** Codes over the texts that occur, each text once. */
function distinct(column: TextColumn): { readonly codes: Uint32Array; readonly texts: readonly string[] } {
  const { codes: given, dictionary } = column;
  const codes = new Uint32Array(given.length);
  // Most columns say the same in every row; all their codes are 0.
  if (isConstant(given)) return { codes, texts: given.length === 0 ? [] : [dictionary[given[0]!] ?? ''] };
  const texts: string[] = [];
  const byText = new Map<string, number>();
  const size = dictionary.length;
  // New code by given code; the last place is for codes that name nothing.
  const byCode = new Int32Array(size + 1).fill(-1);
  for (let row = 0; row < codes.length; row += 1) {
    const place = given[row]! >= 0 && given[row]! < size ? given[row]! : size;
    let code = byCode[place]!;
    if (code < 0) {
      const text = dictionary[place] ?? '';
      code = byText.get(text) ?? texts.push(text) - 1;
      byText.set(text, code);
      byCode[place] = code;
    }
    codes[row] = code;
  }
  return { codes, texts };
}

/** Whether all values are equal. */
function isConstant(values: Int32Array | Uint8Array | Uint32Array): boolean {
  if (values.length < 2) return true;
  // They are where the bytes equal themselves moved by one value, and that is one native comparison.
  const bytes = bytesOf(values);
  const width = values.BYTES_PER_ELEMENT;
  return bytes.subarray(width).equals(bytes.subarray(0, -width));
}

/** The RLE and bit-packing hybrid: one run where all values are equal, else one bit-packed run of groups of eight. */
function hybrid(values: Uint8Array | Uint32Array, width: number): Buffer {
  const first = values[0] ?? 0;
  const bytes: number[] = [];
  if (isConstant(values)) {
    varint(values.length * 2, bytes);
    for (let shift = 0; shift < width; shift += 8) bytes.push((first >>> shift) & 0xff);
    return Buffer.from(bytes);
  }
  const groups = Math.ceil(values.length / 8);
  varint(groups * 2 + 1, bytes);
  return Buffer.concat([Buffer.from(bytes), packed(values, width, groups)]);
}

/** Values of `width` bits, least significant bit first, padded with zeros to whole groups of eight. */
function packed(values: Uint8Array | Uint32Array, width: number, groups: number): Buffer {
  const bytes = Buffer.alloc(groups * width);
  let at = 0;
  let pending = 0;
  let bits = 0;
  for (let row = 0; row < values.length; row += 1) {
    // At most 7 bits are pending and 24 are new, which fits a small integer.
    pending |= values[row]! << bits;
    bits += width;
    while (bits >= 8) {
      bytes[at] = pending & 0xff;
      pending >>>= 8;
      at += 1;
      bits -= 8;
    }
  }
  if (bits > 0) bytes[at] = pending;
  return bytes;
}

function varint(value: number, into: number[]): void {
  let rest = value;
  while (rest >= 0x80) {
    into.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  into.push(rest);
}

/** Levels of a data page carry their length in four bytes. */
function withLength(bytes: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The bytes of an array as they lie in memory, without a copy; little-endian on every platform Node supports. */
function bytesOf(values: Float64Array | Int32Array | Uint32Array | Uint8Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
