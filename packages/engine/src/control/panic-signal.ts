// SIGUSR2: whoever may signal the process can stop the engine. Windows has no such signal; the file PANIC works there as well.

/** Who panics by it, and why, for a person. */
export const PANIC_BY_SIGNAL = { actor: 'signal SIGUSR2', reason: 'The process was sent SIGUSR2.' } as const;

/** Calls back at each SIGUSR2 until stopped. */
export class PanicSignal {
  readonly #onSignal: () => void;

  constructor(onSignal: () => void) {
    this.#onSignal = onSignal;
  }

  start(): void {
    if (process.platform !== 'win32') process.on('SIGUSR2', this.#onSignal);
  }

  /** From now on the signal ends the process, as it does by default. */
  stop(): void {
    process.off('SIGUSR2', this.#onSignal);
  }
}
