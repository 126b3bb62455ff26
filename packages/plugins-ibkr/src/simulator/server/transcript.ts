import type { EpochMs } from '@bookrunner/sdk';

/** One message that went over the wire. */
export interface TranscriptEntry {
  readonly ts: EpochMs;
  /** `in` from a client, `out` to it. */
  readonly direction: 'in' | 'out';
  /** Counts connections from 1 on, over the life of the simulator. */
  readonly connection: number;
  /** Undefined before the client has said it. */
  readonly clientId: number | undefined;
  readonly fields: readonly string[];
}

/** The last messages of all connections, in order. Bounded by entries and by fields, so that history cannot fill the memory. */
export class Transcript {
  readonly #maxEntries: number;
  readonly #maxFields: number;
  #entries: TranscriptEntry[] = [];
  /** Entries in front that count as gone: removing them one by one would copy the rest each time. */
  #gone = 0;
  #fields = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
    this.#maxFields = maxEntries * 64;
  }

  /** What is kept, oldest first. */
  get entries(): readonly TranscriptEntry[] {
    return this.#entries.slice(this.#gone);
  }

  add(entry: TranscriptEntry): void {
    this.#entries.push(entry);
    this.#fields += entry.fields.length;
    while (this.#isOver()) {
      this.#fields -= this.#entries[this.#gone]?.fields.length ?? 0;
      this.#gone += 1;
    }
    if (this.#gone <= this.#maxEntries) return;
    this.#entries = this.#entries.slice(this.#gone);
    this.#gone = 0;
  }

  clear(): void {
    this.#entries = [];
    this.#gone = 0;
    this.#fields = 0;
  }

  #isOver(): boolean {
    const size = this.#entries.length - this.#gone;
    return size > this.#maxEntries || (size > 1 && this.#fields > this.#maxFields);
  }
}
