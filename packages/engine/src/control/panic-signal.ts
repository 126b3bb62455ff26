// SIGUSR2: whoever may signal the process can stop the engine. Windows has no such signal; the file PANIC works there as well.

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
