// The pulse of the engine worker, in memory both threads see. Written by its event loop and between events; the wish to stop by the main thread.
const BEATS = 0;
const PHASE = 1;
const STRATEGY = 2;
const STOP = 3;
const CELLS = 4;

/** Where a worker is, as its watchdog cares: loading and opening may take longer than a beat. */
export type BeatPhase = 'starting' | 'running';

/** One pulse. The worker writes, the main thread reads. */
export class Beat {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  /** Over memory of another thread, or new memory. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** A counter that only moves on. It wraps, so readers ask whether it differs. */
  get count(): number {
    return Atomics.load(this.#cells, BEATS);
  }
  get phase(): BeatPhase {
    return Atomics.load(this.#cells, PHASE) === 0 ? 'starting' : 'running';
  }
  /** Index of the strategy that is being called; -1 for none. */
  get strategy(): number {
    return Atomics.load(this.#cells, STRATEGY) - 1;
  }

  /** Whether the main thread wants the end: known at once, also where the worker has not looked at its messages for long. */
  get isStopAsked(): boolean {
    return Atomics.load(this.#cells, STOP) === 1;
  }

  askToStop(): void {
    Atomics.store(this.#cells, STOP, 1);
  }

  beat(): void {
    Atomics.add(this.#cells, BEATS, 1);
  }

  /** The run has begun: from here on the short limit counts. */
  run(): void {
    Atomics.store(this.#cells, PHASE, 1);
    this.beat();
  }

  enter(strategy: number): void {
    this.#cells[STRATEGY] = strategy + 1;
  }

  leave(): void {
    this.#cells[STRATEGY] = 0;
  }
}
