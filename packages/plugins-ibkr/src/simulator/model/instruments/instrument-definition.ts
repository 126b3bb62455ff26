// What the simulator has to know of an instrument: enough to describe it, to trade it and to move its price.

/** A price band and its step. */
export interface PriceIncrement {
  readonly lowEdge: number;
  readonly increment: number;
}

/** An instrument of the simulator. Prices are as quoted; with a `priceMagnifier` of 100 they are pence of a pound. */
export interface InstrumentDefinition {
  readonly conId: number;
  readonly symbol: string;
  /** STK, CASH, FUT, OPT, IND, CFD, CRYPTO. */
  readonly secType: string;
  readonly currency: string;
  /** All exchanges that an order may name, SMART included where it applies; the first is the usual one. */
  readonly exchanges: readonly string[];
  readonly primaryExchange?: string;
  /** The symbol where left out. */
  readonly localSymbol?: string;
  readonly tradingClass?: string;
  readonly longName?: string;
  /** 1 where left out. */
  readonly multiplier?: number;
  /** yyyymmdd. */
  readonly expiry?: string;
  /** What follows the expiry in contract details: `08:30 US/Central`. */
  readonly expiryTime?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
  /** conId of what an option, future or CFD stands on. */
  readonly underlying?: number;
  readonly priceMagnifier?: number;
  readonly priceIncrements: readonly PriceIncrement[];
  /** Smallest order; `sizeIncrement` where left out. */
  readonly minSize?: number;
  /** 1 where left out. */
  readonly sizeIncrement?: number;
  /** A calendar of the SDK for regular hours. */
  readonly calendar: string;
  /** Hours on the wall clock outside of which nothing trades, `["04:00", "20:00"]`; the regular ones where left out. */
  readonly extendedHours?: readonly [open: string, close: string];
  /** As contract details name it: `US/Eastern`. */
  readonly timeZone: string;
  readonly startPrice: number;
  /** Ask less bid, in price steps; 2 where left out. */
  readonly spreadSteps?: number;
  /** Typical move of a minute as a share of the price; 0.0003 where left out. */
  readonly minuteVolatility?: number;
  /** Typical size of one side of a quote; 500 where left out. */
  readonly quoteSize?: number;
  /** Initial margin as a share of the value; 0.5 where left out. Maintenance is half of it. */
  readonly marginRate?: number;
  readonly industry?: string;
  readonly category?: string;
  readonly stockType?: string;
}

/** An index has a price and no market: no orders, no sizes. */
export function isTradable(instrument: InstrumentDefinition): boolean {
  return instrument.secType !== 'IND';
}

/** Step of a price. */
export function incrementAt(instrument: InstrumentDefinition, price: number): number {
  let found = instrument.priceIncrements[0]!.increment;
  for (const { lowEdge, increment } of instrument.priceIncrements) if (Math.abs(price) >= lowEdge) found = increment;
  return found;
}
