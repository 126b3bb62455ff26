// What people decide, others trade and brokers refuse, one random move after the other.
import type { CommandName, SignalAnswer } from '@bookrunner/sdk';
import fc from 'fast-check';
import type { BrokerBench } from './broker-bench.fixture.js';
import { type Step, take } from './broker-steps.fixture.js';
import { VENUE } from './truth-broker.fixture.js';

type Said = { readonly kind: 'said'; readonly name: CommandName; readonly args: object };
/** A strategy wants a position of some size with a stop. */
type Wish = {
  readonly kind: 'wish';
  readonly strategy: number;
  readonly units: number;
  readonly stop: boolean;
  readonly limit: boolean;
  readonly target: boolean;
};
/** Others trade: told by the broker at once, with its next answer, or not at all. */
type Traded = { readonly kind: 'traded'; readonly qty: number; readonly told: 'at once' | 'later' | 'never' };
/** Some open order fills, whichever it is. */
type Hit = { readonly kind: 'hit'; readonly place: number; readonly qty: number };
type Mood = {
  readonly kind: 'mood';
  readonly what: 'rejects' | 'refuses changes' | 'refuses cancels' | 'good' | 'thin' | 'closed' | 'ends' | 'kills';
};
type Calm = { readonly kind: 'calm'; readonly ms: number };
/** A planned outage of the broker: `warning` is before it. */
type Outage = { readonly kind: 'outage'; readonly stage: 'warning' | 'begin' | 'end' };
export type Move = Said | Wish | Traded | Hit | Mood | Calm | Outage;

export const said = fc.constantFrom<Said>(
  { kind: 'said', name: 'adopt', args: { symbol: 'AAA', strategy: 'one' } },
  { kind: 'said', name: 'adopt', args: { symbol: 'AAA', strategy: 'two' } },
  { kind: 'said', name: 'flatten', args: { symbol: 'AAA' } },
  { kind: 'said', name: 'flatten', args: { symbol: 'AAA' } },
  { kind: 'said', name: 'ignore', args: { symbol: 'AAA' } },
  { kind: 'said', name: 'panic', args: {} },
  { kind: 'said', name: 'panic', args: { book: 'CORE' } },
  { kind: 'said', name: 'panic', args: { venue: 'broker' } },
  { kind: 'said', name: 'resume', args: { venue: 'broker' } },
  { kind: 'said', name: 'resume', args: {} },
  { kind: 'said', name: 'resume', args: { book: 'CORE' } },
  { kind: 'said', name: 'reduce-only', args: {} },
  { kind: 'said', name: 'shutdown', args: { onStop: 'cancel-all' } },
  { kind: 'said', name: 'shutdown', args: { onStop: 'over' } },
  { kind: 'said', name: 'reconcile', args: {} },
);
export const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constant('wish' as const),
  strategy: fc.constantFrom(0, 1, 2),
  units: fc.constantFrom(-100, -40, 0, 40, 100),
  stop: fc.boolean(),
  target: fc.boolean(),
  limit: fc.constantFrom(false, false, true),
});
export const traded: fc.Arbitrary<Traded> = fc.record({
  kind: fc.constant('traded' as const),
  qty: fc.constantFrom(-130, -60, -15, 15, 60, 130),
  told: fc.constantFrom('at once', 'later', 'never'),
});
export const hit: fc.Arbitrary<Hit> = fc.record({
  kind: fc.constant('hit' as const),
  place: fc.nat(3),
  qty: fc.constantFrom(10, 50, 1e6),
});
export const mood: fc.Arbitrary<Mood> = fc.record({
  kind: fc.constant('mood' as const),
  what: fc.constantFrom('rejects', 'refuses changes', 'refuses cancels', 'good', 'thin', 'closed', 'ends', 'kills'),
});
export const calm: fc.Arbitrary<Calm> = fc.record({
  kind: fc.constant('calm' as const),
  ms: fc.constantFrom(0, 500, 5_000, 70_000),
});

export const outage: fc.Arbitrary<Outage> = fc.record({
  kind: fc.constant('outage' as const),
  stage: fc.constantFrom('warning', 'begin', 'end'),
});

/** A planned outage comes, begins, or is over. */
export function setOutage({ scene }: BrokerBench, stage: Outage['stage']): void {
  const guard = { kind: 'guard', guard: 'planned-outage', subject: VENUE, message: 'OUTAGE' } as const;
  scene.driver.event({ ...guard, at: scene.now, stage });
}

function answerOf({ units, stop, target, limit }: Wish): SignalAnswer {
  if (units === 0) return 0;
  const side = Math.sign(units);
  const protect = {
    ...(stop ? { stop: 100 - side * 10 } : {}),
    ...(target ? { takeProfit: 100 + side * 20 } : {}),
  };
  return {
    units,
    ...(limit ? { entry: { limit: 100 - side } } : {}),
    ...(stop || target ? { protect } : {}),
  };
}

/** Of a market that is not what it mostly is: where it is closed, market orders rest. */
const LIQUIDITY: Partial<Record<Mood['what'], number>> = { thin: 7, closed: 0, kills: 7 };

/** The broker takes and fills what it is sent, as far as its market allows. */
export function beGood({ broker }: BrokerBench): void {
  broker.isRejecting = false;
  broker.refusesChanges = false;
  broker.isEnding = false;
}

function setMood({ broker }: BrokerBench, what: Mood['what']): void {
  broker.isRejecting = what === 'rejects';
  broker.refusesChanges = what === 'refuses changes';
  broker.isEnding = what === 'ends' || what === 'kills';
  broker.liquidity = LIQUIDITY[what] ?? Number.POSITIVE_INFINITY;
  broker.fate = (asked) => (what === 'refuses cancels' && asked === 'cancel' ? 'refused' : 'through');
}

export function act(bench: BrokerBench, one: Move | Step): void {
  const { scene, broker } = bench;
  switch (one.kind) {
    case 'said':
      return scene.command(one.name, one.args);
    case 'wish':
      return scene.answer(answerOf(one), broker.price, one.strategy);
    case 'traded': {
      const fill = broker.trade(one.qty > 0 ? 'buy' : 'sell', Math.abs(one.qty), 'AAA', one.told !== 'never');
      return one.told === 'at once' ? bench.say('fill', fill) : undefined;
    }
    case 'hit': {
      const ids = [...broker.open.keys()];
      return broker.fill(ids[one.place % Math.max(1, ids.length)] ?? '', one.qty);
    }
    case 'mood':
      return setMood(bench, one.what);
    case 'calm':
      return bench.pass(one.ms);
    case 'outage':
      return setOutage(bench, one.stage);
    default:
      return take(bench, one);
  }
}
