// Lets the event loop have its turns while events are delivered without a pause: messages, timers and signals are heard then.
const TURN_EVERY_MS = 10;
/** Events between two looks at the stopwatch. */
const LOOK_EVERY = 16;

/** Options of {@link Turns}. */
export interface TurnsOptions {
  /** Called for every event. */
  readonly beat: () => void;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
}

/** Counts events and says when to give way. */
export class Turns {
  readonly #beat: () => void;
  readonly #stopwatch: () => number;
  #events = 0;
  #last: number;

  constructor(options: TurnsOptions) {
    this.#beat = options.beat;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
    this.#last = this.#stopwatch();
  }

  /** To be called before each event; what it gives has to be awaited. */
  next(): Promise<void> | undefined {
    this.#beat();
    this.#events += 1;
    if (this.#events % LOOK_EVERY !== 0) return undefined;
    return this.#stopwatch() - this.#last < TURN_EVERY_MS ? undefined : this.#turn();
  }

  /** Time has passed in which the event loop ran. */
  rested(): void {
    this.#last = this.#stopwatch();
  }

  async #turn(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.rested();
  }
}
