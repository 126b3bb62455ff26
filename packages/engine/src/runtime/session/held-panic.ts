// A panic that the parent of `--respawn` was sent: kept until a session has latched it, or latched here where no process is there to do so.
import { existsSync } from 'node:fs';
import { type EpochMs, isTradingError, nowUtc } from '@bookrunner/sdk';
import { HaltLatch } from '../../control/halt-latch.js';
import { PANIC_POLL_MS, PanicFile } from '../../control/panic-file.js';
import { PANIC_BY_SIGNAL } from '../../control/panic-signal.js';

/** One panic at a time: two that nobody has latched are the same. */
export class HeldPanic {
  #askedAt: EpochMs | undefined;
  #isHanded = false;
  #isKept = false;
  #place: string | undefined;

  /** Nobody has latched it. */
  get isOpen(): boolean {
    return this.#askedAt !== undefined;
  }

  /** It is open, or was latched here and no session has begun with that since. */
  get isLeft(): boolean {
    return this.isOpen || this.#isKept;
  }

  /** No process was started since that could begin with it: the next one is not waited for. */
  get isUrgent(): boolean {
    return this.isLeft && !this.#isHanded;
  }

  ask(): void {
    this.#askedAt = nowUtc();
    this.#isHanded = false;
  }

  /** A session has latched it. */
  forget(): void {
    this.#askedAt = undefined;
  }

  /** A process was started, which is handed it or begins with the latch where it gets so far. */
  handed(): void {
    this.#isHanded = true;
  }

  /** The data folder of the session, of which a process has told: it goes on with what is latched there, or says why not. */
  holds(dataDir: string): void {
    this.#place = dataDir;
    this.#isKept = false;
  }

  /** To be called where no process of the session is there: two would write one file. What cannot be latched stays open. */
  latch(): void {
    const at = this.#askedAt;
    if (at === undefined || this.#place === undefined || !existsSync(this.#place)) return;
    try {
      const latch = new HaltLatch(this.#place);
      if (!latch.hasPanic(at)) latch.add({ level: 'panic', ...PANIC_BY_SIGNAL, at });
      this.#askedAt = undefined;
      this.#isKept = true;
    } catch (error) {
      if (!isTradingError(error)) throw error;
    }
  }

  /** Calls back when the file PANIC is there, which the next process takes for itself; gives what ends that. */
  onFile(found: () => void): () => void {
    const place = this.#place;
    if (place === undefined) return () => {};
    const timer = setInterval(() => existsSync(PanicFile.pathIn(place)) && found(), PANIC_POLL_MS);
    return () => clearInterval(timer);
  }
}
