// What the suites trade: instruments that every simulator, and every login at IB, knows.
import { defineInstrument } from '@bookrunner/sdk';

const STOCK = { assetClass: 'equity', quote: 'USD', priceStep: 0.01, calendar: 'XNAS' } as const;
const SMART = { venues: { ib: { exchange: 'SMART' } } } as const;

export const AAPL = defineInstrument({ symbol: 'AAPL', ...STOCK, ...SMART });
export const MSFT = defineInstrument({ symbol: 'MSFT', ...STOCK, ...SMART });
export const EURUSD = defineInstrument({
  ...{ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.000_05, lotStep: 1 },
  ...{ calendar: '24x5', venues: { ib: { secType: 'CASH' } } },
});
/** Fifty dollars a point: IB's average cost is that of the contract. */
export const ES = defineInstrument({
  ...{ symbol: 'ES', assetClass: 'future', quote: 'USD', priceStep: 0.25, pointValue: 50, calendar: 'CMES' },
  venues: { ib: { exchange: 'CME', expiry: '201406' } },
});
/** Quoted in pence, counted in pounds. */
export const VOD = defineInstrument({
  ...{ symbol: 'VOD', assetClass: 'equity', quote: 'GBP', priceStep: 0.0001, calendar: 'XLON' },
  venues: { ib: { exchange: 'SMART', primary: 'LSE' } },
});
