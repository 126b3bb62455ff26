import { DAY_MS, roundToLot, toScaled, type EpochMs, type TradingDay } from '@bookrunner/sdk';
import { CASH_DECIMALS } from './fee-model.js';
import type { InstrumentSlot } from './instrument-slot.js';
import type { FinancingOptions } from './options.js';
import type { VenueReason } from './reasons.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueListener } from './venue-listener.js';
import type { WorkingOrders } from './working-orders.js';

const CASH_POWER = 10 ** CASH_DECIMALS;
const REASON = 'FINANCING' satisfies VenueReason;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Books what positions cost or earn over the end of the trading day (the calendar's `dayClose`): the roll. */
export class Financing {
  /** Earliest roll of any instrument with a position. */
  nextRoll: EpochMs = Number.POSITIVE_INFINITY;
  private readonly orders: WorkingOrders;
  private readonly accounts: readonly VenueAccount[];
  private readonly listener: VenueListener;

  constructor(orders: WorkingOrders, accounts: readonly VenueAccount[], listener: VenueListener) {
    this.orders = orders;
    this.accounts = accounts;
    this.listener = listener;
  }

  /** Sets the roll of an instrument whose position has begun. Inside a bar it began at the bar's start at the earliest. */
  schedule(slot: InstrumentSlot): void {
    slot.nextRoll = slot.dayClose(slot.isInBar ? slot.barStart : this.orders.now);
    if (slot.isInBar && slot.nextRoll <= this.orders.now) slot.isRollDue = true;
    else if (slot.nextRoll < this.nextRoll) this.nextRoll = slot.nextRoll;
  }

  /** Does the rolls due now. An instrument inside a bar waits for the bar's range: it may close the position. */
  rollDue(): void {
    for (const slot of this.orders.slots) {
      if (slot.nextRoll > this.orders.now) continue;
      if (slot.isInBar) slot.isRollDue = true;
      else this.roll(slot);
    }
    this.refresh();
  }

  /** Does the rolls of one instrument up to now. */
  roll(slot: InstrumentSlot): void {
    slot.isRollDue = false;
    while (slot.nextRoll <= this.orders.now) {
      const at = slot.nextRoll;
      const next = slot.dayClose(at);
      let isHeld = false;
      for (const account of this.accounts) {
        const position = account.positions[slot.index]!;
        if (position === 0) continue;
        isHeld = true;
        this.#book(slot, account, amountOf(slot, position, { at, next }));
      }
      slot.nextRoll = isHeld ? next : Number.POSITIVE_INFINITY;
    }
  }

  /** Finds the earliest roll anew. */
  refresh(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const slot of this.orders.slots) {
      if (!slot.isRollDue && slot.nextRoll < next) next = slot.nextRoll;
    }
    this.nextRoll = next;
  }

  #book(slot: InstrumentSlot, account: VenueAccount, amount: number): void {
    const scaled = toScaled(amount, CASH_DECIMALS);
    if (scaled === 0) return;
    account.book(slot, scaled);
    this.listener.cash(account.name, this.orders.now, scaled / CASH_POWER, slot.instrument.quote, REASON, slot.index);
  }
}

/** Signed money of one roll, in quote currency: what the account receives. */
function amountOf(slot: InstrumentSlot, position: number, roll: { at: EpochMs; next: EpochMs }): number {
  const options: FinancingOptions = slot.financing;
  const units = position / slot.quantityPower;
  switch (options.model) {
    case 'none':
      return 0;
    case 'rate': {
      const nights = roundToLot((roll.next - roll.at) / DAY_MS, 1, 'nearest');
      const percent = position > 0 ? options.longPct : options.shortPct;
      const value = Math.abs(units * slot.last) * slot.instrument.pointValue;
      return (-value * (percent / 100) * nights) / options.dayCount;
    }
    case 'swap-points': {
      // The instant before the close still belongs to the day that ends.
      const day = slot.calendar.tradingDay(roll.at - 1);
      const days = weekdayOf(day) === options.tripleDay ? 3 : 1;
      const points = position > 0 ? options.longPoints : options.shortPoints;
      return points * slot.instrument.priceStep * Math.abs(units) * slot.instrument.pointValue * days;
    }
  }
}

/** Weekday of a trading day, by Sakamoto's rule for the Gregorian calendar. */
function weekdayOf(day: TradingDay): (typeof WEEKDAYS)[number] {
  const month = Math.trunc(day / 100) % 100;
  const year = Math.trunc(day / 10_000) - (month < 3 ? 1 : 0);
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]!;
  const leap = Math.trunc(year / 4) - Math.trunc(year / 100) + Math.trunc(year / 400);
  return WEEKDAYS[(year + leap + shift + (day % 100)) % 7]!;
}
