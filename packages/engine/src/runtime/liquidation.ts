import type { EpochMs } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Kernel } from '../kernel/kernel.js';
import type { VenueLiquidation } from '../simulated-venue/liquidation-listener.js';
import type { VenueFill } from '../simulated-venue/venue-listener.js';

/** One book's part of a liquidation: an order made for it, and its fill. */
export interface LiquidationPart {
  readonly order: OrderRecord;
  readonly fill: VenueFill;
}

/**
 * Shares an execution that the venue made by itself among the holdings it closed, largest first; each gets an order of purpose
 * `kill`, so that ledger, records and tags stay whole, and its strategy waits for a new answer.
 */
export function adoptLiquidation(
  kernel: Kernel,
  liquidation: VenueLiquidation,
  at: EpochMs,
): readonly LiquidationPart[] {
  const { execution } = kernel.parts;
  const { fill, side } = liquidation;
  const slots = execution.slots
    .filter((slot) => slot.account === liquidation.account && slot.instrumentIndex === liquidation.instrumentIndex)
    .filter((slot) => (side === 'sell' ? slot.heldScaled > 0 : slot.heldScaled < 0))
    .toSorted((a, b) => Math.abs(b.heldScaled) - Math.abs(a.heldScaled));
  const parts: LiquidationPart[] = [];
  const [first] = slots;
  if (first === undefined) return parts;
  const total = first.state.scaled(fill.qty);
  let left = total;
  for (const slot of slots) {
    const scaled = Math.min(left, Math.abs(slot.heldScaled));
    if (scaled === 0) break;
    left -= scaled;
    const order = execution.adopt(slot, { side, qtyScaled: scaled }, at);
    parts.push({ order, fill: shareOf(slot, fill, { scaled, total }) });
  }
  kernel.outbox.notify({
    ts: at,
    level: 'alarm',
    code: 'MARGIN_CALL',
    message: `Account ${liquidation.account}: the venue closed ${fill.qty} ${first.instrument.symbol} at ${fill.price} after a margin call.`,
    details: { account: liquidation.account, symbol: first.instrument.symbol, qty: fill.qty, price: fill.price },
  });
  return parts;
}

function shareOf(slot: TargetSlot, fill: VenueFill, part: { scaled: number; total: number }): VenueFill {
  return { ...fill, qty: slot.state.units(part.scaled), fee: (fill.fee * part.scaled) / part.total, leavesQty: 0 };
}
