// Texts that come again and again in one block: symbols, venues, words. The first time in full, then as a number.
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';

/** Later texts of a block are always written in full. */
const LARGEST = 1_024;

/** The writing side; one per block. */
export class TextTableWriter {
  readonly #places = new Map<string, number>();
  #lastText = '';
  #lastPlace = 0;

  reset(): void {
    this.#places.clear();
    this.#lastPlace = 0;
  }

  write(writer: ByteWriter, text: string): void {
    const place = this.#lastPlace > 0 && text === this.#lastText ? this.#lastPlace : this.#places.get(text);
    if (place !== undefined) {
      this.#lastText = text;
      this.#lastPlace = place;
      return writer.count(place);
    }
    writer.byte(0);
    writer.text(text);
    if (this.#places.size < LARGEST) this.#places.set(text, this.#places.size + 1);
  }
}

/** The reading side. */
export class TextTableReader {
  readonly #texts: string[] = [];

  read(reader: ByteReader): string {
    const place = reader.count();
    if (place > 0) return this.#texts[place - 1] ?? reader.fail('names a text that was not given');
    const text = reader.text();
    if (this.#texts.length < LARGEST) {
      if (this.#texts.includes(text)) reader.fail('gives a text twice');
      this.#texts.push(text);
    }
    return text;
  }

  /** One of the words a field may hold. */
  word<Word extends string>(reader: ByteReader, words: readonly Word[]): Word {
    const text = this.read(reader);
    return words.find((word) => word === text) ?? reader.fail(`holds '${text.slice(0, 40)}' where it cannot stand`);
  }
}
