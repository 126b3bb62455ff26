import type { EpochMs, Instrument, ProtectInstruction, TimeInForce } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Book, Position } from '../portfolio/book.js';
import type { Holding } from '../portfolio/holding.js';
import { objectList } from '../numbers/object-list.js';
import { HOLD } from './hold.js';
import type { OrderOwner, OrderRecord } from './order-record.js';
import type { OrderRateCounter } from './order-rate-counter.js';
import type { GuardedScope } from './guarded-scope.js';
import { Wish } from './wish.js';

/** A wait for another strategy's order. */
export interface SelfTradeWait {
  readonly since: EpochMs;
  /** Whose order is in the way. */
  readonly strategy: string;
  readonly isToldAgain: boolean;
}

/** What a sum begins as whose field is a double for V8 from the first slot on: else that field, and the class of all slots, changes at the first order. */
const DOUBLE = 0.5;

/** From here on doubles have no fractions finer than a half, and rounding is not the same for both sides. */
const FINE = 2 ** 51;

/** Place of the strategy's scope among those of a slot. */
export const STRATEGY = 0;

/**
 * What one strategy wants in one instrument and what is under way to get it: the target rule's unit. Quantities are scaled
 * integers, signed.
 */
export class TargetSlot extends Wish implements OrderOwner {
  readonly runEpoch: string;
  readonly strategy: string;
  readonly strategyIndex: number;
  /** Place among the slots of its strategy. */
  readonly place: number;
  readonly state: InstrumentState;
  readonly position: Position;
  readonly defaultTif: TimeInForce;
  // What never changes of instrument and position, without the way there: it is read many times an order.
  readonly instrument: Instrument;
  readonly instrumentIndex: number;
  readonly holding: Holding;
  readonly bookOf: Book;
  readonly book: string;
  readonly account: string;
  /** Slots of other strategies in the same instrument, in the order of all. */
  others: readonly TargetSlot[] = [];
  /** Whose limits its orders have to keep: strategy, book, everything. */
  scopes: readonly GuardedScope[] = [];
  /** The first of those that have a policy: they are walked with each order. */
  policed: GuardedScope | undefined = undefined;
  /** Counts the orders of its strategy over time, and leads to the counts of the scopes around it. */
  rate: OrderRateCounter | undefined = undefined;
  /** All live orders of its instrument, as the desk keeps them. */
  live: OrderRecord[] = objectList();
  /** Side of position that `protect` is meant for: 1 long, -1 short, 0 where the wish is flat or there was none. */
  wishSide = 0;
  /** The wish in units, held until the answer changes; NaN while there is none. */
  targetScaled = Number.NaN;
  // The size that was aimed at last, in units and in whole lots: most strategies want the same again, of one side or the other.
  private aimedSize = Number.NaN;
  private aimedScaled = Number.NaN;
  /** Refused, rejected, expired or stopped out: nothing is sent until a new answer comes. */
  isWaiting = false;
  /** A person said flat: answers do not count, and what protects rests, until it is so, or until a person resumes. */
  isFlattening = false;
  /** Of the position, signed: what a panic does not close yet, since the broker may not have it. */
  keptScaled = 0;
  /** The venue refused to change the protection; it is cancelled and sent anew instead. */
  isReplaceRefused = false;
  /** Another strategy's order that it could trade with is live. */
  isBlocked = false;
  /** An order that moves the position waits for another strategy's; undefined while none does. */
  selfTradeWait: SelfTradeWait | undefined = undefined;
  /** An order that closes its position waits for another strategy's: nobody's entry or take-profit that it could meet comes before it. */
  isExitInLine = false;
  /** Its protection is being cancelled for an order that closes the position: nobody's order may come in between. */
  isLeaving = false;
  /** The answer asks for another entry price than the working orders have. */
  isEntryStale = false;
  /** The venue refused protection: it is not sent again before position or instruction change. */
  isProtectionRefused = false;
  /** Group of protection of which an order filled last: the venue ends the others, which is no refusal. 0 for none. */
  filledGroup = 0;
  /** Working orders that move the position, and the signed sum of what they may still fill. */
  readonly entries: OrderRecord[] = objectList();
  workingScaled = DOUBLE;
  /** Place among the {@link WorkingSlots} while there are such orders. */
  workingPlace = 0;
  /** Working orders that protect the position. */
  readonly protection: OrderRecord[] = objectList();
  /** An exit came to nothing: it tries again with the next bar, and protection stands meanwhile. */
  isExitHeld = false;
  /** The venue just refused something: the slot is looked at again with the next bar or the broker's next answer, not at once. */
  isRetryLater = false;
  /** The rule has seen the slot as it is; answers, commands and reports change it, a bar or a broker's answer alone does not. */
  isSettled = false;
  /** Something waits until an order has been sent: its cancel or change, or the protection of what it leaves. */
  isOwed = false;
  /** Orders whose outcome is unknown, or with a cancel or replace on its way. */
  pendingCount = 0;
  /** Bits of {@link HOLD}, see `isHeldBack`. */
  holds = 0;
  /** A planned outage of its venue is under way: what protects is not taken off for an order that may be refused or lost. */
  isVenueOut = false;
  /** It was told that an exit waits, and that protection stays meanwhile; once until it goes out. */
  isExitWaitTold = false;
  /** Refused exits and protection that were told: a bar later the same is no news. */
  toldRefusals: readonly string[] = [];
  /** Its broker was away: the strategy is asked anew before anything but protection goes out. */
  awaitsAnswer = false;
  /** Whether a panic closes it: not what others hold on a shared account. */
  readonly isOwn: boolean;
  /** What it holds is closed, as far as somebody says, and nothing is ever opened for it. */
  readonly onlyCloses: boolean;

  constructor(setup: {
    runEpoch: string;
    strategy: string;
    strategyIndex: number;
    place: number;
    position: Position;
    defaultTif: TimeInForce;
    isOwn?: boolean;
    onlyCloses?: boolean;
  }) {
    super();
    this.workingScaled = 0;
    this.onlyCloses = setup.onlyCloses ?? false;
    this.isOwn = setup.isOwn ?? true;
    this.defaultTif = setup.defaultTif;
    this.runEpoch = setup.runEpoch;
    this.strategy = setup.strategy;
    this.strategyIndex = setup.strategyIndex;
    this.place = setup.place;
    const { position } = setup;
    this.position = position;
    this.state = position.state;
    this.instrument = position.state.instrument;
    this.instrumentIndex = position.state.index;
    this.holding = position.holding;
    this.bookOf = position.book;
    this.book = position.book.name;
    this.account = position.book.account;
  }

  /** Counts orders that go out at an instant in the rates of all its scopes. */
  countSent(at: EpochMs, orders: number): void {
    for (let { rate } = this; rate !== undefined; rate = rate.outer) rate.add(at, orders);
  }

  get heldScaled(): number {
    return this.holding.qtyScaled;
  }

  /** Units that orders moving the position may still fill, signed. */
  get working(): number {
    return this.workingScaled === 0 ? 0 : this.workingScaled / this.state.quantityPower;
  }

  /** Aims at a position of so many units, in whole lots. */
  aimAt(units: number): void {
    const size = Math.abs(units);
    if (size !== this.aimedSize) this.#measure(size);
    const scaled = this.aimedScaled;
    if (scaled >= FINE) this.targetScaled = this.state.targetScaled(units);
    else this.targetScaled = units < 0 ? 0 - scaled : scaled;
  }

  #measure(size: number): void {
    this.aimedSize = size;
    this.aimedScaled = this.state.targetScaled(size);
  }

  /** Notes which side an answer wants, and keeps what protects the position until that side is reached. */
  turnTo(side: number): void {
    const { wishSide, kept } = this;
    if (side === wishSide) return;
    const held = Math.sign(this.heldScaled);
    if (wishSide !== 0 && (wishSide === held || kept?.side !== held)) {
      if (this.protect === undefined) this.keepBare(wishSide);
      else this.kept = { side: wishSide, protect: this.protect };
    }
    this.wishSide = side;
  }

  /** Takes an instruction as that of the position there is, whose strategy may want the other side by now. */
  protectWith(protect: ProtectInstruction): void {
    const side = Math.sign(this.heldScaled);
    if (this.wishSide === -side) this.kept = { side, protect };
    else this.protect = protect;
  }

  /** What protects the position there is: its prices fit one side only. */
  get instruction(): ProtectInstruction | undefined {
    return this.hasProtection ? instructionOf(this) : undefined;
  }

  /** Nothing of it is to be looked at at the next bar. `=== true`: of a flag that is nearly always true V8 else asks whether it is no text or number. */
  get isAtRest(): boolean {
    return this.isSettled === true && !this.isExitHeld && this.selfTradeWait === undefined;
  }

  /** Nothing at work, and nothing held that an order could close: less than a lot stays. */
  get isFlat(): boolean {
    return this.entries.length === 0 && this.state.tradableScaled(this.heldScaled) === 0;
  }

  /** Whether all of it is cancelled since the run ends. A panic is a person's, and goes on closing until the very end. */
  get isStopped(): boolean {
    return (this.holds & HOLD.stop) !== 0 && !this.isFlattening;
  }

  /** Whether a hold keeps it from sending. A panic closes what is doubted or frozen as well: what is left then, the broker's answer says. */
  get isHeldBack(): boolean {
    const { holds, isFlattening } = this;
    return holds !== 0 && (!isFlattening || (holds & (HOLD.gate | HOLD.look)) !== 0);
  }

  /** Ends what a person began with "flat" once it has come true: what protected is not needed any more. */
  endFlattening(): void {
    this.isFlattening = false;
    if (!this.isVenueOut) this.protect = undefined;
  }

  /**
   * Takes a "flat" back before it is so, to be evaluated next: no more of it goes out, and what works for it is cancelled. The position
   * rests, protected as it was, until its strategy answers anew.
   */
  release(): void {
    this.isFlattening = false;
    this.keptScaled = 0;
    this.targetScaled = Number.NaN;
    for (const order of this.entries) order.isTakenBack = true;
  }

  /** Lets the wish rest where the position is: what a refusal, a rejection or a stop-out leads to. */
  wait(): void {
    this.isWaiting = true;
  }

  /**
   * Protection has filled. What it took off stays off until the strategy answers anew; a wish that does not ask for it back, as where an exit
   * waits for protection to be cancelled, is only nearer to what it wants.
   */
  rest(order: OrderRecord): void {
    this.filledGroup = order.ocoSequence;
    if (!(this.#wantsOf(order) >= 0) && this.targetScaled !== 0) this.wait();
  }

  /**
   * An entry or protection came to nothing: the wish waits for a new answer. A newer one that does not want what the entry would have done,
   * that only takes from the position, or that goes the way of the protection, has nothing to do with it.
   */
  disappoint(order: OrderRecord, isEntry: boolean): void {
    const wants = this.#wantsOf(order);
    const isOver = isEntry ? wants <= 0 || this.isReducing : wants > 0;
    if (!isOver) this.wait();
  }

  /** Whether the wish lies between nothing and what is held: orders for it are exits. */
  get isReducing(): boolean {
    const { heldScaled: held, targetScaled: target } = this;
    return held > 0 ? target >= 0 && target < held : target <= 0 && target > held;
  }

  /** Scaled quantity that is wanted yet in the direction of an order; below 0 in the other, NaN without a wish. */
  #wantsOf({ direction }: OrderRecord): number {
    return (this.targetScaled - this.heldScaled) * direction;
  }
}

function instructionOf(slot: TargetSlot): ProtectInstruction | undefined {
  const { wishSide, kept: aside } = slot;
  const side = Math.sign(slot.heldScaled);
  const kept = aside !== undefined && aside.side === side ? aside.protect : undefined;
  // What is made flat goes without; in an outage what closes may be refused, and then the position has its protection again.
  const protect = slot.isFlattening && !slot.isVenueOut ? undefined : slot.protect;
  if (wishSide === 0) return protect ?? kept;
  return wishSide === -side ? kept : protect;
}
