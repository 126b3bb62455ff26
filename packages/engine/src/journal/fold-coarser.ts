// What cannot be said exactly at the scales that instruments have now: a broker tells coarser steps than it told the last session.
import type { Instrument } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import { type FoldScale, FoldScales } from '../kernel/fold-scale.js';
import type { Kernel } from '../kernel/kernel.js';
import { SUSPENSE, type SuspenseAccount } from '../reconciliation/suspense.js';
import { type SavedVenue, savedQuantities } from '../simulated-venue/venue-state.js';

/** A run that ended: its kernel, and its simulated venues in the order of their names. */
export interface CoarserParts {
  readonly folded: Kernel;
  readonly names: readonly string[];
  readonly venues: readonly SavedVenue[];
}

/** One sentence for each quantity and each cost that would have to be rounded; `next` are the instruments of the engine that goes on. */
export function notExact({ folded, names, venues }: CoarserParts, next: readonly Instrument[]): readonly string[] {
  const instruments = folded.setup.instruments.map(({ instrument }) => instrument);
  const scales = new FoldScales(instruments, next);
  if (scales.areSame) return [];
  const now = new Map(next.map((instrument) => [instrument.symbol, instrument]));
  const slots = folded.parts.execution.slots.flatMap((slot) => slotNotExact(slot, scales));
  const suspense = (folded.parts.reconciler?.watches ?? []).flatMap(({ accounts }) =>
    accounts.flatMap((account) => suspenseNotExact(account, scales)),
  );
  const simulated = venues.flatMap((venue, place) => venueNotExact(venue, names[place] ?? '', scales));
  return [...slots, ...suspense, ...simulated].map(({ symbol, what }) => {
    const { quantityDecimals = 0, priceDecimals = 0 } = now.get(symbol) ?? {};
    const why = `quantities of ${symbol} have at most ${quantityDecimals} decimals now, and its prices ${priceDecimals}`;
    return `${what}, and ${why}.`;
  });
}

interface NotExact {
  readonly symbol: string;
  /** What is there. */
  readonly what: string;
}

function slotNotExact(slot: TargetSlot, scales: FoldScales): readonly NotExact[] {
  const { strategy, book, instrument, position, targetScaled } = slot;
  const { symbol } = instrument;
  const scale = scales.of(symbol);
  const { qty, avgPrice } = position.holding;
  const who = `Strategy '${strategy}'`;
  const where = `in book '${book}'`;
  const orders = [...slot.entries, ...slot.protection].filter((order) => !areWhole(scale, order));
  return [
    ...(isHeldExact(slot, scale) ? [] : [`${who} holds ${qty} ${symbol} at ${avgPrice} ${where}`]),
    ...orders.map((order) => `${who} has an order for ${order.leavesQty} ${symbol} ${where}`),
    ...(strategy !== SUSPENSE || scale.isWhole(targetScaled)
      ? []
      : [`${who} is to hold ${slot.state.units(targetScaled)} ${symbol} ${where}`]),
  ].map((what) => ({ symbol, what }));
}

function isHeldExact({ position: { holding } }: TargetSlot, scale: FoldScale): boolean {
  return scale.isWhole(holding.qtyScaled) && scale.isWholeValue(BigInt(holding.save().cost));
}

function areWhole(scale: FoldScale, order: { readonly qtyScaled: number; readonly filledScaled: number }): boolean {
  return scale.isWhole(order.qtyScaled) && scale.isWhole(order.filledScaled);
}

/** What a person has decided, or is to decide. */
function suspenseNotExact(suspense: SuspenseAccount, scales: FoldScales): readonly NotExact[] {
  const { account, explained, ignored } = suspense;
  return [...explained, ...ignored].flatMap(([place, scaled]) => {
    const { state } = suspense.slotOf(place);
    const { symbol } = state.instrument;
    if (scales.of(symbol).isWhole(scaled)) return [];
    return [{ symbol, what: `Account '${account}' has ${state.units(scaled)} ${symbol} in suspense` }];
  });
}

function venueNotExact({ accounts, slots }: SavedVenue, venue: string, scales: FoldScales): readonly NotExact[] {
  const isExact = (symbol: string, qty: number): boolean => scales.of(symbol).isWhole(qty);
  return [
    ...accounts.flatMap(({ name, holdings }) =>
      holdings
        .filter(({ symbol, qty }) => !isExact(symbol, qty))
        .map(({ symbol }) => ({ symbol, what: `Account '${name}' holds ${symbol} at venue '${venue}'` })),
    ),
    ...slots
      .filter((slot) => savedQuantities(slot).some((qty) => !isExact(slot.symbol, qty)))
      .map(({ symbol }) => ({ symbol, what: `Orders for ${symbol} are at venue '${venue}'` })),
  ];
}
