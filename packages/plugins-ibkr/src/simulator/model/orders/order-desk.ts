import type { Clock } from '@bookrunner/sdk';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { MarketChange, MarketPlace } from '../market/market-place.js';
import type { SimulatorSettings } from '../simulator-options.js';
import { childrenOf, implicitGroup, openedFor } from './brackets.js';
import type { Execution } from './execution-register.js';
import { ComboLiquidity, QuotedLiquidity } from './liquidity.js';
import type { Liquidity } from './liquidity.js';
import { MatchingBook } from './matching-book.js';
import { ocaEffects } from './oca-groups.js';
import { isSetOff, limitOf } from './order-pricing.js';
import type { OrderRecord } from './order-record.js';
import type { OrderRegister } from './order-register.js';
import type { OrderReporter } from './order-reporter.js';
import { OrderTiming } from './order-timing.js';
import { waitsOf } from './order-waits.js';
import type { OrderWait } from './order-waits.js';
import type { Fill, TradeBooth } from './trade-booth.js';

interface Parts {
  readonly clock: Clock;
  readonly settings: SimulatorSettings;
  readonly markets: MarketPlace;
  readonly register: OrderRegister;
  readonly reporter: OrderReporter;
  readonly booth: TradeBooth;
  /** Hears of each fill once it is booked and told. */
  readonly onFill: (order: OrderRecord, executions: readonly Execution[]) => void;
}

/** The life of orders that were accepted: waiting, trading, ending, and what that does to their relations. */
export class OrderDesk {
  readonly #parts: Parts;
  readonly #book: MatchingBook;
  readonly #timing: OrderTiming;
  readonly #toMatch = new Set<number>();
  #auction: { readonly order: OrderRecord; readonly kind: 'open' | 'close' } | undefined;
  #isMatching = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#book = new MatchingBook(parts.settings.fillSize, {
      liquidityOf: (order) => this.liquidityOf(order),
      tradableLots: (order) => this.#tradableLots(order),
      fill: (order, fill) => this.fill(order, fill),
    });
    this.#timing = new OrderTiming(parts.clock, parts.settings.timeZone, {
      expire: (order) => this.end(order, 'Order expired'),
      wake: (order) => this.wake(order),
      auction: (order, kind) => this.#holdAuction(order, kind),
    });
    parts.markets.listen((change) => this.#onMarket(change));
  }

  /** Takes orders that are transmitted together, parents first. `onTold` is called once each is told, before any trades. */
  accept(orders: readonly OrderRecord[], onTold: (order: OrderRecord) => void): void {
    for (const order of orders) {
      order.isTransmitted = true;
      order.status = 'PreSubmitted';
      this.#tieToSiblings(order);
      this.#book.add(order);
      this.#timing.plan(order, this.#marketOf(order));
      this.#parts.reporter.state(order);
      onTold(order);
    }
    for (const order of orders) this.#start(order, this.#parts.settings.restingCopies);
  }

  /** An order whose terms were changed. */
  changed(order: OrderRecord): void {
    this.#timing.plan(order, this.#marketOf(order));
    this.#parts.reporter.state(order);
    this.#start(order, 0);
  }

  /** Looks again whether an order that waited may trade. */
  wake(order: OrderRecord): void {
    if (!order.isLive) return;
    this.#timing.plan(order, this.#marketOf(order));
    this.#start(order, 0);
  }

  /** Cancels what an order has left and tells why. */
  end(order: OrderRecord, reason = ''): void {
    if (!order.isLive) return;
    order.status = 'Cancelled';
    this.#retire(order);
    this.#parts.reporter.status(order);
    this.#parts.reporter.error(order, 202, `Order Canceled - reason:${reason}`);
    this.#settleChildren(order);
    this.#matchAll();
  }

  /** Fills units of an order at a price, whatever the market says; a cancelled order takes them too. */
  fill(order: OrderRecord, fill: Fill): void {
    const { reporter, booth, onFill } = this.#parts;
    const wasLive = order.isLive;
    if (wasLive && order.status !== 'PendingCancel') order.status = 'Submitted';
    order.addFill(fill.lots, fill.price);
    const executions = booth.execute(order, fill);
    if (!order.isLive) this.#retire(order);
    reporter.fill(order, executions);
    onFill(order, executions);
    if (wasLive) this.#settleGroup(order, fill.lots);
    this.#settleChildren(order);
    if (!this.#isMatching) this.#matchAll();
  }

  /** Why an order is not at the market. */
  waits(order: OrderRecord): readonly OrderWait[] {
    const auction = this.#auction?.order === order ? this.#auction.kind : 'none';
    const { clock, settings } = this.#parts;
    return waitsOf(order, { now: clock.nowUtc(), market: this.#marketOf(order), timeZone: settings.timeZone, auction });
  }

  /** What an order can trade against. */
  liquidityOf(order: OrderRecord): Liquidity {
    const { legs } = order.subject;
    const { markets } = this.#parts;
    if (legs.length === 0) return new QuotedLiquidity(markets.of(order.instrument));
    return new ComboLiquidity(legs, ({ instrument }) => markets.of(instrument));
  }

  /** Where a fill that no match gave would be: the limit, else the quote, else the last trade. */
  priceOf(order: OrderRecord): number {
    const { bid, ask } = this.liquidityOf(order);
    const limit = limitOf(order);
    const price = Number.isNaN(limit) ? (order.isBuy ? ask : bid) : limit;
    return Number.isNaN(price) ? this.#marketOf(order).now.last : price;
  }

  /** When an order that waits for hours may trade. */
  nextStart(order: OrderRecord): number {
    return this.#timing.nextStart(order, this.#marketOf(order));
  }

  /** The first look at an order: its trigger, its match, and the state it rests in. */
  #start(order: OrderRecord, copies: number): void {
    if (!order.isLive) return;
    this.#setOff(order, Number.NaN);
    for (const { conId } of order.instruments) this.#toMatch.add(conId);
    this.#matchAll();
    this.#refresh(order);
    if (isImmediate(order) && this.waits(order).includes('hours')) this.end(order);
    for (let n = 1; n < copies && order.isLive; n += 1) this.#parts.reporter.state(order);
  }

  #onMarket({ market, tick, hasTrade }: MarketChange): void {
    const { conId } = market.instrument;
    const last = hasTrade && tick.lastSize > 0 ? tick.last : Number.NaN;
    for (const order of this.#book.of(conId)) this.#setOff(order, order.subject.legs.length > 0 ? Number.NaN : last);
    this.#toMatch.add(conId);
    this.#matchAll();
    if (!Number.isNaN(last)) this.#book.tradeThrough(conId, last, tick.lastSize);
    this.#matchAll();
  }

  /** A trigger that is reached puts the order at the market. */
  #setOff(order: OrderRecord, last: number): void {
    if (order.isTriggered || !order.isLive || this.#marketOf(order).halted !== 0) return;
    const others = this.waits(order).filter((wait) => wait !== 'trigger');
    if (others.length > 0 || !isSetOff(order, this.liquidityOf(order), last)) return;
    order.isTriggered = true;
    this.#refresh(order);
  }

  /** Tells that an order has come to the market. */
  #refresh(order: OrderRecord): void {
    if (order.status !== 'PreSubmitted' || this.waits(order).length > 0) return;
    order.status = 'Submitted';
    this.#parts.reporter.state(order);
  }

  #matchAll(): void {
    if (this.#isMatching) return;
    this.#isMatching = true;
    for (let conId = this.#nextToMatch(); conId !== undefined; conId = this.#nextToMatch()) {
      this.#book.match(conId);
      for (const order of this.#book.of(conId)) this.#endImmediate(order);
    }
    this.#isMatching = false;
  }

  #nextToMatch(): number | undefined {
    const [conId] = this.#toMatch;
    if (conId !== undefined) this.#toMatch.delete(conId);
    return conId;
  }

  #endImmediate(order: OrderRecord): void {
    if (isImmediate(order) && order.hasRested) this.end(order);
  }

  #holdAuction(order: OrderRecord, kind: 'open' | 'close'): void {
    this.#auction = { order, kind };
    this.#start(order, 0);
    this.#auction = undefined;
    this.end(order, kind === 'open' ? 'Not filled at the opening' : 'Not filled at the close');
  }

  #tradableLots(order: OrderRecord): number {
    const market = this.#marketOf(order);
    if (market.halted !== 0 || this.waits(order).length > 0) return 0;
    return openedFor(order, this.#parts.register.all);
  }

  #settleGroup(order: OrderRecord, lots: number): void {
    for (const effect of ocaEffects(order, lots, this.#parts.register.live)) {
      if (effect.kind === 'cancel') this.end(effect.order, 'OCA group');
      else this.#leave(effect.order, effect.lots);
    }
  }

  /** What the parent did shows in its children: they wake with its first fill, and end with it where it filled nothing. */
  #settleChildren(parent: OrderRecord): void {
    for (const child of childrenOf(parent, this.#parts.register.live)) {
      if (!parent.isLive && openedFor(child, this.#parts.register.all) === 0) this.end(child, 'Parent ended');
      else if (parent.isLive) this.#awaken(child);
      else {
        this.#leave(child, openedFor(child, this.#parts.register.all));
        this.#awaken(child);
      }
    }
  }

  #awaken(child: OrderRecord): void {
    if (!child.isTransmitted) return;
    this.#setOff(child, Number.NaN);
    this.#refresh(child);
    for (const { conId } of child.instruments) this.#toMatch.add(conId);
  }

  /** Less is left of an order than its client asked for. */
  #leave(order: OrderRecord, lots: number): void {
    if (lots >= order.remainingLots) return;
    order.totalLots = order.filledLots + lots;
    this.#parts.reporter.state(order);
  }

  #tieToSiblings(order: OrderRecord): void {
    if (order.parent === undefined || order.terms.ocaGroup !== '') return;
    order.terms = { ...order.terms, ocaGroup: implicitGroup(order.parent), ocaType: 3 };
  }

  #retire(order: OrderRecord): void {
    order.completedAt = this.#parts.clock.nowUtc();
    this.#book.remove(order);
    this.#parts.register.retire(order);
  }

  #marketOf(order: OrderRecord): ReturnType<MarketPlace['of']> {
    const [first] = order.instruments as readonly [InstrumentDefinition];
    return this.#parts.markets.of(first);
  }
}

/** IOC and FOK orders live for one look at the market. */
function isImmediate({ terms }: OrderRecord): boolean {
  return terms.tif === 'IOC' || terms.tif === 'FOK';
}
