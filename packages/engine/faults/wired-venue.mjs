// A venue as an engine has it: at the other end of a wire.

const passes = Promise.resolve();

/** A venue behind a wire: calls arrive when whatever they come out of has ended. Remembers which order ids were handed to it. */
export class WiredVenue {
  #onStatus;
  #onOpen;
  #submitted = new Set();
  /** Ids that were handed over more than once. */
  twice = [];

  constructor(inner, { onStatus, onOpen } = {}) {
    this.inner = inner;
    this.#onStatus = onStatus;
    this.#onOpen = onOpen;
  }
  get capabilities() {
    return this.inner.capabilities;
  }
  async open(sink) {
    const status = (said) => {
      this.#onStatus?.(said);
      sink.status(said);
    };
    const { report, account, heartbeat } = sink;
    await this.inner.open({
      status,
      report: report.bind(sink),
      account: account.bind(sink),
      heartbeat: heartbeat.bind(sink),
    });
    this.#onOpen?.();
  }
  close() {
    return this.inner.close();
  }
  async submit(group) {
    await passes;
    for (const { clientOrderId } of group) {
      if (this.#submitted.has(clientOrderId)) this.twice.push(clientOrderId);
      this.#submitted.add(clientOrderId);
    }
    return this.inner.submit(group);
  }
  async cancel(ref) {
    await passes;
    return this.inner.cancel(ref);
  }
  async replace(ref, change) {
    await passes;
    return this.inner.replace(ref, change);
  }
  async snapshot() {
    await passes;
    return this.inner.snapshot();
  }
}
