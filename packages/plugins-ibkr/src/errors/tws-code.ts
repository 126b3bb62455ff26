// What a code of TWS is to us: data, read by classify.ts and printed into docs/ibkr-codes.md.
import type { Severity } from '@bookrunner/sdk';
import type { IbkrErrorCode } from '../ibkr-errors.js';

/** What a code speaks of. */
export type TwsSubject = 'connection' | 'contract' | 'data' | 'history' | 'order' | 'account' | 'request';

/**
 * What a code does, where the request it came for is not yet known. `refuses`: whatever was asked, an order, a change or a
 * subscription, is not done. `refuses-order`: an order is dead, whether new or already working. `refuses-cancel` and
 * `refuses-modify`: the order itself is as it was. `cancels`: the order is cancelled. `ends`: a subscription or a query is over,
 * of itself. `stalls`: data stop and come again. `delays`: delayed data come instead of live ones. `no-data`: there is nothing
 * to answer. `informs`: nothing changes. `connection`: see the session.
 */
export type TwsEffect =
  | 'refuses'
  | 'refuses-order'
  | 'refuses-cancel'
  | 'refuses-modify'
  | 'cancels'
  | 'ends'
  | 'stalls'
  | 'delays'
  | 'no-data'
  | 'informs'
  | 'connection';

/** Where a row comes from: IB's list of message codes, or what was seen at real gateways. */
export type TwsSource = 'IB' | 'seen';

/** One code. */
export interface TwsCode {
  readonly code: number;
  /** What it means, in our words. */
  readonly meaning: string;
  readonly subject: TwsSubject;
  readonly effect: TwsEffect;
  readonly severity: Severity;
  /** Row of our own table; its remedy holds unless the row has its own. Empty where the code is no error. */
  readonly ours: IbkrErrorCode | '';
  readonly remedy: string;
  readonly source: TwsSource;
}

/** Codes of one subject and effect, written as `code: meaning`. */
export interface TwsCodeGroup {
  readonly subject: TwsSubject;
  readonly effect: TwsEffect;
  readonly severity: Severity;
  readonly ours: IbkrErrorCode | '';
  readonly remedy?: string;
  readonly source?: TwsSource;
  readonly codes: Readonly<Record<number, string>>;
}
