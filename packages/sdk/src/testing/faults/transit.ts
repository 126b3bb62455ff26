import type { Clock } from '../../interfaces/clock.js';
import type { EpochMs } from '../../model/time.js';

/** One thing on its way. */
export interface Parcel {
  /** Lets it arrive now, if it has not. */
  hurry(): void;
}

interface Entry {
  readonly dueTs: EpochMs;
  readonly sequence: number;
  readonly arrive: () => void;
  cancel: () => void;
}

/** What is on its way and arrives by the clock, or all at once when a test wants no more of waiting. */
export class Transit {
  readonly #clock: Clock;
  readonly #entries = new Set<Entry>();
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** When the last of what is on its way is due; now if nothing is. */
  get lastDueTs(): EpochMs {
    let last = this.#clock.nowUtc();
    for (const { dueTs } of this.#entries) last = Math.max(last, dueTs);
    return last;
  }

  /** Lets something arrive at an instant; what is due at one instant arrives in the order it was sent. */
  send(dueTs: EpochMs, arrive: () => void): Parcel {
    this.#sequence += 1;
    const entry: Entry = { dueTs, sequence: this.#sequence, arrive, cancel: () => {} };
    this.#entries.add(entry);
    entry.cancel = this.#clock.callAt(dueTs, () => this.#arrive(entry));
    return { hurry: () => this.#arrive(entry) };
  }

  /** Lets everything arrive now, in the order it would have come. */
  flush(): void {
    const due = [...this.#entries].toSorted((a, b) => a.dueTs - b.dueTs || a.sequence - b.sequence);
    for (const entry of due) this.#arrive(entry);
  }

  /** Forgets what is on its way. */
  clear(): void {
    for (const entry of this.#entries) entry.cancel();
    this.#entries.clear();
  }

  #arrive(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    entry.cancel();
    entry.arrive();
  }
}
