// A broker with a truth of its own, far away: what it is asked and what it says are messages that can be lost, late, or repeated.
import type { Fill, OrderChange, OrderRef, Side, VenueOpenOrder, VenueSnapshot } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { ExecutionEvent, VenueReportEvent } from '../kernel/event.js';
import { Scene, type SceneOptions } from '../kernel/kernel.fixture.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import type { Reconciler } from './reconciler.js';

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

const VENUE = 'broker';
export const ACCOUNT = 'ACC';

/** One account at a broker, and what it remembers of it. */
export class TruthBroker implements SynchronousVenue {
  readonly nextDeadline = Number.POSITIVE_INFINITY;
  readonly open = new Map<string, TruthOrder>();
  readonly executions: Fill[] = [];
  readonly positions = new Map<string, number>();
  /** Every submit that arrived, by client order id. */
  readonly received: string[] = [];
  /** Requests on their way to the broker, and its words on their way back. */
  readonly inbox: (() => void)[] = [];
  readonly outbox: (() => void)[] = [];
  /** What will arrive when nobody expects it any more. */
  readonly limbo: (() => void)[] = [];
  cash: number;
  price = 100;
  /** Fee of a unit. */
  fee = 0.01;
  /** Most that a market order finds at once; the rest of it stays open. */
  liquidity = Number.POSITIVE_INFINITY;
  /** Every new order is turned down. */
  isRejecting = false;
  fate: (what: string) => Fate = () => 'through';
  spoil: (snapshot: VenueSnapshot) => VenueSnapshot | undefined = (snapshot) => snapshot;
  readonly #scene: Scene;

  constructor(scene: Scene, cash = 1_000_000) {
    this.#scene = scene;
    this.cash = cash;
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
      if (open === undefined) return this.#report(order, { report: 'replace-rejected' });
      const filled = open.qty - open.leavesQty;
      Object.assign(open, change, { leavesQty: (change.qty ?? open.qty) - filled });
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
        this.#scene.driver.event({ kind: 'venue-snapshot', at, venue: VENUE, query, message: '', ...given });
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
    const state = { ts: asOf, account: ACCOUNT, currency: 'USD', equity: this.cash, cash: this.cash };
    return {
      positions: part(
        [...this.positions].map(([symbol, qty]) => ({ account: ACCOUNT, symbol, qty, avgPrice: this.price })),
      ),
      openOrders: part([...this.open.values()].map((order) => ({ ...order }))),
      executions: part(this.executions.filter(({ qty }) => qty !== 0)),
      accounts: part([{ ...state, margin: 0, buyingPower: this.cash }]),
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
    const sign = before.side === 'buy' ? 1 : -1;
    const after = fields === 'busted' ? { ...before, qty: 0, fee: 0 } : { ...before, ...fields };
    this.executions[place] = after;
    this.positions.set(after.symbol, (this.positions.get(after.symbol) ?? 0) + sign * (after.qty - before.qty));
    this.cash -= sign * (after.qty * after.price - before.qty * before.price) + after.fee - before.fee;
    const change = fields === 'busted' ? 'busted' : 'corrected';
    this.#tell(change, fields === 'busted' ? before : after);
  }

  /** The broker says later what an execution costs. */
  charge(place: number, fee: number): void {
    const before = this.executions[place];
    if (before === undefined || before.qty === 0) return;
    this.executions[place] = { ...before, fee };
    this.cash -= fee - before.fee;
    this.#tell('commission', this.executions[place] as Fill);
  }

  #tell(change: ExecutionEvent['change'], execution: Fill): void {
    this.outbox.push(() => {
      const at = this.#scene.now;
      this.#scene.driver.event({ kind: 'execution', at, venue: VENUE, change, account: ACCOUNT, execution });
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
    if (this.isRejecting) return this.#report(ref, { report: 'rejected', reason: 'NO' });
    this.open.set(order.clientOrderId, order);
    if (fate === 'through') this.#report(ref, { report: 'accepted' });
    if (order.orderType === 'market') this.#fill(order, Math.min(order.qty, this.liquidity), fate);
  }

  #fill(order: TruthOrder, qty: number, fate: Fate): void {
    const taken = Math.min(qty, order.leavesQty);
    if (taken <= 0) return;
    order.leavesQty -= taken;
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
        other.qty -= taken;
        other.leavesQty -= taken;
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
    const sign = side === 'buy' ? 1 : -1;
    const fee = qty * this.fee;
    const executionId = `x${this.executions.length + 1}`;
    const fill: Fill = {
      ...{ orderId: clientOrderId, executionId, symbol, side, qty, price: this.price, fee, feeCurrency: 'USD' },
      ...{ liquidity: 'unknown', ts: this.#scene.now, tag, account: ACCOUNT },
    };
    this.executions.push(fill);
    this.positions.set(symbol, (this.positions.get(symbol) ?? 0) + sign * qty);
    this.cash -= sign * qty * this.price + fee;
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
    this.#scene.driver.event({ kind: 'execution', at, venue: VENUE, change: 'fill', account: ACCOUNT, execution });
  }
}

function termsOf(order: OrderRecord): TruthOrder {
  const { clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice, ocoGroup } = order;
  return {
    ...{ clientOrderId, symbol, account, tag, side, orderType, qty, limitPrice, stopPrice, ocoGroup },
    leavesQty: qty,
    venueOrderId: `b-${clientOrderId}`,
  };
}

/** A scene whose only account is at such a broker. */
export class BrokerBench {
  readonly scene: Scene;
  readonly broker: TruthBroker;

  constructor(options: SceneOptions & { readonly isExclusive?: boolean; readonly cash?: number } = {}) {
    let broker: TruthBroker | undefined;
    this.scene = new Scene({
      brokers: [
        {
          venue: VENUE,
          accounts: [{ name: ACCOUNT, isExclusive: options.isExclusive ?? true }],
          isMarginSettled: false,
        },
      ],
      reconcile: { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 },
      venueOf: (scene) => {
        broker = new TruthBroker(scene, options.cash);
        return broker;
      },
      ...options,
    });
    this.broker = broker as unknown as TruthBroker;
  }

  get reconciler(): Reconciler {
    return this.scene.kernel.parts.reconciler as Reconciler;
  }

  status(state: 'ready' | 'disconnected'): void {
    const { scene } = this;
    const status = { ts: scene.now, venue: VENUE, state, reason: '', message: '' };
    scene.driver.event({ kind: 'venue-status', at: scene.now, status });
  }

  /** The session comes up and the first answers are in. */
  ready(): void {
    this.status('ready');
    this.pump();
  }

  /** The broker says something of an execution it told of before, or of one it did not. */
  say(change: ExecutionEvent['change'], execution: Fill, account = ACCOUNT): void {
    const { scene } = this;
    scene.driver.event({ kind: 'execution', at: scene.now, venue: VENUE, change, account, execution });
  }

  /** Everything on its way gets there, until nothing is. */
  pump(): void {
    const { inbox, outbox } = this.broker;
    while (inbox.length + outbox.length > 0) this.step();
  }

  /** The next message gets there: a request before an answer. */
  step(): void {
    const { inbox, outbox } = this.broker;
    (inbox.length > 0 ? inbox : outbox).shift()?.();
  }

  /** Time passes; what is due by the clock is done, and answered. */
  pass(ms: number): void {
    const { scene } = this;
    this.pump();
    const end = scene.now + ms;
    while (scene.now < end) {
      scene.now = Math.min(end, Math.max(scene.now + 1, Math.min(end, scene.driver.nextDeadline())));
      scene.driver.advanceTo(scene.now);
      this.pump();
    }
  }

  /** A bar closes at the broker's price, and what follows is done. */
  bar(answer: number, strategy = 0): void {
    this.scene.answer(answer, this.broker.price, strategy);
    this.pump();
  }

  /** Units in all books, the suspense book included. */
  get total(): number {
    return this.scene.slots.reduce((sum, slot) => sum + slot.position.holding.qty, 0);
  }
  get suspense(): number {
    return this.reconciler.watches[0]?.accounts[0]?.slots[0]?.position.holding.qty ?? Number.NaN;
  }
  get truth(): number {
    return this.broker.positions.get('AAA') ?? 0;
  }
}
