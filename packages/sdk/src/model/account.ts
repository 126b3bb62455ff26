import type { Currency } from './instrument.js';
import type { EpochMs } from './time.js';

/** What an account is worth, in its currency. */
export interface AccountState {
  readonly ts: EpochMs;
  readonly account: string;
  readonly currency: Currency;
  readonly equity: number;
  readonly cash: number;
  readonly margin: number;
  readonly buyingPower: number;
}
