// Test support: what a feed without a source has: every instrument is known, and it is always open.
import type { Feed, FeedSink, Instrument } from '@bookrunner/sdk';

/** A feed whose rows the test delivers to {@link sink}. */
export abstract class NearFeed implements Feed {
  abstract readonly capabilities: Feed['capabilities'];
  sink!: FeedSink;

  resolve(instrument: Instrument) {
    return Promise.resolve({ instrument, sourceId: instrument.symbol });
  }
  open(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  subscribe(_instruments: readonly Instrument[], sink: FeedSink) {
    this.sink = sink;
    return Promise.resolve({ close: () => Promise.resolve() });
  }
}
