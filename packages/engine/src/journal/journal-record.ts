import type {
  BarValues,
  EngineNotice,
  EpochMs,
  OrderChange,
  OrderRef,
  ProtectInstruction,
  Side,
} from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { KernelEvent, TickEvent } from '../kernel/event.js';
import type { VenueFill } from '../simulated-venue/venue-listener.js';

/** An order as it left the kernel. */
export type JournalledOrder = Pick<
  OrderRecord,
  | 'sequence'
  | 'instrumentIndex'
  | 'side'
  | 'qtyScaled'
  | 'filledScaled'
  | 'orderType'
  | 'limitPrice'
  | 'stopPrice'
  | 'trail'
  | 'tif'
  | 'expiresAt'
  | 'purpose'
  | 'ocoSequence'
  | 'parentSequence'
  | 'createdTs'
  | 'decisionPrice'
  | 'tradingDay'
  | 'status'
> & {
  /** Whose order it is. */
  readonly strategy: string;
  readonly book: string;
};

/** One entry of the kernel's outbox. */
export type JournalledEntry =
  | {
      readonly kind: 'submit';
      readonly orders: readonly JournalledOrder[];
      /** Of an entry: the protection that its position is to have. */
      readonly protect?: ProtectInstruction;
    }
  | { readonly kind: 'cancel'; readonly sequence: number }
  | { readonly kind: 'query'; readonly venue: string; readonly query: number }
  | { readonly kind: 'cancel-foreign'; readonly venue: string; readonly ref: OrderRef }
  | { readonly kind: 'replace'; readonly sequence: number; readonly change: OrderChange }
  | { readonly kind: 'notify'; readonly notice: EngineNotice };

/** A liquidation by the simulated venue: orders are made for it, see `adoptLiquidation`. */
export interface JournalledLiquidation {
  readonly account: string;
  readonly instrumentIndex: number;
  readonly side: Side;
  readonly fill: VenueFill;
}

/** One thing that happened, in the order in which kernel and venue saw it. */
export type JournalRecord =
  /** A tick that the venue saw, the kernel, or the venue and at once the kernel. */
  | { readonly kind: 'tick'; readonly tick: TickEvent; readonly isForVenue: boolean; readonly isForKernel: boolean }
  /** Any other event of the kernel. */
  | { readonly kind: 'event'; readonly event: Exclude<KernelEvent, TickEvent> }
  /** What the event before it made the kernel do. */
  | { readonly kind: 'outbox'; readonly entry: JournalledEntry }
  /** The oldest request not yet handed over goes to the venue. Written, and durable, before it does. */
  | { readonly kind: 'handed'; readonly at: EpochMs }
  /** What the venue alone sees. */
  | { readonly kind: 'bar-open'; readonly instrumentIndex: number; readonly open: number; readonly at: EpochMs }
  | { readonly kind: 'bar-range'; readonly instrumentIndex: number; readonly bar: BarValues; readonly at: EpochMs }
  | { readonly kind: 'advance'; readonly at: EpochMs }
  | { readonly kind: 'liquidation'; readonly liquidation: JournalledLiquidation; readonly at: EpochMs }
  /** Bars of a symbol begin with live ticks, see `Seam`. */
  | { readonly kind: 'seam'; readonly symbol: string; readonly at: EpochMs; readonly isWhole: boolean }
  /** Nobody watched the market between the instants: prices are old, and bars under way are dropped. */
  | { readonly kind: 'gap'; readonly from: EpochMs; readonly at: EpochMs }
  /** The run ended; the hash is that of its result. */
  | { readonly kind: 'end'; readonly at: EpochMs; readonly hash: string };

/** A record and its place: 1 for the first of a run. */
export interface NumberedRecord {
  readonly sequence: number;
  readonly record: JournalRecord;
}
