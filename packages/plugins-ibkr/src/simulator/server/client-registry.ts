import type { Timers } from './timers.js';

/** Which client ids are in use. After an unclean end an id stays in use for a while, as it does at the real gateway. */
export class ClientRegistry {
  readonly #timers: Timers;
  /** What frees a lingering id; undefined while its session lives. */
  readonly #inUse = new Map<number, (() => void) | undefined>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Takes an id; false if it is in use. */
  claim(clientId: number): boolean {
    if (this.#inUse.has(clientId)) return false;
    this.#inUse.set(clientId, undefined);
    return true;
  }

  /** Gives an id back, at once or after a while. */
  release(clientId: number, lingerMs: number): void {
    this.#inUse.get(clientId)?.();
    this.#inUse.delete(clientId);
    if (lingerMs <= 0) return;
    const cancel = this.#timers.after(lingerMs, () => this.#inUse.delete(clientId));
    this.#inUse.set(clientId, cancel);
  }

  /** Frees the ids that only linger. */
  forgetLingering(): void {
    for (const [clientId, cancel] of this.#inUse) {
      if (cancel === undefined) continue;
      cancel();
      this.#inUse.delete(clientId);
    }
  }
}
