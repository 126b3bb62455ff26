// The configuration of many symbols: a strategy for each, one book, one account.
const strategyFolder = new URL('../../strategies/ma-cross', import.meta.url).pathname;
const feedModule = new URL('reference-feed.mjs', import.meta.url).pathname;

/** @param {readonly string[]} symbols */
export function symbolsConfig(symbols) {
  const instruments = symbols.map((symbol) => [symbol, { assetClass: 'future', quote: 'USD', priceStep: 0.25 }]);
  const strategies = symbols.map((symbol) => [
    `flip-${symbol.toLowerCase()}`,
    { use: 'ma-cross', symbols: [symbol], sizing: { use: 'fixed', options: { units: 100 } } },
  ]);
  const fees = { model: 'per-unit', amount: 0.125 };
  const config = {
    engine: { name: 'symbols' },
    plugins: [strategyFolder, feedModule],
    instruments: Object.fromEntries(instruments),
    feeds: { reference: { use: 'reference' } },
    venues: { paper: { use: 'simulated', options: { fill: 'next-open', fees } } },
    books: { MAIN: { capital: 1_000_000_000 } },
    strategies: Object.fromEntries(strategies),
    risk: {
      use: 'standard',
      options: {
        maxLeverage: 1_000,
        maxLossDayBps: 10_000,
        maxOrdersPerSecond: 1_000,
        maxOrdersPerMinute: 4_096,
        maxWorkingOrders: 1_000,
      },
    },
  };
  // JSON is YAML.
  return JSON.stringify(config, undefined, 1);
}
