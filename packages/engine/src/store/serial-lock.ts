/** Runs one piece of work at a time, in the order they came. */
export class SerialLock {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    // The next one starts whether this one failed or not; its caller hears of the failure.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
