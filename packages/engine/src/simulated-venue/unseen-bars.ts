import type { Bar } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { Financing } from './financing.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { RequestQueue } from './request-queue.js';

/** Who has the bars of an instrument that the venue has not seen. */
export interface UnseenSource {
  /** The bar that ended last, where it was not seen; from now on it is. Asked before {@link showBegun}, by an order that comes. */
  showEnded(): Bar | undefined;
  /** The bar under way, where its open was not seen; from now on it is. */
  showBegun(): Bar | undefined;
}

/**
 * Recorded bars that the venue need not see: while no order rests in an instrument and none is on its way, prices are asked for by the next
 * order alone, which asks for the last ones. Not for a venue that values accounts, or whose fills take a share of volumes.
 */
export class UnseenBars {
  /** No request is on its way, and no position is financed, which is done at the prices of the day's end. */
  isCalm = true;
  private readonly slots: readonly InstrumentSlot[];
  private readonly queue: RequestQueue;
  private readonly financing: Financing;
  /** By instrument; undefined where every bar is shown. */
  private readonly sources: (UnseenSource | undefined)[];
  private isUsed = false;

  constructor(slots: readonly InstrumentSlot[], queue: RequestQueue, financing: Financing) {
    this.sources = slots.map(() => undefined);
    this.slots = slots;
    this.queue = queue;
    this.financing = financing;
  }

  /** From now on bars of an instrument are shown when asked for. */
  offer(instrumentIndex: number, source: UnseenSource): void {
    this.sources[instrumentIndex] = source;
    this.isUsed = true;
    this.refresh();
  }

  /** Whether no order rests in an instrument, so that, while {@link isCalm}, nobody looks at its bars. */
  isIdle(instrumentIndex: number): boolean {
    return this.slots[instrumentIndex]!.resting.length === 0;
  }

  /** Orders come: the venue sees what it has not seen of their instruments. */
  lookFor(orders: readonly OrderRecord[]): void {
    for (let i = 0; this.isUsed && i < orders.length; i += 1) this.#look(orders[i]!.owner.instrumentIndex);
  }

  /** Something may have become of a request or a position. */
  refresh(): void {
    if (!this.isUsed) return;
    this.isCalm =
      this.queue.nextDue === Number.POSITIVE_INFINITY && this.financing.nextRoll === Number.POSITIVE_INFINITY;
  }

  #look(instrumentIndex: number): void {
    const source = this.sources[instrumentIndex];
    const slot = this.slots[instrumentIndex];
    if (source === undefined || slot === undefined) return;
    const ended = source.showEnded();
    if (ended !== undefined) slot.pass(ended);
    const begun = source.showBegun();
    if (begun !== undefined) slot.begin(begun.open, begun.ts);
  }
}
