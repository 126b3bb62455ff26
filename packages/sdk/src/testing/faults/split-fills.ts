import type { Fill } from '../../model/fill.js';
import { decimalsOf, divideRounded, fromScaled, StepGrid, toScaled } from '../../model/rounding.js';
import type { VenueReport } from '../../model/venue-report.js';
import type { RandomSource } from '../random.js';

/** How an execution is split. */
export interface FillSplit {
  readonly parts: number;
  readonly lotStep: number;
  readonly random: RandomSource;
}

/** Fees are told to this many decimals. */
const FEE_DECIMALS = 8;

/**
 * Executions told in parts. Whether and how an execution is split is settled when it is first told, whatever tells it; then every
 * report, replay and snapshot tells the same parts, whose quantities and fees sum to the execution's.
 */
export class SplitFills {
  /** Units of the parts by execution id; an execution told whole has none. */
  readonly #parts = new Map<string, readonly number[]>();

  /** Splits an execution not yet told, at random; false where it has been told, or is too small. */
  split(fill: Fill, { parts, lotStep, random }: FillSplit): boolean {
    const grid = new StepGrid(lotStep);
    const lots = grid.toSteps(fill.qty);
    const count = Math.min(Math.trunc(parts), lots);
    if (this.#parts.has(fill.executionId) || !grid.holds(fill.qty) || count < 2) return false;
    const sizes: number[] = [];
    let left = lots;
    for (let rest = count - 1; rest >= 1; rest -= 1) {
      // Each part still to come needs a lot.
      const size = 1 + (random() % (left - rest));
      sizes.push(size);
      left -= size;
    }
    this.#parts.set(
      fill.executionId,
      [...sizes, left].map((size) => grid.toValue(size)),
    );
    return true;
  }

  /** An execution as it is told: itself, or its parts under ids of their own. */
  fillsOf(fill: Fill): readonly Fill[] {
    const quantities = this.#partsOf(fill.executionId);
    if (quantities.length === 0) return [fill];
    const fees = feesOf(fill.fee, quantities);
    return quantities.map((qty, i) => ({ ...fill, executionId: partId(fill.executionId, i), qty, fee: fees[i]! }));
  }

  /** A report as it is told: itself, or one for each part of its execution. */
  reportsOf(report: VenueReport): readonly VenueReport[] {
    switch (report.kind) {
      case 'filled':
        return this.#filled(report);
      case 'commission': {
        const quantities = this.#partsOf(report.executionId);
        if (quantities.length === 0) return [report];
        const fees = feesOf(report.fee, quantities);
        return fees.map((fee, i) => ({ ...report, executionId: partId(report.executionId, i), fee }));
      }
      case 'busted':
        return this.#partsOf(report.executionId).length === 0 ? [report] : this.#busted(report, 0);
      case 'corrected':
        return this.#corrected(report);
      default:
        return [report];
    }
  }

  #filled(report: VenueReport & { readonly kind: 'filled' }): readonly VenueReport[] {
    const fills = this.fillsOf(report.fill);
    const decimals = Math.max(decimalsOf(report.leavesQty), ...fills.map((fill) => decimalsOf(fill.qty)));
    let leaves = toScaled(report.leavesQty, decimals);
    // From the last part backwards, since what is left after the last is what is left after the whole.
    const reports = fills.toReversed().map((fill) => {
      const told = { ...report, fill, leavesQty: fromScaled(leaves, decimals) };
      leaves += toScaled(fill.qty, decimals);
      return told;
    });
    return fills[0] === report.fill ? [report] : reports.toReversed();
  }

  #busted(report: VenueReport & { readonly executionId: string }, from: number): readonly VenueReport[] {
    const { executionId, ts, clientOrderId, symbol, venueOrderId } = report;
    const base = { ts, clientOrderId, symbol, ...(venueOrderId === undefined ? {} : { venueOrderId }) };
    const rest = this.#partsOf(executionId).slice(from);
    return rest.map((_, i) => ({ ...base, kind: 'busted', executionId: partId(executionId, from + i) }));
  }

  /** The first part becomes the whole correction, the others are taken back. */
  #corrected(report: VenueReport & { readonly kind: 'corrected' }): readonly VenueReport[] {
    const { executionId, fill } = report;
    const isSplit = this.#partsOf(executionId).length > 0;
    if (!isSplit) return [report];
    const first = partId(executionId, 0);
    const busted = this.#busted(report, 1);
    const isRenamed = fill.executionId !== executionId;
    this.#parts.set(executionId, [fill.qty]);
    const corrected = isRenamed ? fill : { ...fill, executionId: first };
    return [{ ...report, executionId: first, fill: corrected }, ...busted];
  }

  /** The parts as settled; told for the first time, an execution is whole from then on. */
  #partsOf(executionId: string): readonly number[] {
    const known = this.#parts.get(executionId);
    if (known === undefined) this.#parts.set(executionId, []);
    return known ?? [];
  }
}

/** The id of one part of an execution; {@link wholeExecutionId} reads it back. */
function partId(executionId: string, index: number): string {
  return `${executionId}/part-${index + 1}`;
}

/** The venue's own execution id of a fill that a faulty venue told whole or in parts. */
export function wholeExecutionId(executionId: string): string {
  return executionId.replace(/\/part-\d+$/, '');
}

/** A fee in proportion to quantities, to the last of its decimals. */
function feesOf(fee: number, quantities: readonly number[]): readonly number[] {
  // A fee not known is known of no part.
  if (!Number.isFinite(fee)) return quantities.map(() => fee);
  const decimals = Math.max(...quantities.map(decimalsOf));
  const units = quantities.map((qty) => BigInt(toScaled(qty, decimals)));
  const total = units.reduce((sum, part) => sum + part, 0n);
  const whole = BigInt(toScaled(fee, FEE_DECIMALS));
  let told = 0n;
  let done = 0n;
  return units.map((part) => {
    done += part;
    const upTo = divideRounded(whole * done, total);
    const own = fromScaled(Number(upTo - told), FEE_DECIMALS);
    told = upTo;
    return own + 0;
  });
}
