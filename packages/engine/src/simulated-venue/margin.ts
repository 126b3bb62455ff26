import type { Currency } from '@bookrunner/sdk';
import { moneyToNumber } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { MarginOptions } from './options.js';
import type { OrderLinks } from './order-links.js';
import type { RestingOrder } from './resting-order.js';
import type { VenueAccount } from './venue-account.js';
import type { WorkingOrders } from './working-orders.js';

/** How much of `to` one unit of `from` is worth now; NaN where not known. */
export type CurrencyConversion = (from: Currency, to: Currency) => number;

/** What an account is worth and has to hold, in its currency, at the last prices. NaN where a price or a rate is not known. */
export class AccountValuation {
  private readonly slots: readonly InstrumentSlot[];
  private readonly conversion: CurrencyConversion;

  constructor(slots: readonly InstrumentSlot[], conversion: CurrencyConversion | undefined) {
    this.slots = slots;
    this.conversion = conversion ?? (() => Number.NaN);
  }

  /** Cash in all currencies. */
  cash(account: VenueAccount): number {
    let total = 0;
    for (const currency of account.currencies) {
      const cash = account.cash(currency);
      if (cash !== 0n) total += moneyToNumber(cash) * this.#rate(currency, account);
    }
    return total;
  }

  /** Cash and the value of the positions. */
  equity(account: VenueAccount): number {
    let total = this.cash(account);
    for (const slot of this.slots) {
      const position = account.positions[slot.index]!;
      if (position !== 0) total += (position / slot.quantityPower) * this.#unitValue(slot, account);
    }
    return total;
  }

  /** Margin of the positions alone. */
  positionMargin(account: VenueAccount): number {
    let total = 0;
    for (const slot of this.slots) {
      const position = Math.abs(account.positions[slot.index]!);
      if (position !== 0) total += this.#marginOf(slot, account, position);
    }
    return total;
  }

  /** Margin of the worst case: each instrument's position with all its buys, or all its sells, filled. */
  worstCaseMargin(account: VenueAccount): number {
    let total = 0;
    for (const slot of this.slots) {
      const position = account.positions[slot.index]!;
      if (position === 0 && slot.resting.length === 0) continue;
      const longest = Math.abs(position + workingQty(slot, account, 1));
      const shortest = Math.abs(position - workingQty(slot, account, -1));
      const worst = Math.max(longest, shortest);
      if (worst !== 0) total += this.#marginOf(slot, account, worst);
    }
    return total;
  }

  #marginOf(slot: InstrumentSlot, account: VenueAccount, qtyScaled: number): number {
    const value = (qtyScaled / slot.quantityPower) * Math.abs(this.#unitValue(slot, account));
    return value * slot.instrument.marginRate;
  }

  #unitValue(slot: InstrumentSlot, account: VenueAccount): number {
    return slot.last * slot.instrument.pointValue * this.#rate(slot.instrument.quote, account);
  }

  #rate(from: Currency, account: VenueAccount): number {
    return from === account.currency ? 1 : this.conversion(from, account.currency);
  }
}

/** Checks margins: at submit against the worst case, and after each price against the maintenance margin. */
export class MarginWatch {
  /** Accounts that a margin call is closing. */
  liquidating = 0;
  private readonly options: MarginOptions;
  private readonly valuation: AccountValuation;
  private readonly orders: WorkingOrders;
  private readonly links: OrderLinks;

  constructor(
    options: MarginOptions,
    parts: { readonly valuation: AccountValuation; readonly orders: WorkingOrders; readonly links: OrderLinks },
  ) {
    this.options = options;
    this.valuation = parts.valuation;
    this.orders = parts.orders;
    this.links = parts.links;
  }

  /** What the account's worst case needs now: to be taken before orders are placed, and handed to {@link verdict} after. */
  requirement(account: VenueAccount): number {
    return this.valuation.worstCaseMargin(account);
  }

  /**
   * Whether the account can carry what has just been placed. What does not raise the worst case always passes, and so does what
   * {@link onlyReduces}: an exit is never held up.
   */
  verdict(
    account: VenueAccount,
    before: number,
    onlyReduces: boolean,
  ): 'INSUFFICIENT_MARGIN' | 'PRICE_UNKNOWN' | undefined {
    const after = this.valuation.worstCaseMargin(account);
    if (after <= before || onlyReduces) return undefined;
    const equity = this.valuation.equity(account);
    if (Number.isNaN(after) || Number.isNaN(equity)) return 'PRICE_UNKNOWN';
    return after <= equity ? undefined : 'INSUFFICIENT_MARGIN';
  }

  /** Whether each order of a group, by itself, would only reduce a position. */
  onlyReduces(account: VenueAccount, group: readonly OrderRecord[]): boolean {
    return group.every((order) => {
      const position = account.positions[order.owner.instrumentIndex]!;
      return order.direction * position < 0 && order.qtyScaled <= Math.abs(position);
    });
  }

  /** Checks the accounts that a new price of an instrument concerns. */
  checkHolders(accounts: readonly VenueAccount[], slot: InstrumentSlot): void {
    for (const account of accounts) {
      if (account.positions[slot.index] !== 0) this.check(account);
    }
  }

  /** Calls an account whose equity has fallen below its maintenance margin. */
  check(account: VenueAccount): void {
    if (account.isLiquidating) return;
    const margin = this.valuation.positionMargin(account) * this.options.maintenance;
    if (margin === 0 || !(this.valuation.equity(account) < margin)) return;
    const isLiquidating = this.options.onCall === 'liquidate';
    account.isLiquidating = isLiquidating;
    if (isLiquidating) this.liquidating += 1;
    for (const slot of this.orders.slots) {
      for (const resting of slot.resting) {
        const isEntry = resting.order.purpose === 'entry';
        if (resting.account === account && (isLiquidating || isEntry)) this.links.cancel(resting, 'MARGIN_CALL');
      }
    }
  }

  /** Ends a margin call whose positions are closed. */
  settle(account: VenueAccount): void {
    if (!account.isLiquidating || !account.isFlat) return;
    account.isLiquidating = false;
    this.liquidating -= 1;
  }
}

/** What working orders of one direction may still fill at most: of an OCO group only its largest member counts. */
function workingQty(slot: InstrumentSlot, account: VenueAccount, direction: 1 | -1): number {
  let total = 0;
  for (const resting of slot.resting) {
    if (resting.isDone || resting.account !== account || resting.direction !== direction) continue;
    if (!isCountedElsewhere(resting, slot)) total += resting.active - resting.filled;
  }
  return total;
}

function isCountedElsewhere(resting: RestingOrder, slot: InstrumentSlot): boolean {
  const leaves = resting.active - resting.filled;
  let isBefore = false;
  for (let other = resting.ocoNext; other !== undefined && other !== resting; other = other.ocoNext) {
    if (other.slot !== resting.slot || other.direction !== resting.direction) continue;
    const theirs = other.active - other.filled;
    isBefore ||= theirs > leaves || (theirs === leaves && slot.resting.indexOf(other) < slot.resting.indexOf(resting));
  }
  return isBefore;
}
