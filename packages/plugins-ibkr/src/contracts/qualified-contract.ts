// An instrument as IB knows it, asked once and kept.
import type { Instrument, PriceStepRow } from '@bookrunner/sdk';
import type { Contract } from '@stoqey/ib';

/** What is known of an instrument at IB. */
export interface QualifiedContract {
  readonly instrument: Instrument;
  readonly conId: number;
  /** With conId and exchange: what requests and orders carry. */
  readonly contract: Contract;
  readonly secType: string;
  /** IB's prices divided by this are in the quote currency (pence, cents). 1 for most. */
  readonly priceMagnifier: number;
  /** Money of a price move of 1.0 on quantity 1; 1 for stocks and FX. */
  readonly multiplier: number;
  /** By price, of the exchange orders go to. */
  readonly priceSteps: readonly PriceStepRow[];
  readonly minSize: number;
  readonly sizeIncrement: number;
  /** IANA name; what bars and hours are dated in. */
  readonly timeZone: string;
  readonly longName: string;
}

/** All instruments of one user of a session. */
export interface ContractBook {
  /** Asks the gateway once; errors: IBKR_CONTRACT_NOT_FOUND, IBKR_CONTRACT_AMBIGUOUS, IBKR_CONTRACT_TERMS, IBKR_NO_ANSWER. */
  qualify(instrument: Instrument): Promise<QualifiedContract>;
  /** What was qualified already. */
  of(symbol: string): QualifiedContract | undefined;
  byConId(conId: number): QualifiedContract | undefined;
  /** Known instrument whose contract this is; by conId, else by terms. Undefined for what engine.yaml does not name. */
  find(contract: Contract): QualifiedContract | undefined;
}
