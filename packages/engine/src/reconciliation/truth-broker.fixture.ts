// A broker with a truth of its own, far away: what it is asked and what it says are messages that can be lost, late, or repeated.
import {
  type Fill,
  fromScaled,
  type Instrument,
  type Money,
  moneyToNumber,
  type OrderChange,
  type OrderRef,
  type Side,
  StepGrid,
  toMoney,
  type VenueOpenOrder,
  type VenueSnapshot,
} from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { ExecutionEvent, VenueReportEvent } from '../kernel/event.js';
import type { Scene } from '../kernel/kernel.fixture.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import { sumUp } from './broker-money.fixture.js';

/**
 * What becomes of a message: it goes through; it gets there and nobody hears of it; so, but much later; it never gets there; it
 * certainly does not leave; the call that sends it does not return before it gets there, much later.
 */
export type Fate = 'through' | 'unheard' | 'late' | 'lost' | 'refused' | 'open';

interface TruthOrder extends VenueOpenOrder {
  /** Empty for none. */
  ocoGroup: string;
  leavesQty: number;
  qty: number;
  limitPrice: number;
  stopPrice: number;
}

export const VENUE = 'broker';
export const ACCOUNT = 'ACC';

/** Whose account it is, and how it settles. */
export interface TruthBrokerPlace {
  readonly venue?: string;
  readonly account?: string;
  readonly isMarginSettled?: boolean;
}

/** One account at a broker, and what it remembers of it. */
export class TruthBroker implements SynchronousVenue {
  readonly nextDeadline = Number.POSITIVE_INFINITY;
  readonly open = new Map<string, TruthOrder>();
  readonly executions: Fill[] = [];
  /** All that there were, those nobody tells of as well. */
  readonly #all: Fill[] = [];
  /** Positions from elsewhere. */
  readonly foreign = new Map<string, number>();
  /** Every submit that arrived, by client order id. */
  readonly received: string[] = [];
  /** Requests on their way to the broker, and its words on their way back. */
  readonly inbox: (() => void)[] = [];
  readonly outbox: (() => void)[] = [];
  /** What will arrive when nobody expects it any more. */
  readonly limbo: (() => void)[] = [];
  price = 100;
  /** Fee of a unit. */
  fee = 0.01;
  feeCurrency = 'USD';
  #paidIn: Money;
  /** Most that a market order finds at once; the rest of it stays open. */
  liquidity = Number.POSITIVE_INFINITY;
  /** Every new order is turned down. */
  isRejecting = false;
  /** Every order that would rest is accepted, and ended at once. */
  isEnding = false;
  /** Every change of an order is turned down. */
  refusesChanges = false;
  fate: (what: string) => Fate = () => 'through';
  spoil: (snapshot: VenueSnapshot) => VenueSnapshot | undefined = (snapshot) => snapshot;
  readonly #scene: Scene;
  readonly #venue: string;
  readonly #account: string;
  readonly #isMarginSettled: boolean;

  constructor(
    scene: Scene,
    cash = 1_000_000,
    { venue = VENUE, account = ACCOUNT, isMarginSettled = false }: TruthBrokerPlace = {},
  ) {
    this.#scene = scene;
    this.#paidIn = toMoney(cash);
    this.#venue = venue;
    this.#account = account;
    this.#isMarginSettled = isMarginSettled;
  }

  /** Units by symbol. */
  get positions(): ReadonlyMap<string, number> {
    const { positions } = this.#sums();
    const own = [...positions].map(([symbol, scaled]) => {
      return [symbol, fromScaled(scaled, this.#instrumentOf(symbol).quantityDecimals)] as const;
    });
    return new Map([...own, ...this.foreign]);
  }

  /** In US dollars; to be set where money comes in or goes. */
  get cash(): number {
    return moneyToNumber(this.cashIn('USD'));
  }
  set cash(amount: number) {
    this.#paidIn += toMoney(amount) - this.cashIn('USD');
  }

  cashIn(currency: string): Money {
    return (this.#sums().cash.get(currency) ?? 0n) + (currency === 'USD' ? this.#paidIn : 0n);
  }

  #sums(): ReturnType<typeof sumUp> {
    return sumUp(this.#all, (symbol) => this.#instrumentOf(symbol), this.#isMarginSettled);
  }

  #instrumentOf(symbol: string): Instrument {
    const found = this.#scene.setup.instruments.find(({ instrument }) => instrument.symbol === symbol);
    if (found === undefined) throw new RangeError(`There is no ${symbol} here.`);
    return found.instrument;
  }

  /** Orders are of whole lots. */
  #isTradable(symbol: string, qty: number): boolean {
    return new StepGrid(this.#instrumentOf(symbol).lotStep).holds(qty);
  }

  submit(group: readonly OrderRecord[]): boolean {
    const orders = group.map(termsOf);
    const sequences = group.map(({ sequence, instrumentIndex }) => ({ sequence, instrumentIndex }));
    const fate = this.fate('submit');
    this.inbox.push(() => {
      for (const [index, order] of orders.entries()) {
        const ref = sequences[index] as (typeof sequences)[number];
        if (fate === 'refused') {
          this.#report(ref, { report: 'refused', reason: 'NOT_CONNECTED' });
          continue;
        }
        if (fate === 'open') {
          this.limbo.push(() => this.#arrive(order, ref, 'through'));
          continue;
        }
        this.#report(ref, { report: fate === 'through' ? 'sent' : 'unknown', reason: 'NO_ANSWER' });
        if (fate === 'late') this.limbo.push(() => this.#arrive(order, ref, fate));
        else if (fate !== 'lost') this.#arrive(order, ref, fate);
      }
    });
    return false;
  }

  cancel(order: OrderRecord): void {
    const { clientOrderId } = order;
    const fate = this.fate('cancel');
    this.inbox.push(() => {
      if (fate === 'lost') return;
      if (fate === 'refused') return this.#report(order, { report: 'cancel-rejected' });
      const isOpen = this.open.delete(clientOrderId);
      if (fate === 'through') this.#report(order, { report: isOpen ? 'cancelled' : 'cancel-rejected' });
    });
  }

  replace(order: OrderRecord, change: OrderChange): void {
    const { clientOrderId } = order;
    const fate = this.fate('replace');
    this.inbox.push(() => {
      if (fate === 'lost') return;
      const open = this.open.get(clientOrderId);
      const isGood =
        open !== undefined && !this.refusesChanges && this.#isTradable(open.symbol, change.qty ?? open.qty);
      if (!isGood) return this.#report(order, { report: 'replace-rejected' });
      const filled = open.qty - open.leavesQty;
      Object.assign(open, change, { leavesQty: round((change.qty ?? open.qty) - filled) });
      const { qty, limitPrice, stopPrice } = open;
      if (fate === 'through') this.#report(order, { report: 'replaced', qty, limitPrice, stopPrice });
    });
  }

  query(_venue: string, query: number): void {
    this.inbox.push(() => {
      const snapshot = this.spoil(this.snapshot());
      this.outbox.push(() => {
        const at = this.#scene.now;
        const given = snapshot === undefined ? {} : { snapshot };
        this.#scene.driver.event({ kind: 'venue-snapshot', at, venue: this.#venue, query, message: '', ...given });
      });
    });
  }

  cancelForeign(_venue: string, { venueOrderId }: OrderRef): void {
    this.inbox.push(() => {
      for (const [id, order] of this.open) if (order.venueOrderId === venueOrderId) this.open.delete(id);
    });
  }

  onTick(): void {}
  passBar(): boolean {
    return true;
  }
  onBarOpen(): void {}
  onBarRange(): void {}
  advance(): void {}

  snapshot(): VenueSnapshot {
    const asOf = this.#scene.now;
    const part = <T>(items: readonly T[]) => ({ asOf, complete: true, since: 0, items });
    const { positions } = this;
    const account = { ts: asOf, account: this.#account, equity: this.cash, margin: 0, buyingPower: this.cash };
    const currencies = new Set(['USD', ...this.#sums().cash.keys()]);
    return {
      positions: part(
        [...positions].map(([symbol, qty]) => ({ account: this.#account, symbol, qty, avgPrice: this.price })),
      ),
      openOrders: part([...this.open.values()].map((order) => ({ ...order }))),
      executions: part(this.executions.filter(({ qty }) => qty !== 0)),
      accounts: part(
        [...currencies].map((currency) => ({ ...account, currency, cash: moneyToNumber(this.cashIn(currency)) })),
      ),
    };
  }

  /** What was on its way for long gets there. */
  arriveLate(): void {
    for (const arrive of this.limbo.splice(0)) arrive();
  }

  /** Somebody fills an open order; the report goes its way. */
  fill(clientOrderId: string, qty: number, fate: Fate = 'through'): void {
    const order = this.open.get(clientOrderId);
    if (order !== undefined) this.#fill(order, qty, fate);
  }

  /** The broker ends an open order by itself; its siblings, if it is of a pair, are not asked. */
  end(clientOrderId: string, fate: Fate = 'through'): void {
    const order = this.open.get(clientOrderId);
    if (order === undefined) return;
    this.open.delete(clientOrderId);
    if (fate === 'through') this.#report(this.#refOf(order), { report: 'cancelled' });
  }

  /** The broker changes what an execution was, or takes it back; told at once, late, or only by the next snapshot's cash and position. */
  change(place: number, fields: { readonly qty: number; readonly price: number } | 'busted'): void {
    const before = this.executions[place];
    if (before === undefined || before.qty === 0) return;
    const after = fields === 'busted' ? { ...before, qty: 0, fee: 0 } : { ...before, ...fields };
    this.#amend(place, after);
    const change = fields === 'busted' ? 'busted' : 'corrected';
    this.#tell(change, fields === 'busted' ? before : after);
  }

  /** The broker says later what an execution costs. */
  charge(place: number, fee: number): void {
    const before = this.executions[place];
    if (before === undefined || before.qty === 0) return;
    this.#amend(place, { ...before, fee });
    this.#tell('commission', this.executions[place] as Fill);
  }

  /** Puts another execution in the place of one. */
  #amend(place: number, after: Fill): void {
    this.#all[this.#all.indexOf(this.executions[place] as Fill)] = after;
    this.executions[place] = after;
  }

  #tell(change: ExecutionEvent['change'], execution: Fill): void {
    this.outbox.push(() => {
      const at = this.#scene.now;
      this.#scene.driver.event({
        kind: 'execution',
        at,
        venue: this.#venue,
        change,
        account: this.#account,
        execution,
      });
    });
  }

  /** Somebody else trades on the account. */
  trade(side: Side, qty: number, symbol = 'AAA', isTold = true): Fill {
    const fill = this.#book({ clientOrderId: 'by hand', tag: '', symbol, side }, qty);
    if (!isTold) this.executions.pop();
    return fill;
  }

  #arrive(order: TruthOrder, ref: { sequence: number; instrumentIndex: number }, fate: Fate): void {
    this.received.push(order.clientOrderId);
    if (this.isRejecting || !this.#isTradable(order.symbol, order.qty))
      return this.#report(ref, { report: 'rejected', reason: 'NO' });
    this.open.set(order.clientOrderId, order);
    if (fate === 'through') this.#report(ref, { report: 'accepted' });
    if (order.orderType === 'market') this.#fill(order, Math.min(order.qty, this.liquidity), fate);
    if (this.isEnding) this.end(order.clientOrderId);
  }

  #fill(order: TruthOrder, qty: number, fate: Fate): void {
    const taken = Math.min(qty, order.leavesQty);
    if (taken <= 0) return;
    order.leavesQty = round(order.leavesQty - taken);
    if (order.leavesQty === 0) this.open.delete(order.clientOrderId);
    this.#reducePair(order, taken, fate);
    const { price, fee, feeCurrency, executionId } = this.#book(order, taken);
    if (fate !== 'through') return;
    this.#report(this.#refOf(order), { report: 'filled', qty: taken, price, fee, feeCurrency, executionId });
  }

  /** What one order of a pair has taken, the other may not take any more; the broker ends it where nothing is left. */
  #reducePair(order: TruthOrder, taken: number, fate: Fate): void {
    if (order.ocoGroup === '') return;
    for (const other of [...this.open.values()]) {
      if (other === order || other.ocoGroup !== order.ocoGroup) continue;
      if (order.leavesQty === 0) this.end(other.clientOrderId, fate);
      else {
        other.qty = round(other.qty - taken);
        other.leavesQty = round(other.leavesQty - taken);
      }
    }
  }

  #refOf({ clientOrderId, symbol }: Pick<TruthOrder, 'clientOrderId' | 'symbol'>): {
    sequence: number;
    instrumentIndex: number;
  } {
    const sequence = Number.parseInt(clientOrderId.slice(8), 36);
    return {
      sequence,
      instrumentIndex: this.#scene.setup.instruments.findIndex(({ instrument }) => instrument.symbol === symbol),
    };
  }

  #book(
    { clientOrderId, tag, symbol, side }: Pick<TruthOrder, 'clientOrderId' | 'tag' | 'symbol' | 'side'>,
    qty: number,
  ): Fill {
    const fee = round(qty * this.fee);
    const { price, feeCurrency } = this;
    const executionId = `x${this.#all.length + 1}`;
    const fill: Fill = {
      ...{ orderId: clientOrderId, executionId, symbol, side, qty, price, fee, feeCurrency },
      ...{ liquidity: 'unknown', ts: this.#scene.now, tag, account: this.#account },
    };
    this.executions.push(fill);
    this.#all.push(fill);
    return fill;
  }

  #report(
    ref: { readonly sequence: number; readonly instrumentIndex: number },
    fields: Partial<VenueReportEvent>,
  ): void {
    const { sequence, instrumentIndex } = ref;
    this.outbox.push(() => {
      const order = this.#scene.kernel.parts.desk.find(sequence);
      // As the intake does: what the order has gone beyond is not said again.
      if (fields.report === 'sent' && order?.status !== 'pending') return;
      if (fields.report === 'filled' && order === undefined) return this.#late(fields.executionId as string);
      const blank = {
        qty: Number.NaN,
        price: Number.NaN,
        fee: Number.NaN,
        limitPrice: Number.NaN,
        stopPrice: Number.NaN,
      };
      const texts = { venueOrderId: '', feeCurrency: '', executionId: '', reason: '', message: '' };
      const named = { kind: 'venue-report', sequence, instrumentIndex, report: 'sent', liquidity: 'unknown' } as const;
      this.#scene.driver.event({ ...named, ...blank, ...texts, ...fields, at: this.#scene.now });
    });
  }

  #late(executionId: string): void {
    const execution = this.executions.find((fill) => fill.executionId === executionId) as Fill;
    const at = this.#scene.now;
    this.#scene.driver.event({
      kind: 'execution',
      at,
      venue: this.#venue,
      change: 'fill',
      account: this.#account,
      execution,
    });
  }
}

/** Doubles leave dust; no quantity and no fee here is that fine. */
export function round(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

function termsOf(order: OrderRecord): TruthOrder {
  const { clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice, ocoGroup } = order;
  return {
    ...{ clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice, ocoGroup },
    leavesQty: qty,
    venueOrderId: `b-${clientOrderId}`,
  };
}
