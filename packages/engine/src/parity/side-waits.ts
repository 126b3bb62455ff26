// When a strategy could not send what it wanted: another strategy's order was in the way, or an order of its own had to be off first.
import type { EpochMs } from '@bookrunner/sdk';

/** What holds the orders of a strategy in a symbol up. */
export type WaitKind = 'other strategy' | 'protection' | 'entry';

/** One such span of a side. `to` is infinity while it lasts. */
export interface SideWait {
  readonly kind: WaitKind;
  readonly strategy: string;
  readonly symbol: string;
  readonly from: EpochMs;
  to: EpochMs;
  /** One sentence. */
  readonly text: string;
}

/** Collects the waits of a side, in order of time. */
export class SideWaits {
  readonly all: SideWait[] = [];
  readonly #open = new Map<string, SideWait>();

  /** One that is open already goes on. `key` tells it from others of its kind. */
  begin(key: string, wait: Omit<SideWait, 'to'>): void {
    if (this.#open.has(key)) return;
    const made = { ...wait, to: Number.POSITIVE_INFINITY };
    this.all.push(made);
    this.#open.set(key, made);
  }

  end(key: string, at: EpochMs): void {
    const open = this.#open.get(key);
    if (open !== undefined) open.to = at;
    this.#open.delete(key);
  }
}
