const FIRST_WORDS = 64;

/** A set of order sequences of one run, one bit each; the sequences count from 1 without large holes. */
export class SequenceSet {
  private words = new Uint32Array(FIRST_WORDS);

  /** Adds a sequence; false if it was there before. */
  add(sequence: number): boolean {
    const word = sequence >>> 5;
    const bit = 1 << (sequence & 31);
    if (word >= this.words.length) this.#grow(word + 1);
    const before = this.words[word]!;
    if ((before & bit) !== 0) return false;
    this.words[word] = before | bit;
    return true;
  }

  has(sequence: number): boolean {
    return ((this.words[sequence >>> 5] ?? 0) & (1 << (sequence & 31))) !== 0;
  }

  /** The set as ascending ranges `[first, last]`, for a saved state. */
  toRanges(): [number, number][] {
    const ranges: [number, number][] = [];
    const end = this.words.length * 32;
    for (let sequence = 0; sequence < end; sequence += 1) {
      if (!this.has(sequence)) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === sequence - 1) last[1] = sequence;
      else ranges.push([sequence, sequence]);
    }
    return ranges;
  }

  static fromRanges(ranges: readonly (readonly [number, number])[]): SequenceSet {
    const set = new SequenceSet();
    for (const [first, last] of ranges) {
      for (let sequence = first; sequence <= last; sequence += 1) set.add(sequence);
    }
    return set;
  }

  #grow(words: number): void {
    let size = this.words.length;
    while (size < words) size *= 2;
    const grown = new Uint32Array(size);
    grown.set(this.words);
    this.words = grown;
  }
}
