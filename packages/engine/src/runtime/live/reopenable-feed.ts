import type { Feed, FeedSink, HistoryRequest, Instrument, ResolvedInstrument, Subscription } from '@bookrunner/sdk';

/** A feed as a session holds it, whichever instance it is: to be opened again it is made anew. */
export class ReopenableFeed implements Feed {
  readonly #make: () => Feed;
  #feed: Feed;
  #wasOpened = false;
  #isOpen = false;
  readonly history?: NonNullable<Feed['history']>;

  constructor(feed: Feed, make: () => Feed) {
    this.#feed = feed;
    this.#make = make;
    if (feed.history !== undefined) {
      this.history = (request: HistoryRequest) =>
        (this.#feed.history as NonNullable<Feed['history']>).call(this.#feed, request);
    }
  }

  get capabilities() {
    return this.#feed.capabilities;
  }
  async open(): Promise<void> {
    if (this.#wasOpened) this.#feed = this.#make();
    this.#wasOpened = true;
    this.#isOpen = true;
    const feed = this.#feed;
    await feed.open();
    // It took so long that it was given up meanwhile: nobody else would close it.
    if (!this.#isOpen || feed !== this.#feed) await feed.close();
  }
  close(): Promise<void> {
    this.#isOpen = false;
    return this.#feed.close();
  }
  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    return this.#feed.resolve(instrument);
  }
  subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    return this.#feed.subscribe(instruments, sink);
  }
}
