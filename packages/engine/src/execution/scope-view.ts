import type { EpochMs, Instrument, PortfolioView, RiskScope } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Book, Position } from '../portfolio/book.js';
import type { Marks } from '../portfolio/marks.js';
import type { OrderRateCounter } from './order-rate-counter.js';
import type { DayStart, ScopeMoney } from './scope-money.js';
import type { TargetSlot } from './target-slot.js';
import type { WorkingSlots } from './working-slots.js';

const NONE: readonly TargetSlot[] = [];
/** From so many slots on a bound of their exposure costs less than the exposure. */
const MANY_SLOTS = 8;
/** What the bound is above the sums it is made of, as a part of equity and of what is held. */
const BOUND_MARGIN = 1e-6;
/** The same as a part of the most that was held since the sums were taken anew: each mark rounds by 1e-16 of that, and a day has fewer than 1e9. */
const PEAK_MARGIN = 1e-7;
/** What no symbol is. A text like them, so that V8 compares the two as texts it knows. */
const NO_SYMBOL = '\0';

/** What a risk policy sees of a strategy, a book or everything: computed from slots when asked, nothing is copied. */
export class ScopeView implements PortfolioView {
  readonly scope: RiskScope;
  readonly name: string;
  /** Shared by scopes that have the same orders. */
  readonly rate: OrderRateCounter;
  // Zero as a double, which it is at the first question: else every view would change its class then.
  ts: EpochMs = -0;
  readonly #slots: TargetSlot[] = [];
  readonly #slotsOf = new Map<string, TargetSlot[]>();
  /** Orders of the scope that are not final; counted where its policy may ask. */
  workingOrders = 0;
  // What was asked about last: a check asks several times about one symbol.
  #symbol = NO_SYMBOL;
  #symbolState!: InstrumentState;
  #symbolSlots: readonly TargetSlot[] = NONE;
  /** The only one of them, which most scopes have; undefined for none or several. */
  #onlySlot: TargetSlot | undefined = undefined;
  readonly #money: ScopeMoney;
  // Asked at every bar and of every order: most scopes have the money of one book, and it is read there.
  readonly #book: Book | undefined;
  readonly #isOfBooks: boolean;
  /** Marks say what its positions are worth to it: they are current, and none is quoted in another currency than that of the scope. */
  #isMarked: boolean;
  readonly #marks: Marks;
  readonly #working: WorkingSlots;
  readonly #instruments: ReadonlyMap<string, InstrumentState>;

  constructor(setup: {
    scope: RiskScope;
    name: string;
    money: ScopeMoney;
    instruments: ReadonlyMap<string, InstrumentState>;
    rate: OrderRateCounter;
    marks: Marks;
    working: WorkingSlots;
  }) {
    this.scope = setup.scope;
    this.name = setup.name;
    this.rate = setup.rate;
    this.#money = setup.money;
    this.#book = setup.money.ofBook;
    this.#isOfBooks = setup.money.isOfBooks;
    this.#isMarked = setup.money.isOfBooks;
    this.#marks = setup.marks;
    this.#working = setup.working;
    this.#instruments = setup.instruments;
  }

  addSlot(slot: TargetSlot): void {
    this.#slots.push(slot);
    this.#symbol = NO_SYMBOL;
    if (slot.position.isForeign) this.#isMarked = false;
    const { symbol } = slot.instrument;
    const known = this.#slotsOf.get(symbol);
    if (known === undefined) this.#slotsOf.set(symbol, [slot]);
    else known.push(slot);
  }

  get slots(): readonly TargetSlot[] {
    return this.#slots;
  }
  get equity(): number {
    const book = this.#book;
    return book === undefined ? this.#money.equity() : book.equity();
  }
  get dayStartEquity(): number {
    const book = this.#book;
    return book === undefined ? this.#money.dayStartEquity() : book.dayStartEquity + book.dayFlows;
  }
  get dayEnd(): EpochMs {
    return this.#money.dayEnd();
  }
  get onlyBook(): Book | undefined {
    return this.#money.onlyBook;
  }
  get onlyPosition(): Position | undefined {
    return this.#money.onlyPosition;
  }
  get allotted(): number {
    return this.#money.allotted;
  }
  get dayStart(): DayStart | undefined {
    return this.#money.dayStart;
  }
  /** A day of some book began: a strategy's day starts at the equity it has when first asked. */
  openDay(): void {
    this.#money.dayStartEquity();
  }
  /**
   * Equity above which the day's loss is surely below a number of basis points; infinity where that cannot be said ahead. A hair
   * above the exact value, since rounding must not hide a limit that is reached.
   */
  equityAbove(lossBps: number): number {
    const start = this.dayStartEquity;
    if (!(start > 0) || !this.#money.isDayStartFixed) return Number.POSITIVE_INFINITY;
    return lossBps === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : start * (1 - lossBps / 10_000 + 1e-9);
  }
  get dayPnlBps(): number {
    const start = this.dayStartEquity;
    return start > 0 ? ((this.equity - start) / start) * 10_000 : Number.NaN;
  }

  /** Absolute values of positions, each at the worse of now and after all its working orders. */
  get grossExposure(): number {
    if (this.#isMarked === true) return this.#markedExposure();
    let gross = 0;
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) gross += this.#worstOf(slots[i] as TargetSlot);
    return gross;
  }
  /**
   * What {@link grossExposure} is surely not above, without a walk over all positions: enough where a cap is far. NaN where that cannot be
   * said, or where the exposure itself is as cheap.
   */
  get exposureBound(): number {
    const book = this.#book;
    const isKnown = book !== undefined && this.#isMarked === true && this.#marks.areCurrent;
    if (!isKnown || this.#slots.length < MANY_SLOTS) return Number.NaN;
    let gross = book.grossValue;
    const { list } = this.#working;
    for (let i = 0; i < list.length; i++) {
      const slot = list[i] as TargetSlot;
      if (slot.bookOf === book) gross += this.#worstOf(slot) - Math.abs(slot.position.value);
    }
    return gross + BOUND_MARGIN * (Math.abs(gross) + Math.abs(book.equity())) + PEAK_MARGIN * book.grossPeak;
  }
  get ordersLastSecond(): number {
    return this.rate.lastSecond(this.ts);
  }
  get ordersLastMinute(): number {
    return this.rate.lastMinute(this.ts);
  }

  instrument(symbol: string): Instrument {
    if (symbol !== this.#symbol) this.#find(symbol);
    return this.#symbolState.instrument;
  }
  position(symbol: string): number {
    if (symbol !== this.#symbol) this.#find(symbol);
    return this.#onlySlot === undefined ? this.#positionOfAll() : this.#onlySlot.holding.qty;
  }
  working(symbol: string): number {
    if (symbol !== this.#symbol) this.#find(symbol);
    return this.#onlySlot === undefined ? this.#workingOfAll() : this.#onlySlot.working;
  }
  price(symbol: string): number {
    if (symbol !== this.#symbol) this.#find(symbol);
    return this.#symbolState.price;
  }
  unitValue(symbol: string): number {
    if (symbol !== this.#symbol) this.#find(symbol);
    const slot = this.#onlySlot ?? this.#symbolSlots[0];
    return slot === undefined ? this.#money.unitValue(this.#symbolState) : this.#unitValueOf(slot.position);
  }

  #positionOfAll(): number {
    return this.#symbolSlots.reduce((total, { holding }) => total + holding.qty, 0);
  }

  #workingOfAll(): number {
    return this.#symbolSlots.reduce((total, { working }) => total + working, 0);
  }

  /** The same, to the bit, of marks: to multiply all out anew is most of what an order costs where there are many positions. */
  #markedExposure(): number {
    if (!this.#marks.areCurrent) return this.#leaveMarks();
    let gross = 0;
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as TargetSlot;
      if (slot.workingScaled === 0) gross += Math.abs(slot.position.value);
      else gross += this.#worstOf(slot);
    }
    return gross;
  }

  /** They are not what it is worth any more, and never will be. */
  #leaveMarks(): number {
    this.#isMarked = false;
    return this.grossExposure;
  }

  /** Value of a position at the worse of now and after its working orders; 0 where there is neither, also where the price is not known. */
  #worstOf({ state, position, holding, workingScaled }: TargetSlot): number {
    const held = Math.abs(holding.qtyScaled);
    const worst = workingScaled === 0 ? held : Math.max(held, Math.abs(holding.qtyScaled + workingScaled));
    return worst === 0 ? 0 : (worst / state.quantityPower) * state.price * this.#unitValueOf(position);
  }

  #unitValueOf(position: Position): number {
    // `=== true`: of a flag that is nearly always true V8 else asks whether it is an empty string, zero or not a number, for every slot.
    const fixed = this.#isOfBooks === true ? position.fixedUnitValue : Number.NaN;
    return fixed === fixed ? fixed : this.#money.unitValueOf(position);
  }

  #find(symbol: string): void {
    const state = this.#instruments.get(symbol);
    if (state === undefined) throw new RangeError(`Symbol '${symbol}' is not an instrument of this engine.`);
    this.#symbol = symbol;
    this.#symbolState = state;
    const slots = this.#slotsOf.get(symbol) ?? NONE;
    this.#symbolSlots = slots;
    this.#onlySlot = slots.length === 1 ? slots[0] : undefined;
  }
}
