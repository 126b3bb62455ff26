// How a pair of orders differs, and what each difference is worth. Money is linear in fills, so that the parts add up exactly.
import type { EpochMs } from '@bookrunner/sdk';
import { instantOf, orderOfPair, type OrderPair } from './match-orders.js';
import { directionOf, filledOf, movesOf, type SideOrder } from './side-ledger.js';

/** What differs. */
export type DifferenceKind =
  /** Only the backtest has the order; only the session has it. */
  | 'missing'
  | 'added'
  /** Decided at another instant; sent with another quantity or price. */
  | 'decision-time'
  | 'terms'
  /** Accepted or filled at another instant; ended otherwise. */
  | 'fill-time'
  | 'outcome'
  /** Another quantity, price or fee of what was filled. */
  | 'quantity'
  | 'price'
  | 'fee';

/** One difference, not yet explained. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly pair: OrderPair;
  /** When it shows. */
  readonly at: EpochMs;
  readonly strategy: string;
  readonly book: string;
  readonly symbol: string;
  /** What it adds to PnL(session) - PnL(backtest), in the book's currency. */
  readonly money: number;
  readonly session: string;
  readonly backtest: string;
  /** Price difference against the session, in basis points of the backtest's price; NaN where it is no price. */
  readonly slippageBps: number;
}

/** How the fills of an order are valued: one value per unit and price, and the last price of the period. */
export interface Valuation {
  /** Money of one unit at a price of one, in the currency of the book of the order. */
  readonly unitValue: (order: SideOrder) => number;
  readonly mark: (order: SideOrder) => number;
  /** One unit of a currency in that of the book. */
  readonly rate: (order: SideOrder, currency: string) => number;
}

/** What the fills of an order have earned by the last price, fees paid. */
export function earnedBy(order: SideOrder, valuation: Valuation): number {
  return grossOf(order, valuation) - feesOf(order, valuation);
}

/** The differences of a pair, none where it is the same on both sides. Their money adds up to what the pair differs by. */
export function differencesOf(pair: OrderPair, valuation: Valuation): readonly Difference[] {
  const { session, backtest } = pair;
  if (session === undefined || backtest === undefined) return [oneSided(pair, valuation)];
  const both: BothSides = { session, backtest };
  return [...decisionDifferences(both), ...fillDifferences(both, valuation)].map((found) => ({ ...found, pair }));
}

function difference(pair: BothSides, kind: DifferenceKind, more: Partial<Difference>): Difference {
  const { strategy, book, symbol } = pair.session;
  const at = instantOf(pair);
  const blank = { money: 0, session: '', backtest: '', slippageBps: Number.NaN };
  return { kind, pair, strategy, book, symbol, at, ...blank, ...more };
}

/** Between what was decided. */
function decisionDifferences(pair: BothSides): readonly Difference[] {
  const { session, backtest } = pair;
  const found: Difference[] = [];
  if (session.createdTs !== backtest.createdTs) {
    const texts = { session: timeOf(session.createdTs), backtest: timeOf(backtest.createdTs) };
    found.push(difference(pair, 'decision-time', texts));
  }
  if (termsOf(session) !== termsOf(backtest))
    found.push(difference(pair, 'terms', { session: termsOf(session), backtest: termsOf(backtest) }));
  return found;
}

/** Between what became of it. */
function fillDifferences(pair: BothSides, valuation: Valuation): readonly Difference[] {
  const { session, backtest } = pair;
  const mine = filledOf(session);
  const other = filledOf(backtest);
  // The first of its parts: what a fill brings about, such as protection, is at no time before it.
  const at = Math.min(...[...movesOf(session), ...movesOf(backtest)].map(({ ts }) => ts));
  const when = Number.isFinite(at) ? { at } : {};
  const { quantity, price } = grossParts(pair, valuation);
  const found: Difference[] = [];
  const areFilled = mine.qty > 0 && other.qty > 0;
  if (areFilled && timesOf(session) !== timesOf(backtest))
    found.push(difference(pair, 'fill-time', { ...when, session: timesOf(session), backtest: timesOf(backtest) }));
  if (mine.qty !== other.qty) {
    const texts = { session: `filled ${mine.qty}`, backtest: `filled ${other.qty}` };
    // What came to nothing shows when it does, and not when the other side is filled.
    const shown = mine.qty === 0 ? { at: Math.min(at, session.endTs ?? at) } : when;
    found.push(difference(pair, 'quantity', { ...when, ...shown, ...texts, money: quantity }));
  } else if (endOf(session) !== endOf(backtest)) {
    found.push(difference(pair, 'outcome', { ...when, session: endOf(session), backtest: endOf(backtest) }));
  }
  if (areFilled && mine.price !== other.price) {
    const slippageBps = ((directionOf(session) * (mine.price - other.price)) / Math.abs(other.price)) * 1e4;
    const texts = { session: `at ${plain(mine.price)}`, backtest: `at ${plain(other.price)}` };
    found.push(difference(pair, 'price', { ...when, ...texts, money: price, slippageBps }));
  }
  return [...found, ...feeDifference(pair, when, [feesOf(session, valuation), feesOf(backtest, valuation)])];
}

function feeDifference(
  pair: BothSides,
  when: Partial<Difference>,
  [session, backtest]: readonly [number, number],
): readonly Difference[] {
  if (session === backtest) return [];
  const texts = { session: `fee ${plain(session)}`, backtest: `fee ${plain(backtest)}` };
  return [difference(pair, 'fee', { ...when, ...texts, money: backtest - session })];
}

interface BothSides extends OrderPair {
  readonly session: SideOrder;
  readonly backtest: SideOrder;
}

/** The quantity that only one side filled is valued with that side's price, the rest with the difference of prices. */
function grossParts(
  { session, backtest }: BothSides,
  valuation: Valuation,
): { readonly quantity: number; readonly price: number } {
  const total = grossOf(session, valuation) - grossOf(backtest, valuation);
  const mine = filledOf(session);
  const other = filledOf(backtest);
  if (mine.qty === other.qty) return { quantity: 0, price: total };
  if (mine.qty === 0 || other.qty === 0) return { quantity: total, price: 0 };
  const common = Math.min(mine.qty, other.qty);
  const price = directionOf(session) * common * (other.price - mine.price) * valuation.unitValue(session);
  return { quantity: total - price, price };
}

function grossOf(order: SideOrder, valuation: Valuation): number {
  const mark = valuation.mark(order);
  let sum = 0;
  for (const { qty, price } of order.fills) sum += qty * (mark - price);
  return order.fills.length === 0 ? 0 : directionOf(order) * sum * valuation.unitValue(order);
}

function feesOf(order: SideOrder, valuation: Valuation): number {
  return order.fills.reduce(
    (sum, { fee, feeCurrency }) => sum + (fee === 0 ? 0 : fee * valuation.rate(order, feeCurrency)),
    0,
  );
}

function oneSided(pair: OrderPair, valuation: Valuation): Difference {
  const order = orderOfPair(pair);
  const isAdded = pair.session !== undefined;
  const earned = earnedBy(order, valuation);
  const { strategy, book, symbol } = order;
  return {
    ...{ kind: isAdded ? 'added' : 'missing', pair, at: order.createdTs, strategy, book, symbol },
    money: isAdded ? earned : 0 - earned,
    session: isAdded ? orderText(order) : 'no such order',
    backtest: isAdded ? 'no such order' : orderText(order),
    slippageBps: Number.NaN,
  };
}

/** An order on one line. */
export function orderText(order: SideOrder): string {
  const { qty, price } = filledOf(order);
  if (order.booked?.cause === 'guard') return `${order.side} ${qty} at ${plain(price)}, booked without an order`;
  const filled = qty === 0 ? endOf(order) || 'not filled' : `filled ${qty} at ${plain(price)}`;
  return `${order.side} ${termsOf(order)}, ${filled}`;
}

function termsOf({ qty, orderType, limitPrice, stopPrice }: SideOrder): string {
  const limit = Number.isNaN(limitPrice) ? '' : ` limit ${plain(limitPrice)}`;
  const stop = Number.isNaN(stopPrice) ? '' : ` stop ${plain(stopPrice)}`;
  return `${qty} ${orderType}${limit}${stop}`;
}

function timesOf(order: SideOrder): string {
  const accepted = Number.isNaN(order.acceptedTs) ? '' : `accepted ${timeOf(order.acceptedTs)}, `;
  return `${accepted}filled ${order.fills.map(({ ts }) => timeOf(ts)).join(', ')}`;
}

function endOf({ end, reason }: SideOrder): string {
  return [end, reason].filter((text) => text !== '').join(': ');
}

/** Time of the day: the day stands beside every difference. */
function timeOf(at: EpochMs): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : 'never';
}

function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
