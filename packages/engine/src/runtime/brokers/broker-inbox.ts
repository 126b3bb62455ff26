/** Makes one event of what has come, or nothing, at the instant it is delivered. */
export type Delivery = () => void;

/**
 * What brokers say, one thing after the other: nothing before the run has begun, nothing inside another event, and nothing ahead of
 * what came before it.
 */
export class BrokerInbox {
  readonly #onFault: (error: unknown) => void;
  #waiting: Delivery[] = [];
  #isOpen = false;
  #isClosed = false;
  /** Calls to plugins that are under way: they come out of an event, which has to end first. */
  #calls = 0;
  #isDelivering = false;
  #isScheduled = false;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Delivered before it returns where nothing is under way, else as soon as that has ended. Never throws. */
  push(delivery: Delivery): void {
    if (this.#isClosed) return;
    this.#waiting.push(delivery);
    if (!this.#isOpen || this.#isDelivering) return;
    if (this.#calls === 0 && !this.#isScheduled) this.#deliver();
    else this.#schedule();
  }

  /** Calls a plugin; what it says meanwhile waits. */
  call<Answer>(act: () => Answer): Answer {
    this.#calls += 1;
    try {
      return act();
    } finally {
      this.#calls -= 1;
    }
  }

  /** The run has begun: what has waited comes first. */
  open(): void {
    this.#isOpen = true;
    this.#deliver();
  }

  /** What comes from now on is found by the snapshots of the next run. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  /** A turn of its own, but before anything else that the event loop brings. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    this.#isDelivering = true;
    try {
      while (this.#waiting.length > 0 && !this.#isClosed) (this.#waiting.shift() as Delivery)();
    } catch (error) {
      this.close();
      this.#onFault(error);
    } finally {
      this.#isDelivering = false;
    }
  }
}
