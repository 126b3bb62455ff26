// What a code that came for a request does to it.
import type { Severity } from '@bookrunner/sdk';
import { IBKR_ERRORS } from '../ibkr-errors.js';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import { tidyText } from './tidy-text.js';
import type { TwsCode, TwsEffect } from './tws-code.js';
import { twsCode } from './tws-codes.js';

/**
 * What the id of an error stands for. A `working-order` has been accepted and waits for no answer; with `modify` and `cancel`
 * one is waited for. `session`: id -1.
 */
export type Concern =
  | 'new-order'
  | 'working-order'
  | 'modify'
  | 'cancel'
  | 'subscription'
  | 'history'
  | 'contract'
  | 'account'
  | 'session';

/**
 * What it does. `order-rejected` and `order-cancelled`: the order is dead. `modify-failed` and `cancel-failed`: the order is what it
 * was, which is to be asked for. `ask-order`: something was refused, and nobody can tell what without asking. `request-failed`:
 * no answer will come. `no-data`: the answer is empty. `subscription-ended`: no more data under this id. `data-stalled`: data stop
 * and come again by themselves. `data-delayed`: delayed ones come. `advisory`: nothing changes.
 */
export type Consequence =
  | 'order-rejected'
  | 'order-cancelled'
  | 'modify-failed'
  | 'cancel-failed'
  | 'ask-order'
  | 'request-failed'
  | 'no-data'
  | 'subscription-ended'
  | 'data-stalled'
  | 'data-delayed'
  | 'advisory';

/** Verdict on one error. */
export interface Verdict {
  readonly consequence: Consequence;
  /** Row of our table; empty where the code is no error, or is not known. */
  readonly ours: IbkrErrorCode | '';
  readonly severity: Severity;
  /** Code and what the gateway says, tidied. */
  readonly text: string;
  readonly remedy: string;
  readonly isKnown: boolean;
}

/** Of one request that was refused. */
const REFUSED: Readonly<Record<Concern, Consequence>> = {
  'new-order': 'order-rejected',
  'working-order': 'ask-order',
  modify: 'modify-failed',
  cancel: 'cancel-failed',
  subscription: 'subscription-ended',
  history: 'request-failed',
  contract: 'request-failed',
  account: 'request-failed',
  session: 'advisory',
};

const ORDERS: ReadonlySet<Concern> = new Set(['new-order', 'working-order', 'modify', 'cancel']);
const isOrder = (concern: Concern): boolean => ORDERS.has(concern);

/**
 * What an error does. A code that is not in the table does nothing but say what it says: it never ends an order, whatever it is,
 * and comes as a warning.
 */
export function classify(code: number, concern: Concern, message: string): Verdict {
  const said = tidyText(message);
  const text = said === '' ? `TWS ${code}` : `TWS ${code}: ${said}`;
  const row = twsCode(code);
  if (row === undefined) {
    const remedy = 'Read what the gateway says; this code is not known here and changes nothing.';
    return { consequence: 'advisory', ours: '', severity: 'retryable', text, remedy, isKnown: false };
  }
  const refined = refine(row, concern, said);
  const { ours, severity } = refined;
  return {
    consequence: CONSEQUENCES[refined.effect](concern),
    ours,
    severity,
    text,
    remedy: refined.remedy,
    isKnown: true,
  };
}

/** Codes that say several things, told apart by their text. */
function refine(row: TwsCode, concern: Concern, said: string): TwsCode {
  if (row.code === 321 && /read[- ]?only/i.test(said)) return withOurs(row, 'IBKR_READ_ONLY');
  if (row.subject === 'history') return refineHistory(row, said);
  if (row.code === 200 && isOrder(concern)) return withOurs(row, 'IBKR_ORDER_REFUSED');
  if (row.code === 200 && /ambiguous/i.test(said)) return withOurs(row, 'IBKR_CONTRACT_AMBIGUOUS');
  if (row.subject === 'request' && row.ours === 'IBKR_ORDER_REFUSED' && !isOrder(concern)) {
    return { ...row, ours: concern === 'history' ? 'IBKR_HISTORY_FAILED' : 'IBKR_NO_ANSWER' };
  }
  return row;
}

function refineHistory(row: TwsCode, said: string): TwsCode {
  if (/pacing violation/i.test(said)) return withOurs(row, 'IBKR_HISTORY_PACING');
  if (/query cancell?ed/i.test(said)) return { ...row, effect: 'informs', ours: '' };
  if (/no data|no historical data/i.test(said)) return { ...row, effect: 'no-data', ours: '' };
  if (/permission|subscri/i.test(said)) return withOurs(row, 'IBKR_DATA_NOT_SUBSCRIBED');
  return row;
}

function withOurs(row: TwsCode, ours: IbkrErrorCode): TwsCode {
  const { severity, remedy } = IBKR_ERRORS[ours];
  return { ...row, ours, severity, remedy };
}

const CONSEQUENCES: Readonly<Record<TwsEffect, (concern: Concern) => Consequence>> = {
  refuses: (concern) => REFUSED[concern],
  'refuses-order': orderRefused,
  // A second cancel may be refused after the first: it says nothing of an order that nobody has answered for yet.
  'refuses-cancel': () => 'cancel-failed',
  'refuses-modify': () => 'modify-failed',
  cancels: (concern) => (isOrder(concern) ? 'order-cancelled' : 'advisory'),
  ends: (concern) => (concern === 'subscription' ? 'subscription-ended' : 'request-failed'),
  stalls: (concern) => (concern === 'subscription' ? 'data-stalled' : 'advisory'),
  delays: () => 'data-delayed',
  'no-data': () => 'no-data',
  informs: () => 'advisory',
  connection: () => 'advisory',
};

/** A change that is rejected with these may have ended the order or only the change. */
function orderRefused(concern: Concern): Consequence {
  if (concern === 'modify' || concern === 'cancel') return 'ask-order';
  return concern === 'working-order' ? 'order-rejected' : REFUSED[concern];
}
