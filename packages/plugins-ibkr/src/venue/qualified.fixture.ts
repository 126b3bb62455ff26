// Contracts as IB describes them, for tests of what is sent and read.
import { anInstrument } from '@bookrunner/sdk/testing';
import { SecType } from '@stoqey/ib';
import type { ContractBook, QualifiedContract } from '../contracts/qualified-contract.js';

/** A stock in dollars: steps of 0.01 below 100, of 0.05 from there on. */
export function aStock(fields: Partial<QualifiedContract> = {}): QualifiedContract {
  return {
    instrument: anInstrument({ priceStep: 0.01, lotStep: 0.0001 }),
    conId: 265_598,
    contract: { conId: 265_598, symbol: 'TEST', secType: SecType.STK, exchange: 'SMART', currency: 'USD' },
    secType: 'STK',
    priceMagnifier: 1,
    multiplier: 1,
    priceSteps: [
      { from: 0, step: 0.01 },
      { from: 100, step: 0.05 },
    ],
    minSize: 0.0001,
    sizeIncrement: 0.0001,
    timeZone: 'America/New_York',
    longName: 'TEST INC',
    ...fields,
  };
}

/** A stock in London: IB quotes pence, the model pounds. */
export function aPenceStock(): QualifiedContract {
  return aStock({
    instrument: anInstrument({ symbol: 'VOD', quote: 'GBP', priceStep: 0.0001 }),
    conId: 7_000,
    contract: { conId: 7_000, symbol: 'VOD', secType: SecType.STK, exchange: 'SMART', currency: 'GBP' },
    priceMagnifier: 100,
    priceSteps: [{ from: 0, step: 0.0001 }],
    minSize: 1,
    sizeIncrement: 1,
  });
}

/** A book in which everything is the one contract. */
export function bookOf(contract: QualifiedContract): ContractBook {
  const find = (): QualifiedContract => contract;
  return { qualify: () => Promise.resolve(contract), of: find, byConId: find, find };
}
