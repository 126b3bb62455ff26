// What an earlier difference has made other: a position, what was at work for one, what a book is worth, an order that is sent anew.
import type { EpochMs } from '@bookrunner/sdk';
import type { Difference } from './difference.js';
import { type ExplainedDifference, followsOf, type Verdict } from './explained-difference.js';
import { instantOf, orderOfPair } from './match-orders.js';
import {
  hasBoth,
  hasFills,
  isAnyAtWork,
  isEndedOf,
  isExitThatFailed,
  isHeldBackOf,
  movesOfPair,
  partsOf,
} from './pair-facts.js';
import type { PositionGap } from './position-gap.js';
import { directionOf, movesOf, type SideOrder } from './side-ledger.js';

/** Finds of which earlier difference one is a consequence. */
export class Consequences {
  /** Those that have their cause by now, in order of time. */
  readonly #done: readonly ExplainedDifference[];
  readonly #positions: PositionGap;
  /** Orders that another one has taken the place of. */
  readonly #replaced = new Set<Difference['pair']>();

  constructor(done: readonly ExplainedDifference[], positions: PositionGap) {
    this.#done = done;
    this.#positions = positions;
  }

  /** Protection of an entry that filled in parts on one side: it is sent for the first of them, and grows. */
  ofParts({ pair, strategy, symbol }: Difference): Verdict | undefined {
    if (orderOfPair(pair).purpose !== 'protection') return undefined;
    const created = [pair.session, pair.backtest].flatMap((order) => order?.createdTs ?? []);
    const entry = this.#done.findLast(
      (done) =>
        done.strategy === strategy &&
        done.symbol === symbol &&
        partsOf(done.pair) !== undefined &&
        movesOfPair(done.pair).some(({ ts }) => created.includes(ts)),
    );
    const first = this.#done.find(({ pair: other }) => other === entry?.pair);
    if (first === undefined) return undefined;
    return {
      ...{ cause: 'fill model', follows: first.id },
      evidence: `Protects what the order of #${first.id} filled, part by part: ${partsOf(first.pair)}.`,
    };
  }

  /** What an earlier difference of the strategy, or of its book, has made other. */
  of(difference: Difference): Verdict | undefined {
    const { kind, strategy, symbol, book, pair } = difference;
    if (kind === 'fee' || kind === 'price' || kind === 'fill-time') return undefined;
    const order = orderOfPair(pair);
    const at = instantOf(pair);
    const earlier = this.#done.filter(
      (done) => done.strategy === strategy && done.symbol === symbol && done.pair !== pair,
    );
    const moved = this.#moved(order, at, earlier);
    if (moved !== undefined) return moved;
    if (kind === 'missing' || kind === 'added')
      return this.#tiedTo(order, earlier) ?? this.#replaces(pair, earlier) ?? this.#resizes(order, at);
    // The order was the same, or the same bar later: neither that, nor what the venue made of it, is a matter of size.
    if (kind !== 'terms') return undefined;
    const last = earlier.at(-1) ?? this.#done.findLast((done) => done.book === book && done.money !== 0);
    if (last === undefined) return undefined;
    const evidence = `Sized and priced after #${last.id}, which changed what the book or the position is worth.`;
    return followsOf(last, evidence);
  }

  /** The position was another one before. */
  #moved(order: SideOrder, at: EpochMs, earlier: readonly ExplainedDifference[]): Verdict | undefined {
    const last = earlier.findLast(isMoving);
    const { session, backtest } = this.#positions.before(order, at, order.purpose === 'protection');
    if (last === undefined || session === backtest) return undefined;
    return followsOf(
      last,
      `The position before was ${session} in the session and ${backtest} in the backtest, since #${last.id}.`,
    );
  }

  /** The same order has filled otherwise on both sides: more or less of it is still at work. */
  ofWorking({ kind, strategy, symbol, pair }: Difference): Verdict | undefined {
    const order = orderOfPair(pair);
    const at = instantOf(pair);
    if ((kind !== 'missing' && kind !== 'added') || order.purpose === 'protection') return undefined;
    const same = this.#done.findLast(
      (done) =>
        done.strategy === strategy &&
        done.symbol === symbol &&
        isMoving(done) &&
        hasBoth(done.pair) &&
        isAnyAtWork(done.pair, at),
    );
    const { session, backtest } = this.#positions.wantedBefore(order, at);
    if (same === undefined || session === backtest) return undefined;
    return followsOf(
      same,
      `With what was at work the position was ${session} in the session and ${backtest} in the backtest, since #${same.id}.`,
    );
  }

  /** Orders that the same instant sent along, such as the protection of a fill that was another one. */
  #tiedTo(order: SideOrder, earlier: readonly ExplainedDifference[]): Verdict | undefined {
    const isProtection = order.purpose === 'protection';
    const tied = earlier.findLast(({ pair }) => {
      const other = orderOfPair(pair);
      if (other === order || (!isProtection && (hasBoth(pair) || !isRestOfReversal(order, other)))) return false;
      const { session, backtest } = pair;
      return [session, backtest].some((each) => each && movesOf(each).some(({ ts }) => ts === order.createdTs));
    });
    if (tied !== undefined)
      return followsOf(tied, `${isProtection ? 'Protects what' : 'Sent when'} #${tied.id} filled.`);
    const left = earlier.findLast(({ pair }) => isExitThatFailed(pair, order));
    return left && followsOf(left, `Protects what #${left.id} did not close.`);
  }

  /** The session sends anew what had ended there, by its broker or for what it was told, and not in the backtest; or what it could not before. */
  #replaces({ session }: Difference['pair'], earlier: readonly ExplainedDifference[]): Verdict | undefined {
    if (session === undefined) return undefined;
    const ended = earlier.find(({ pair }) => !this.#replaced.has(pair) && isEndedOf(pair, session));
    if (ended === undefined) return this.#heldBack(session, earlier);
    this.#replaced.add(ended.pair);
    const { end = '', reason = '' } = ended.pair.session ?? {};
    const how = reason === '' ? end : `${end}: ${reason}`;
    return followsOf(ended, `Takes the place of the order of #${ended.id}, ${how}.`);
  }

  #heldBack(order: SideOrder, earlier: readonly ExplainedDifference[]): Verdict | undefined {
    const held = earlier.find(({ pair }) => !this.#replaced.has(pair) && isHeldBackOf(pair, order));
    if (held === undefined) return undefined;
    this.#replaced.add(held.pair);
    const evidence = `Sends what the session had not at #${held.id}, and rests in the backtest.`;
    return followsOf(held, evidence);
  }

  /** Of what a book is worth a strategy holds a part: that makes its position larger or smaller, and neither begins, ends nor turns it. */
  #resizes(order: SideOrder, at: EpochMs): Verdict | undefined {
    const { session: held } = this.#positions.before(order, at, false);
    const direction = directionOf(order);
    const isResized = held !== 0 && (held > 0 === direction > 0 || Math.abs(held) > order.qty);
    const last = isResized && this.#done.findLast((done) => done.book === order.book && done.money !== 0);
    if (order.purpose === 'protection' || !last) return undefined;
    const evidence = `Makes the position ${held > 0 === direction > 0 ? 'larger' : 'smaller'} after #${last.id}, which changed what the book is worth.`;
    return followsOf(last, evidence);
  }
}

/** Differences after which a position may be another one. */
const MOVING: ReadonlySet<string> = new Set(['missing', 'added', 'quantity', 'fill-time', 'decision-time', 'outcome']);

/** Whether a position may be another one after it. */
function isMoving({ kind, pair }: ExplainedDifference): boolean {
  return MOVING.has(kind) && hasFills(pair);
}

/** Whether an order opens the other side of what an exit closes. */
function isRestOfReversal(order: SideOrder, exit: SideOrder): boolean {
  return order.purpose === 'entry' && exit.purpose === 'exit' && order.side === exit.side;
}
