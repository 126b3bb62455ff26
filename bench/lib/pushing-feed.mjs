// A live feed that pushes a quote of every symbol fifty times a second.
import { API_VERSION, definePlugin } from '@bookrunner/sdk';

const EVERY_MS = 20;
const capabilities = Object.freeze({ quotes: true });

class PushingFeed {
  capabilities = capabilities;
  #clock;
  #timer;

  constructor(clock) {
    this.#clock = clock;
  }

  resolve(instrument) {
    return Promise.resolve({ instrument, sourceId: instrument.symbol });
  }
  open() {
    return Promise.resolve();
  }
  close() {
    clearInterval(this.#timer);
    return Promise.resolve();
  }

  subscribe(instruments, sink) {
    const unknown = Number.NaN;
    this.#timer = setInterval(() => {
      for (const { symbol } of instruments) {
        const ts = this.#clock.nowUtc();
        sink.tick({
          ...{ ts, recvTs: ts, symbol, venue: 'push', bid: 100, ask: 100.01 },
          ...{ bidSize: unknown, askSize: unknown, last: unknown, size: unknown },
        });
      }
    }, EVERY_MS);
    return Promise.resolve({ close: () => this.close() });
  }
}

// oxlint-disable-next-line import/no-default-export -- the entry module of a plugin
export default definePlugin({
  id: 'pushing',
  apiVersion: API_VERSION,
  feeds: { pushing: { capabilities, create: ({ clock }) => new PushingFeed(clock) } },
});
