// What the gateway's codes mean for a subscription of market data.
import { classify } from '../errors/classify.js';
import { twsCode } from '../errors/tws-codes.js';

/** What a code asks for. */
export type DataCodeKind =
  /** No live data; delayed data may be asked for. */
  | 'not-subscribed'
  /** Some of the data will not come; the rest does. */
  | 'partly-subscribed'
  /** Delayed data comes instead: only a word about it. */
  | 'advisory'
  /** Too many tick-by-tick requests, or none for this contract. */
  | 'no-tick-by-tick'
  /** Too many market-data lines. */
  | 'too-many'
  /** The id is in use: ask again with another. */
  | 'duplicate-id'
  /** Nothing is known of the id: the end of a subscription and its end at the gateway crossed. */
  | 'unknown-id'
  /** Another session of this login has the data. */
  | 'competing'
  /** The subscription is dead at the gateway. */
  | 'ended'
  /** The request is refused. */
  | 'refused';

/** What the gateway says of a subscription. */
export interface DataVerdict {
  /** Undefined for a code that is not known: it changes nothing. */
  readonly kind: DataCodeKind | undefined;
  /** Code and text. */
  readonly text: string;
}

/** Codes whose meaning for a subscription the table of TWS codes does not tell. */
const SPECIAL: Readonly<Record<number, DataCodeKind>> = {
  102: 'duplicate-id',
  300: 'unknown-id',
  322: 'duplicate-id',
  // Some exchanges of the contract are missing, none of those that make its quote.
  2152: 'advisory',
  10189: 'no-tick-by-tick',
  10190: 'no-tick-by-tick',
};

/** What a code does to a subscription. */
export function dataVerdict(code: number, message: string): DataVerdict {
  const { consequence, ours, isKnown, text } = classify(code, 'subscription', message);
  const special = SPECIAL[code];
  if (special !== undefined) return { kind: special, text };
  switch (consequence) {
    case 'data-stalled':
      return { kind: 'competing', text };
    case 'data-delayed':
      return { kind: 'advisory', text };
    case 'advisory':
      if (!isKnown) return { kind: undefined, text };
      return { kind: ours === 'IBKR_DATA_NOT_SUBSCRIBED' ? 'partly-subscribed' : 'advisory', text };
    default:
      return { kind: endingOf(code, ours), text };
  }
}

function endingOf(code: number, ours: string): DataCodeKind {
  if (twsCode(code)?.effect === 'ends') return 'ended';
  if (ours === 'IBKR_DATA_NOT_SUBSCRIBED') return 'not-subscribed';
  return ours === 'IBKR_DATA_LIMIT' ? 'too-many' : 'refused';
}

const KINDS_OF_FARM: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^cash/, ['CASH', 'CMDTY']],
  [/^crypto/, ['CRYPTO']],
  [/fut/, ['FUT', 'FOP', 'CONTFUT']],
  [/opt/, ['OPT', 'WAR', 'FOP']],
];

/** Whether a farm may carry the data of such contracts. IB publishes no list: the names tell currencies, futures and options apart. */
export function farmCarries(farm: string, secType: string): boolean {
  const special = KINDS_OF_FARM.find(([name]) => name.test(farm));
  return special === undefined ? !['CASH', 'CRYPTO'].includes(secType) : special[1].includes(secType);
}
