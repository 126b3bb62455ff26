// What both directions of the wire say of contracts. Names are those of the TWS API; an empty text is a field not given.

/** Unset numbers as the wire writes them. */
export const UNSET_DOUBLE = Number.MAX_VALUE;
export const UNSET_INTEGER = 2_147_483_647;

/** A contract as a client names it and as the gateway answers it. */
export interface WireContract {
  /** 0 where the client names the contract by its terms. */
  readonly conId: number;
  readonly symbol: string;
  /** STK, CASH, FUT, OPT, IND, CFD, CRYPTO, BAG, … */
  readonly secType: string;
  readonly lastTradeDateOrContractMonth: string;
  /** 0 for none. */
  readonly strike: number;
  /** C, P, or empty. */
  readonly right: string;
  /** Text on the wire; empty means 1. */
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** One leg of a BAG. */
export interface WireComboLeg {
  readonly conId: number;
  readonly ratio: number;
  readonly action: string;
  readonly exchange: string;
}

/** A name and its value: algorithm parameters, smart routing, security ids. */
export interface WireTag {
  readonly tag: string;
  readonly value: string;
}
