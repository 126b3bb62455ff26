// Panics that were asked for and are not complete, as far as the main thread knows.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import { type HaltEntry, type HaltLatch, type HaltScope, isOpenPanic, isSameScope, scopeOf } from './halt-latch.js';

/** A panic that is not complete. */
export interface OpenPanic {
  readonly entry: HaltEntry;
  /** Whether the file HALTED has it, so that the next start carries it out. */
  readonly isLatched: boolean;
}

/** What says whether one is complete. */
const CODES: ReadonlySet<string> = new Set(['PANIC_COMPLETE', 'PANIC_REOPENED', 'PANIC_PENDING', 'PANIC_UNFINISHED']);

/** Whether a panic of everything that was asked for at an instant is over: complete, or given up. */
export function endsPanicOfAll({ code, details }: EngineNotice, askedAt: EpochMs): boolean {
  if (code === 'PANIC_COMPLETE') {
    return isSameScope(scopeOf({ args: details }), {}) && Number(details['askedAt']) >= askedAt;
  }
  return code === 'RISK_RESUMED' && details['scope'] === 'global';
}

/** Those of the latch, and those of this run that could not be written to it. */
export class OpenPanics {
  readonly #latch: HaltLatch;
  #unlatched: HaltEntry[] = [];
  /** A person was told that the run ends before they are complete. */
  #told: HaltScope[] = [];

  constructor(latch: HaltLatch) {
    this.#latch = latch;
  }

  /** One that the latch does not have. */
  addUnlatched(entry: HaltEntry): void {
    this.#unlatched = [...this.#unlatched.filter((known) => !isSameScope(known, entry)), entry];
  }

  /** Nobody waits for that of a scope any more, or the latch has it; one asked for after `askedAt` is another one. */
  forget(scope: HaltScope, askedAt: EpochMs = Number.POSITIVE_INFINITY): void {
    this.#unlatched = this.#unlatched.filter((entry) => !isSameScope(entry, scope) || entry.at > askedAt);
  }

  /** All that halts a scope by now, in the latch or not. */
  saidOf(scope: HaltScope): readonly HaltEntry[] {
    return [...this.#latch.read(), ...this.#unlatched].filter((entry) => isSameScope(entry, scope));
  }

  /** These of a scope are over; what was said of it since stays. Errors: HALT_LATCH_UNWRITABLE. */
  takeBack(scope: HaltScope, entries: readonly HaltEntry[]): void {
    const isOver = ({ level, at }: HaltEntry): boolean => entries.some((one) => one.level === level && one.at === at);
    this.#unlatched = this.#unlatched.filter((entry) => !isSameScope(entry, scope) || !isOver(entry));
    this.#latch.release(scope, isOver);
  }

  /** Writes down in the latch whether a panic is complete: a start takes back none that is not. Errors: HALT_LATCH_UNWRITABLE. */
  heard({ code, ts, details }: EngineNotice): void {
    if (!CODES.has(code)) return;
    const scope = scopeOf({ args: details });
    const askedAt = typeof details['askedAt'] === 'number' ? details['askedAt'] : undefined;
    if (code === 'PANIC_UNFINISHED') this.#told.push(scope);
    if (code === 'PANIC_COMPLETE') this.forget(scope, askedAt);
    const completeAt = code === 'PANIC_COMPLETE' ? ts : undefined;
    this.#latch.notePanic(scope, completeAt, askedAt);
  }

  /** All of them that nobody was told of. */
  untold(): readonly OpenPanic[] {
    const latched = this.#latch.read().filter(isOpenPanic);
    const all = [
      ...latched.map((entry) => ({ entry, isLatched: true })),
      ...this.#unlatched.map((entry) => ({ entry, isLatched: false })),
    ];
    return all.filter(({ entry }) => !this.#told.some((scope) => isSameScope(scope, entry)));
  }
}
