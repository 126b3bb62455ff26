// One cause for each difference, with its evidence. What nothing explains is called unexplained, never something else.
import type { EpochMs } from '@bookrunner/sdk';
import type { Difference } from './difference.js';
import type { Disturbance } from './disturbance.js';
import { isHeldUpByEntry } from './entry-waits.js';
import { instantOf, orderOfPair, type OrderPair } from './match-orders.js';
import type { SideWait } from './side-waits.js';
import type { ViewSpan } from './strategy-views.js';
import { Consequences } from './consequences.js';
import { type Cause, type ExplainedDifference, followsOf, type Verdict, verdict } from './explained-difference.js';
import { filledOf, type SideOrder } from './side-ledger.js';
import { hasBoth, hasSameFeeRate, partsOf } from './pair-facts.js';
import { PositionGap } from './position-gap.js';

/** What causes are looked for in. */
export interface AttributionFacts {
  readonly disturbances: readonly Disturbance[];
  readonly session: readonly SideOrder[];
  readonly backtest: readonly SideOrder[];
  /** When strategies of either side could not send what they wanted; none unless given. */
  readonly waits?: readonly SideWait[];
  /** Account that a book trades on. */
  readonly accountOf: (book: string) => string;
  readonly venueOf: (book: string) => string;
  readonly barMsOf: (strategy: string) => number;
  /** Time that the bars a strategy needs to be warm take. */
  readonly warmupMsOf: (strategy: string) => number;
  /** Longest gap after which a strategy goes on as if there had been none. */
  readonly toleranceMsOf: (strategy: string) => number;
  /** When strategies saw or remembered something else than in the backtest; undefined where nobody looked. */
  readonly views?: readonly ViewSpan[];
  /** Sentences on what the backtest was made from that the session was not. */
  readonly changes: readonly string[];
}

/** Explains differences, which have to ascend by instant. */
export function attribute(differences: readonly Difference[], facts: AttributionFacts): readonly ExplainedDifference[] {
  const attribution = new Attribution(facts);
  return differences.map((difference) => attribution.explain(difference));
}

class Attribution {
  readonly #facts: AttributionFacts;
  readonly #done: ExplainedDifference[] = [];
  readonly #consequences: Consequences;

  constructor(facts: AttributionFacts) {
    this.#facts = facts;
    this.#consequences = new Consequences(this.#done, new PositionGap(facts.session, facts.backtest));
  }

  explain(difference: Difference): ExplainedDifference {
    const consequences = this.#consequences;
    const found =
      ofBooking(difference) ??
      this.#ofSameOrder(difference) ??
      (hasBoth(difference.pair) ? consequences.ofParts(difference) : undefined) ??
      this.#disturbed(difference, 0) ??
      consequences.ofParts(difference) ??
      consequences.of(difference) ??
      this.#waited(difference) ??
      this.#decidedOther(difference) ??
      consequences.ofWorking(difference) ??
      this.#ofVenue(difference) ??
      this.#unexplained();
    const explained = { ...difference, id: this.#done.length + 1, ...found };
    this.#done.push(explained);
    return explained;
  }

  /** What an order that was decided otherwise comes to is no difference of its own. A fee that has another rate is. */
  #ofSameOrder(difference: Difference): Verdict | undefined {
    const { kind, pair } = difference;
    if (kind === 'fee' && !hasSameFeeRate(pair)) return undefined;
    const first = this.#done.find((done) => done.pair === pair && done.kind !== 'fee');
    if (first === undefined) return undefined;
    const { cause, follows } = first;
    // That it was sent later in its bar made it no larger.
    const ofSize = kind === 'terms' && cause === 'timing' ? this.#consequences.of(difference) : undefined;
    if (ofSize !== undefined) return ofSize;
    return { cause, follows, evidence: `Of the same order as #${first.id}. ${first.evidence}` };
  }

  #disturbed(difference: Difference, afterMs: number): Verdict | undefined {
    if (difference.kind === 'fee') return undefined;
    const named = this.#disturbanceOf(difference, (cause) => spanOf(difference, cause), afterMs);
    return named === undefined ? undefined : { cause: named.cause, evidence: named.text, follows: 0 };
  }

  #disturbanceOf(
    difference: Difference,
    spanFor: (cause: Disturbance['cause']) => TimeSpan,
    afterMs: number,
  ): Disturbance | undefined {
    const found = this.#facts.disturbances.filter((each) => {
      const { from, to } = spanFor(each.cause);
      const tail = this.#tailOf(each, difference, afterMs);
      return this.#concerns(each, difference) && each.from <= to && each.to + tail >= from;
    });
    // A broker says what is there after a restart as well: why it had to is the restart.
    const [first] = found;
    return first?.cause === 'broker' ? (found.find(({ cause }) => cause === 'restart') ?? first) : first;
  }

  /** Of what a strategy wanted: it went by something else, or where that is not known may have, as long as it was warming up anew. */
  #decidedOther(difference: Difference): Verdict | undefined {
    if (!OF_DECISIONS.has(difference.kind)) return undefined;
    if (this.#facts.views !== undefined) return this.#sawOther(difference, this.#facts.views);
    return this.#disturbed(difference, this.#facts.warmupMsOf(difference.strategy));
  }

  /**
   * The strategy decided from other bars, features or state than in the backtest: then whatever began that is the cause. Where nothing
   * known did, it explains nothing.
   */
  #sawOther(difference: Difference, views: readonly ViewSpan[]): Verdict | undefined {
    const { strategy, symbol, pair } = difference;
    const at = instantOf(pair);
    const spans = views.filter((span) => span.strategy === strategy && isBefore(span, at));
    for (const span of spans) {
      const since = `Strategy '${strategy}' had other ${span.what} than in the backtest since ${iso(span.from)}.`;
      const began = { from: span.after, to: span.from };
      const named = this.#disturbanceOf(difference, () => began, this.#facts.warmupMsOf(strategy));
      if (named !== undefined) return { cause: named.cause, evidence: `${since} ${named.text}`, follows: 0 };
      const earlier = this.#done.findLast(
        (done) => done.strategy === strategy && done.symbol === symbol && done.at <= span.from,
      );
      if (earlier !== undefined) return followsOf(earlier, `${since} It follows #${earlier.id}.`);
    }
    return undefined;
  }

  #concerns(each: Disturbance, { strategy, book, symbol }: Difference): boolean {
    return (
      (each.strategy === undefined || each.strategy === strategy) &&
      (each.book === undefined || each.book === book) &&
      (each.symbol === undefined || each.symbol === symbol) &&
      (each.account === undefined || each.account === this.#facts.accountOf(book)) &&
      (each.venue === undefined || each.venue === this.#facts.venueOf(book))
    );
  }

  /** Time until the next bar of a strategy; 0 where that goes by no clock. */
  #nextBarOf(strategy: string): number {
    const barMs = this.#facts.barMsOf(strategy);
    return Number.isFinite(barMs) ? barMs : 0;
  }

  /** How long after its end a disturbance still shows. */
  #tailOf({ cause, from, to, isAnsweredAnew = false }: Disturbance, difference: Difference, afterMs: number): number {
    const { strategy, kind } = difference;
    // When an order is sent in its bar, and what becomes of it, is of that time.
    if (!OF_DECISIONS.has(kind)) return 0;
    const nextBar = this.#nextBarOf(strategy);
    // What a limit held back goes out as it ends.
    if (cause === 'guard') return isAnsweredAnew ? nextBar : 0;
    // The bar under way at a gap is whole again only with the next one.
    if (cause !== 'broker') return nextBar + afterMs;
    // A broker that is back is no reason for anything new, but for what it held back.
    const resetMs = to - from > this.#facts.toleranceMsOf(strategy) ? afterMs : 0;
    return this.#wasHeldBack(difference) ? nextBar + resetMs : resetMs;
  }

  /** Whether the session sent what the backtest had sent while the broker was away. */
  #wasHeldBack({ kind, pair, strategy, symbol }: Difference): boolean {
    const { side, purpose } = orderOfPair(pair);
    return (
      kind === 'added' &&
      this.#done.some((done) => {
        const other = orderOfPair(done.pair);
        const isSame = done.strategy === strategy && done.symbol === symbol && other.side === side;
        return isSame && other.purpose === purpose && done.kind === 'missing' && done.cause === 'broker';
      })
    );
  }

  /** One side could not send what it wanted, for longer than the other: what came of that is of the time it took. */
  #waited(difference: Difference): Verdict | undefined {
    const { kind, pair, strategy, symbol } = difference;
    const { purpose } = orderOfPair(pair);
    if ((kind !== 'missing' && kind !== 'added') || purpose === 'protection') return undefined;
    const wait = this.#facts.waits?.find(
      (each) => each.strategy === strategy && each.symbol === symbol && this.#isHeldUp(each, pair),
    );
    if (wait === undefined) return undefined;
    const isBroker = (each: Disturbance): boolean =>
      each.cause === 'broker' && each.from <= wait.to && each.to >= wait.from;
    const away = this.#facts.disturbances.find((each) => isBroker(each) && this.#concerns(each, difference));
    if (away !== undefined) return { cause: 'broker', evidence: `${wait.text} ${away.text}`, follows: 0 };
    return { cause: wait.kind === 'other strategy' ? 'guard' : 'timing', evidence: wait.text, follows: 0 };
  }

  #isHeldUp(wait: SideWait, pair: OrderPair): boolean {
    if (wait.kind === 'entry') return isHeldUpByEntry(wait, pair, this.#facts);
    const at = instantOf(pair);
    // What waited for another strategy goes out in parts, such as an exit and then the rest of a reversal.
    const nextBar = wait.kind === 'protection' ? 0 : this.#nextBarOf(wait.strategy);
    return wait.from <= at && at <= wait.to + nextBar;
  }

  /** The same order, and the venue did something else with it. */
  #ofVenue(difference: Difference): Verdict | undefined {
    const { kind, session, backtest } = difference;
    const parts = partsOf(difference.pair);
    const how = parts === undefined ? '' : ` Filled ${parts}.`;
    const texts = `Session: ${session || 'working'}; backtest: ${backtest || 'working'}.${how}`;
    if (ONE_CAUSE[kind] !== undefined)
      return verdict(ONE_CAUSE[kind], kind === 'price' ? slippageText(difference) : texts);
    if (!OF_FILLS.has(kind)) return undefined;
    // What was refused has not come at another instant.
    const isTiming = !isRefused(difference) && isOfArrival(difference, kind === 'fill-time' ? 'market' : undefined);
    // What came in parts is another fill whenever it came.
    if (kind === 'fill-time' && parts !== undefined) return verdict('fill model', `The same order. ${texts}`);
    return verdict(isTiming ? 'timing' : 'fill model', `The same order. ${texts}`);
  }

  #unexplained(): Verdict {
    const { changes } = this.#facts;
    const hint =
      changes.length === 0 ? '' : ' The backtest is made from something else than the session: the warnings say what.';
    return { cause: 'unexplained', follows: 0, evidence: `Nothing in the journal explains it.${hint}` };
  }
}

/** What a strategy decides, unlike when it is sent and what becomes of it. */
export const OF_DECISIONS: ReadonlySet<string> = new Set(['missing', 'added', 'terms']);

/** What a venue makes of an order, but for its price and its fee. */
const OF_FILLS: ReadonlySet<string> = new Set(['fill-time', 'quantity', 'outcome']);

/** What becomes of an order once it is sent. */
const AT_VENUE: ReadonlySet<string> = new Set([...OF_FILLS, 'price']);

/** What has only one cause where nothing disturbed it. */
const ONE_CAUSE: Partial<Record<Difference['kind'], Cause>> = {
  'decision-time': 'timing',
  price: 'fill model',
  fee: 'fee',
};

/** Whether what was other can have made a decision of the instant, and not the other way round. */
function isBefore({ what, from, to }: ViewSpan, at: EpochMs): boolean {
  return what !== 'bars or features' ? from < at && at <= to : from <= at && at < to;
}

/** What was booked to a strategy without an order: who decided that is known. */
function ofBooking({ pair: { session } }: Difference): Verdict | undefined {
  const { booked } = session ?? {};
  return booked && verdict(booked.cause, booked.text);
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** Whether the session's venue would not have it. */
function isRefused({ pair: { session } }: Difference): boolean {
  return session?.end === 'rejected' || session?.end === 'refused';
}

/** Whether the order came to the venue at another instant; a market order fills when it comes. */
function isOfArrival({ pair }: Difference, always?: SideOrder['orderType']): boolean {
  return pair.session?.acceptedTs !== pair.backtest?.acceptedTs || orderOfPair(pair).orderType === always;
}

function slippageText({ slippageBps }: Difference): string {
  const worse = slippageBps > 0 ? 'worse' : 'better';
  return `The same order filled ${Math.abs(slippageBps).toFixed(2)} bps ${worse} than in the backtest.`;
}

interface TimeSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** When a disturbance of the kind can have caused it. */
function spanOf({ pair, at, kind }: Difference, cause: Disturbance['cause']): TimeSpan {
  const { session, backtest } = pair;
  // A feed that is away moves no fill of a broker; the backtest's waits for its rows.
  const isOfBacktest = cause === 'data' && AT_VENUE.has(kind);
  // Of an order on one side, what happened after it was made has not caused it.
  const filled = hasBoth(pair) ? [isOfBacktest ? undefined : session, backtest] : [];
  const all = [
    ...[isOfBacktest ? undefined : at, session?.createdTs, backtest?.createdTs],
    ...filled.map((side) => side && filledOf(side).ts),
  ].filter((ts) => ts !== undefined && Number.isFinite(ts)) as readonly EpochMs[];
  return { from: Math.min(...all), to: Math.max(...all) };
}
