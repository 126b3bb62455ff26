import { type AssetClass, defineInstrument, type Instrument } from '@bookrunner/sdk';

const CURRENCY_EXCHANGES = new Set(['IDEALPRO', 'FXCONV']);
const CRYPTO_EXCHANGES = new Set(['PAXOS', 'ZEROHASH']);
/** Exchanges that list futures and no stocks. */
const FUTURES_EXCHANGES = new Set([
  ...['CME', 'CBOT', 'NYMEX', 'COMEX', 'CFE', 'EUREX', 'ICEEU', 'ICEEUSOFT', 'NYBOT', 'IPE', 'OSE.JPN', 'HKFE', 'SNFE'],
  ...['SGX', 'MATIF', 'MONEP', 'FTA', 'IDEM', 'MEFFRV', 'CDE', 'KSE', 'GLOBEX', 'ECBOT'],
]);

/** What a contract is named by outside of engine.yaml. */
export interface ContractName {
  /** `AAPL`, `EURUSD` or `EUR.USD`, `ESU6` (the local symbol of a future), `BTC`. */
  readonly symbol: string;
  /** Tells the kind: `IDEALPRO` a currency pair, `CME` a future, `PAXOS` crypto, any other a stock. */
  readonly exchange: string;
  readonly currency: string;
}

/** An instrument of that name, whose terms IB has to complete. `venue` is the name its block is read under. */
export function namedInstrument({ symbol, exchange, currency }: ContractName, venue: string): Instrument {
  const assetClass = assetClassOf(exchange);
  const name = assetClass === 'future' ? { localSymbol: symbol } : { symbol };
  return defineInstrument({
    ...{ symbol, assetClass, exchange, quote: currency, priceDecimals: 8 },
    venues: { [venue]: { ...name, exchange, currency } },
  });
}

function assetClassOf(exchange: string): AssetClass {
  if (CURRENCY_EXCHANGES.has(exchange)) return 'fx';
  if (CRYPTO_EXCHANGES.has(exchange)) return 'crypto';
  return FUTURES_EXCHANGES.has(exchange) ? 'future' : 'equity';
}
