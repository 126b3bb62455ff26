import { IBKR_ERRORS } from '../ibkr-errors.js';
import { CONNECTION_CODES } from './connection-codes.js';
import { DATA_CODES } from './data-codes.js';
import { ORDER_CODES } from './order-codes.js';
import type { TwsCode, TwsCodeGroup } from './tws-code.js';

/** All codes, ascending. IB's list: https://interactivebrokers.github.io/tws-api/message_codes.html, seen 2026-11-28. */
export const TWS_CODES: readonly TwsCode[] = Object.freeze(
  [...CONNECTION_CODES, ...DATA_CODES, ...ORDER_CODES].flatMap(rowsOf).toSorted((a, b) => a.code - b.code),
);

const BY_CODE: ReadonlyMap<number, TwsCode> = new Map(TWS_CODES.map((row) => [row.code, row]));

/** The row of a code; undefined where it is not known. */
export function twsCode(code: number): TwsCode | undefined {
  return BY_CODE.get(code);
}

function rowsOf({ codes, remedy, source = 'IB', ...group }: TwsCodeGroup): readonly TwsCode[] {
  const advice = remedy ?? (group.ours === '' ? 'Nothing.' : IBKR_ERRORS[group.ours].remedy);
  return Object.entries(codes).map(([code, meaning]) =>
    Object.freeze({ code: Number(code), meaning, ...group, remedy: advice, source }),
  );
}
