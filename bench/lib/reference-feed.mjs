// The feed of the benchmarks: a plugin that engine.yaml names like any other, over data that the workload has put up.
import { API_VERSION, definePlugin } from '@bookrunner/sdk';

/**
 * @typedef {object} ReferenceStream
 * @property {import('@bookrunner/sdk').BarSpec} [spec] absent for ticks
 * @property {() => Iterable<import('@bookrunner/sdk').HistoryBlock>} blocks starts anew at each call
 */

/** @type {Map<string, ReferenceStream>} */
const streams = new Map();

export const ONE_MINUTE = Object.freeze({ use: 'time', options: Object.freeze({ seconds: 60 }) });

/**
 * Puts up the data of a symbol.
 * @param {string} symbol
 * @param {ReferenceStream} stream
 */
export function provide(symbol, stream) {
  streams.set(symbol, stream);
}

const capabilities = Object.freeze({ quotes: true, barSeconds: Object.freeze([60]), finite: true });

/** A feed that can be read and not subscribed to. */
class ReferenceFeed {
  capabilities = capabilities;

  resolve(instrument) {
    return Promise.resolve({ instrument, sourceId: instrument.symbol });
  }
  open() {
    return Promise.resolve();
  }
  close() {
    return Promise.resolve();
  }
  subscribe() {
    return Promise.reject(new Error('The reference feed can only be read.'));
  }

  *read(instruments) {
    for (const { symbol } of instruments) {
      const { spec, blocks } = streams.get(symbol);
      yield { symbol, ...(spec === undefined ? {} : { spec }), blocks: blocks() };
    }
  }
}

// oxlint-disable-next-line import/no-default-export -- the entry module of a plugin
export default definePlugin({
  id: 'reference',
  apiVersion: API_VERSION,
  feeds: { reference: { capabilities, create: () => new ReferenceFeed() } },
});
