// What the gateway's codes mean for a subscription of market data. Codes not listed end nothing: they are logged.

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

const KINDS: Readonly<Record<number, DataCodeKind>> = {
  101: 'too-many',
  102: 'duplicate-id',
  200: 'refused',
  300: 'unknown-id',
  320: 'refused',
  321: 'refused',
  322: 'duplicate-id',
  354: 'not-subscribed',
  420: 'refused',
  10089: 'not-subscribed',
  10090: 'partly-subscribed',
  10091: 'partly-subscribed',
  10167: 'advisory',
  10168: 'not-subscribed',
  10182: 'ended',
  10186: 'not-subscribed',
  10189: 'no-tick-by-tick',
  10190: 'no-tick-by-tick',
  10197: 'competing',
  10225: 'ended',
};

/** Kind of a code; undefined for one that says nothing known of a subscription. */
export function dataCodeKind(code: number): DataCodeKind | undefined {
  return KINDS[code];
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
