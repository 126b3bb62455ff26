// One cancels all: what a fill of one order leaves of the others of its group.
import type { OrderRecord } from './order-record.js';

/** What becomes of another order of the group. */
export type OcaEffect =
  | { readonly kind: 'cancel'; readonly order: OrderRecord }
  | { readonly kind: 'reduce'; readonly order: OrderRecord; readonly lots: number };

/** Cancels all: type 1. Types 2 and 3 reduce, and differ only in what a gateway that trades one by one never sees. */
const CANCEL_ALL = 1;

/**
 * Effects of a fill of `lots`. Types 2 and 3 take from each other order the share that was filled here, so that groups of unlike
 * sizes end together.
 */
export function ocaEffects(filled: OrderRecord, lots: number, live: readonly OrderRecord[]): readonly OcaEffect[] {
  const { ocaGroup, ocaType } = filled.terms;
  if (ocaGroup === '') return [];
  const others = live.filter(
    (order) => order !== filled && order.terms.ocaGroup === ocaGroup && order.account === filled.account,
  );
  return others.map((order): OcaEffect => {
    if (ocaType === CANCEL_ALL || filled.remainingLots === 0) return { kind: 'cancel', order };
    const before = filled.remainingLots + lots;
    const left = Math.floor((order.remainingLots * filled.remainingLots) / before);
    return left === 0 ? { kind: 'cancel', order } : { kind: 'reduce', order, lots: left };
  });
}
