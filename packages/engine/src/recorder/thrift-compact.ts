// The part of Apache Thrift's compact protocol that Parquet metadata needs.
// Source: Thrift compact protocol specification, github.com/apache/thrift, doc/specs/thrift-compact-protocol.md, seen 2026-11-23.

/** Compact protocol type numbers. */
const TRUE = 1;
const FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const GROWTH = 2;
const FIRST_SIZE = 1024;

/** Writes fields of nested structs; field ids have to ascend inside a struct. */
export class ThriftCompactWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;
  #lastId = 0;
  readonly #outer: number[] = [];

  /** The bytes written so far, as a copy. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  i32(id: number, value: number): this {
    return this.#field(id, I32).#zigzag(value);
  }

  /** A whole number up to 2^52. */
  i64(id: number, value: number): this {
    return this.#field(id, I64).#zigzag(value);
  }

  flag(id: number, value: boolean): this {
    return this.#field(id, value ? TRUE : FALSE);
  }

  text(id: number, value: string): this {
    return this.#field(id, BINARY).#binary(value);
  }

  struct(id: number, write: () => void): this {
    this.#field(id, STRUCT);
    return this.#nested(write);
  }

  structs<Item>(id: number, items: readonly Item[], write: (item: Item) => void): this {
    this.#field(id, LIST).#listHeader(STRUCT, items.length);
    for (const item of items) this.#nested(() => write(item));
    return this;
  }

  i32s(id: number, values: readonly number[]): this {
    this.#field(id, LIST).#listHeader(I32, values.length);
    for (const value of values) this.#zigzag(value);
    return this;
  }

  texts(id: number, values: readonly string[]): this {
    this.#field(id, LIST).#listHeader(BINARY, values.length);
    for (const value of values) this.#binary(value);
    return this;
  }

  /** Ends the outermost struct. */
  end(): this {
    return this.#byte(0);
  }

  #nested(write: () => void): this {
    this.#outer.push(this.#lastId);
    this.#lastId = 0;
    write();
    this.#byte(0);
    this.#lastId = this.#outer.pop() ?? 0;
    return this;
  }

  #field(id: number, type: number): this {
    const delta = id - this.#lastId;
    this.#lastId = id;
    if (delta > 0 && delta <= 15) return this.#byte((delta << 4) | type);
    return this.#byte(type).#zigzag(id);
  }

  #listHeader(type: number, size: number): this {
    if (size < 15) return this.#byte((size << 4) | type);
    return this.#byte(0xf0 | type).#varint(size);
  }

  #binary(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    this.#varint(bytes.length).#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #zigzag(value: number): this {
    return this.#varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** Arithmetic instead of shifts: sizes and offsets pass 2^31. */
  #varint(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.#byte(rest);
  }

  #byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
    return this;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * GROWTH, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
