import type { CancelOutcome, SubmitOutcome } from '../../interfaces/venue.js';
import type { Order, OrderChange, OrderType } from '../../model/order.js';
import { fromScaled, StepGrid, toScaled } from '../../model/rounding.js';
import type { VenueReport } from '../../model/venue-report.js';
import { anOrder } from '../builders.js';
import { canonical, deepFreeze, describeValue } from '../canonical.js';
import { broken, check, checkNoThrow } from '../check.js';
import { testingError } from '../errors.js';
import { RecordingVenueSink } from '../recording-sinks.js';
import type { VenueFixture } from './venue-fixture.js';

const FINAL_KINDS: ReadonlySet<VenueReport['kind']> = new Set(['rejected', 'cancelled', 'expired']);
/** What may follow an order's final report. */
const AFTER_FINAL: ReadonlySet<VenueReport['kind']> = new Set([
  'corrected',
  'busted',
  'commission',
  'cancel-rejected',
  'replace-rejected',
]);

/** A venue under test: opened with a recording sink, orders at prices counted in steps, and checks of what it reported. */
export class VenueSession {
  readonly fixture: VenueFixture;
  readonly sink = new RecordingVenueSink();
  readonly qty: number;
  readonly #grid: StepGrid;
  readonly #base: number;

  constructor(fixture: VenueFixture) {
    this.fixture = fixture;
    this.qty = fixture.qty ?? fixture.instrument.minQty;
    this.#grid = new StepGrid(fixture.instrument.priceStep);
    this.#base = this.#grid.toSteps(fixture.price ?? 100);
  }

  /** An open venue with a market of one step around the base price: bid 0, ask 1. */
  static async open(fixture: VenueFixture): Promise<VenueSession> {
    const session = new VenueSession(fixture);
    await checkNoThrow(() => fixture.venue.open(session.sink), 'open');
    await fixture.settle();
    return session;
  }

  /** The same with a first quote. */
  static async openWithMarket(fixture: VenueFixture): Promise<VenueSession> {
    const session = await VenueSession.open(fixture);
    await session.quote(0, 1);
    return session;
  }

  /** The price that many steps above the base. */
  at(steps: number): number {
    return this.#grid.toValue(this.#base + steps);
  }

  /** Moves the market to a bid and an ask, in steps above the base. */
  async quote(bid: number, ask: number): Promise<void> {
    const { market, instrument } = this.fixture;
    if (market === undefined) {
      throw testingError('CONTRACT_FIXTURE_INCOMPLETE', 'The case moves the market, and the fixture has no `market`.');
    }
    await market.quote(instrument.symbol, this.at(bid), this.at(ask));
    await this.fixture.settle();
  }

  /** An order of the suite: buy at the market unless told otherwise. */
  order(fields: Partial<Order> = {}): Order {
    const { instrument, account, clock } = this.fixture;
    const common = { symbol: instrument.symbol, account, qty: this.qty, createdTs: clock.nowUtc() };
    return anOrder({ ...common, tif: this.timeInForce(), ...fields });
  }

  /** An order of a type, its prices `distance` steps away on the side where it rests. */
  resting(orderType: OrderType, distance: number, fields: Partial<Order> = {}): Order {
    const sign = fields.side === 'sell' ? 1 : -1;
    const [limit, stop] = [this.at(sign * distance), this.at(-sign * distance)];
    switch (orderType) {
      case 'market':
        return this.order(fields);
      case 'limit':
        return this.order({ orderType, limitPrice: limit, ...fields });
      case 'stop':
        return this.order({ orderType, stopPrice: stop, ...fields });
      case 'stop-limit':
        return this.order({ orderType, stopPrice: stop, limitPrice: this.at(-sign * (distance + 2)), ...fields });
      case 'trailing-stop':
        return this.order({ orderType, trail: distance * this.fixture.instrument.priceStep, ...fields });
    }
  }

  /** A declared time in force that rests. */
  timeInForce(): Order['tif'] {
    const { timeInForce } = this.fixture.venue.capabilities;
    return timeInForce.includes('GTC') ? 'GTC' : (timeInForce[0] ?? 'DAY');
  }

  /** Submits frozen orders as one group and waits for the answers. */
  async submit(...group: readonly Order[]): Promise<SubmitOutcome> {
    deepFreeze(group);
    const outcome = await checkNoThrow(() => this.fixture.venue.submit(group), 'submit');
    checkOutcome(outcome, 'submit');
    await this.fixture.settle();
    return outcome;
  }

  /** Submits and fails unless the venue took it. */
  async send(...group: readonly Order[]): Promise<void> {
    const outcome = await this.submit(...group);
    check(outcome.kind === 'sent', `An ordinary order should be sent, but was ${describeValue(outcome)}.`);
  }

  async cancel(order: Order): Promise<CancelOutcome> {
    const { clientOrderId, symbol } = order;
    const ref = deepFreeze({ clientOrderId, symbol });
    const outcome = await checkNoThrow(() => this.fixture.venue.cancel(ref), 'cancel');
    checkOutcome(outcome, 'cancel');
    await this.fixture.settle();
    return outcome;
  }

  /** Replaces; fails where the venue has no `replace`. */
  async replace(order: Order, change: OrderChange): Promise<CancelOutcome> {
    const { venue } = this.fixture;
    const { clientOrderId, symbol } = order;
    if (venue.replace === undefined) throw broken('It declares `replace` but has no such function.');
    const call = venue.replace.bind(venue, deepFreeze({ clientOrderId, symbol }), deepFreeze(change));
    const outcome = await checkNoThrow(call, 'replace');
    checkOutcome(outcome, 'replace');
    await this.fixture.settle();
    return outcome;
  }

  /** Units of an order filled so far. */
  filledQty(order: Order): number {
    const { quantityDecimals } = this.fixture.instrument;
    let scaled = 0;
    for (const report of this.sink.of(order.clientOrderId)) {
      if (report.kind === 'filled') scaled += toScaled(report.fill.qty, quantityDecimals);
    }
    return fromScaled(scaled, quantityDecimals);
  }

  /** Whether one of these kinds was reported of the order. */
  has(order: Order, ...kinds: readonly VenueReport['kind'][]): boolean {
    return this.sink.kinds(order.clientOrderId).some((kind) => kinds.includes(kind));
  }

  /** What was reported of an order, for a failure's sentence. */
  told(order: Order): string {
    const kinds = this.sink.kinds(order.clientOrderId);
    return kinds.length === 0 ? 'nothing' : kinds.join(', ');
  }

  /** Fails unless the order is accepted, filled whole, and nothing else. */
  checkFilled(order: Order, why: string): void {
    check(this.filledQty(order) === order.qty, `${why}: reported was ${this.told(order)}.`);
    this.checkLife(order);
  }

  /** Fails unless the order is accepted and works, unfilled. */
  checkWorking(order: Order, why: string): void {
    const works = this.has(order, 'accepted') && !this.has(order, 'filled', 'cancelled', 'rejected', 'expired');
    check(works, `${why}: reported was ${this.told(order)}.`);
  }

  /** Fails unless it certainly did not trade: refused before the wire, or rejected. */
  checkNotTaken(order: Order, outcome: SubmitOutcome, why: string): void {
    const rejected = outcome.kind === 'refused' || this.has(order, 'rejected');
    check(rejected, `${why}: it was answered ${describeValue(outcome)}, and reported was ${this.told(order)}.`);
    check(!this.has(order, 'filled'), `${why}: it was filled all the same.`);
  }

  /** Rules 2 to 4 for one order: accepted before fills, exact quantities, nothing after the final report. */
  checkLife(order: Order): void {
    const { quantityDecimals } = this.fixture.instrument;
    let leaves = toScaled(order.qty, quantityDecimals);
    let filled = 0;
    let isAccepted = false;
    let isFinal = false;
    for (const report of this.sink.of(order.clientOrderId)) {
      check(
        !isFinal || AFTER_FINAL.has(report.kind),
        `'${report.kind}' follows the order's final report: ${this.told(order)}.`,
      );
      if (report.kind === 'accepted') isAccepted = true;
      if (report.kind === 'replaced') leaves = toScaled(report.qty, quantityDecimals) - filled;
      if (report.kind === 'filled') {
        check(isAccepted, `A fill came before 'accepted': ${this.told(order)}.`);
        filled += toScaled(report.fill.qty, quantityDecimals);
        leaves -= toScaled(report.fill.qty, quantityDecimals);
        check(leaves >= 0, `The fills sum to more than the order's ${order.qty} units.`);
        const expected = fromScaled(leaves, quantityDecimals);
        check(report.leavesQty === expected, `leavesQty is ${report.leavesQty}, but ${expected} units are left.`);
      }
      isFinal ||= FINAL_KINDS.has(report.kind) || (report.kind === 'filled' && leaves === 0);
    }
  }
}

/** Fails unless the outcome has one of the three shapes. */
function checkOutcome(outcome: SubmitOutcome, what: string): void {
  const { kind } = outcome;
  const known = kind === 'sent' || kind === 'refused' || kind === 'unknown';
  check(known, `The outcome of ${what} has to be sent, refused or unknown; it was ${canonical(outcome)}.`);
  const hasReason = kind === 'sent' || (outcome.reason.length > 0 && outcome.message.length > 0);
  check(hasReason, `The outcome '${kind}' of ${what} needs a reason and a message; it was ${canonical(outcome)}.`);
}
