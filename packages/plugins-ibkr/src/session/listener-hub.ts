import type { Logger } from '@bookrunner/sdk';
import type { TickEvent } from './tick-frames.js';

type Listener = (...values: never[]) => void;
type TickListener = (...values: readonly [number, number, number | string, boolean | undefined]) => void;

interface Entry {
  readonly listener: Listener;
  isActive: boolean;
}

/**
 * Listeners of whatever connection is open. What one throws is caught, counted and logged: it reaches neither the other listeners
 * nor the library, where it would end the process and leave the rest of what was received unread.
 */
export class ListenerHub {
  readonly #entries = new Map<string, readonly Entry[]>();
  readonly #logger: Logger;
  /** Exceptions so far. */
  faults = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** From the next event on. Returns how to stop, which holds at once. The same function may listen twice. */
  on(event: string, listener: Listener): () => void {
    const entry: Entry = { listener, isActive: true };
    this.#entries.set(event, [...(this.#entries.get(event) ?? []), entry]);
    return () => {
      entry.isActive = false;
      const rest = (this.#entries.get(event) ?? []).filter((other) => other !== entry);
      this.#entries.set(event, rest);
    };
  }

  emit(event: string, values: readonly unknown[]): void {
    const entries = this.#entries.get(event);
    if (entries === undefined) return;
    for (const entry of entries) {
      if (!entry.isActive) continue;
      try {
        entry.listener(...(values as never[]));
      } catch (error) {
        this.#caught(event, error);
      }
    }
  }

  /** As {@link emit}, without an array of values: this is the way of every tick. */
  emitTick({ event, requestId, tickType, value, canAutoExecute }: TickEvent): void {
    const entries = this.#entries.get(event);
    if (entries === undefined) return;
    for (let i = 0; i < entries.length; i += 1) {
      const { isActive, listener } = entries[i]!;
      if (!isActive) continue;
      try {
        (listener as TickListener)(requestId, tickType, value, canAutoExecute);
      } catch (error) {
        this.#caught(event, error);
      }
    }
  }

  /** Calls and catches. */
  guard(what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#caught(what, error);
    }
  }

  #caught(what: string, error: unknown): void {
    this.faults += 1;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#logger.error('A listener failed; the session goes on.', { what, faults: this.faults, error: shown });
  }
}
