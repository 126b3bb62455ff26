// Column values as Parquet pages: plain numbers, dictionary-coded texts, levels for what may be missing.
// Source: Apache Parquet format, github.com/apache/parquet-format, README.md and Encodings.md, seen 2026-11-23.
import { columnLength, type Column, type NumberColumn, type TextColumn } from './record-table.js';
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
  if (column.type === 'unique-text') return plainPages(plainTexts(column.texts), column.texts.length, undefined);
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
  const entries = plainTexts(texts);
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
  const kept = present === undefined ? values : values.filter((_, row) => present[row] === 1);
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

/** Each text as its length in four bytes, then UTF-8. */
function plainTexts(texts: readonly string[]): Buffer {
  let size = 0;
  for (const text of texts) size += 4 + Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    const length = bytes.write(text, at + 4, 'utf8');
    bytes.writeUInt32LE(length, at);
    at += 4 + length;
  }
  return bytes;
}

/** Codes over the texts that occur, each text once. */
function distinct(column: TextColumn): { readonly codes: Uint32Array; readonly texts: readonly string[] } {
  const codes = new Uint32Array(column.codes.length);
  const texts: string[] = [];
  const byText = new Map<string, number>();
  const byCode = new Map<number, number>();
  for (let row = 0; row < codes.length; row += 1) {
    const given = column.codes[row]!;
    let code = byCode.get(given);
    if (code === undefined) {
      const text = column.dictionary[given] ?? '';
      code = byText.get(text) ?? texts.push(text) - 1;
      byText.set(text, code);
      byCode.set(given, code);
    }
    codes[row] = code;
  }
  return { codes, texts };
}

/** The RLE and bit-packing hybrid: one run where all values are equal, else one bit-packed run of groups of eight. */
function hybrid(values: Uint8Array | Uint32Array, width: number): Buffer {
  const first = values[0] ?? 0;
  const bytes: number[] = [];
  if (values.every((value) => value === first)) {
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
    // Multiplication instead of shifts: up to 7 pending bits and 32 new ones fit a double exactly.
    pending += values[row]! * 2 ** bits;
    bits += width;
    while (bits >= 8) {
      bytes[at] = pending % 256;
      pending = Math.floor(pending / 256);
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
function bytesOf(values: Float64Array | Int32Array | Uint32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
