import { isTradingError } from '../../errors.js';
import type { Feature } from '../../interfaces/feature.js';
import { canonical } from '../canonical.js';
import { broken, check, checkEqual, textOf } from '../check.js';
import type { CaseOver } from '../contract.js';
import type { TestingErrorCode } from '../errors.js';
import { checkPlainJson, clonePlainJson } from '../strategy-harness/plain-json.js';
import type { StrategyAnswer, StrategyHarness } from '../strategy-harness/strategy-harness.js';
import { A_GAP, answersOf, checkAnswers, flatPosition, harnessOf, sceneBars, SCENES } from './scenes.js';
import type { SignalFixture } from './scenes.js';

/** As the engine runs it: one context, reused, and nothing poisoned. */
const PLAIN = { strict: false } as const;

/** Bars left after the cut where a state is saved. */
const BARS_AFTER_CUT = 80;

/** Fails when strict runs end with one of these codes; other faults have cases of their own. */
function failOn(fixture: SignalFixture, codes: readonly TestingErrorCode[]): void {
  const found = fixture.strictFinding();
  if (!isTradingError(found.error)) return;
  const { code } = found.error;
  if (codes.some((item) => item === code)) throw broken(`On ${found.scene} bars: ${found.error.message}`);
}

/** Codes that the strict run raises about the strategy itself; anything else it throws is the strategy's own fault. */
const STRICT_CODES: ReadonlySet<string> = new Set<TestingErrorCode>([
  'STRATEGY_CONTEXT_KEPT',
  'STRATEGY_CONTEXT_CHANGED',
  'STRATEGY_STATE_INVALID',
  'STRATEGY_ANSWER_INVALID',
  'STRATEGY_IMPURE',
]);

/** What V8 says when strict code writes to something frozen. */
const FROZEN = /read only|not extensible|Cannot delete property|Cannot redefine/;

function isFrozenWrite(error: unknown): boolean {
  return !isTradingError(error) && FROZEN.test(textOf(error));
}

function strictEqualsPlain(fixture: SignalFixture): void {
  for (const scene of SCENES) {
    const bars = sceneBars(fixture, scene);
    const strict = harnessOf(fixture, bars);
    try {
      strict.run();
    } catch {
      return; // Faults that strict runs find have cases of their own.
    }
    const plain = answersOf(harnessOf(fixture, bars, PLAIN));
    checkAnswers(strict.answers, plain, `On ${scene} bars, a fresh context and state each call against reused ones`);
  }
}

function stepError(harness: StrategyHarness): unknown {
  try {
    harness.run(1);
    return undefined;
  } catch (error) {
    return error;
  }
}

function interleaved(fixture: SignalFixture): void {
  const [mine, other] = [sceneBars(fixture, 'walk', 1), sceneBars(fixture, 'wild', 7)];
  const alone = answersOf(harnessOf(fixture, mine, PLAIN));
  const first = harnessOf(fixture, mine, PLAIN);
  const second = harnessOf(fixture, other, PLAIN);
  let error: unknown;
  for (let i = 0; i < fixture.length && error === undefined; i += 1) {
    error = stepError(first);
    stepError(second);
  }
  const answers = error === undefined ? first.answers : [...first.answers, { error: textOf(error) }];
  checkAnswers(answers, alone, 'With another instance running in between');
}

function restored(fixture: SignalFixture): void {
  const bars = sceneBars(fixture, 'walk', 3);
  const options = { ...PLAIN, positionOf: flatPosition };
  const cut = fixture.length - BARS_AFTER_CUT;
  const whole = answersOf(harnessOf(fixture, bars, options));
  const before = harnessOf(fixture, bars, options);
  try {
    before.run(cut);
  } catch {
    return; // It throws on these bars: SIG-070 or SIG-080.
  }
  const saved = clonePlainJson(before.state);
  const after = harnessOf(fixture, bars, { ...options, state: saved }).warm(cut);
  checkAnswers(
    answersOf(after),
    whole.slice(before.answers.length),
    'After the state was saved and restored into a new instance',
  );
}

function resetEqualsNew(fixture: SignalFixture): void {
  const [before, after] = [sceneBars(fixture, 'wild', 5), sceneBars(fixture, 'walk', 6)];
  const joined = after.map((columns, i) => afterColumns(before[i]!, columns));
  const options = { ...PLAIN, positionOf: flatPosition };
  const reset = harnessOf(fixture, joined, options);
  try {
    reset.run(fixture.length);
  } catch {
    return; // It throws on these bars: SIG-070 or SIG-080.
  }
  const answered = reset.answers.length;
  reset.reset(A_GAP);
  const wishes = (answers: readonly unknown[]): readonly unknown[] =>
    answers.map((answer) => (answer as StrategyAnswer).wishes);
  const fresh = answersOf(harnessOf(fixture, after, options));
  checkAnswers(wishes(answersOf(reset).slice(answered)), wishes(fresh), 'After onReset against a new instance');
}

/** Two sets of bars, one after the other in time. */
function afterColumns(first: ReturnType<typeof sceneBars>[number], second: typeof first): typeof first {
  const shift = first.ts[first.length - 1]! - second.ts[0]! + A_GAP.to;
  const join = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from([...a, ...b]);
  return {
    symbol: first.symbol,
    length: first.length + second.length,
    ts: join(
      first.ts,
      second.ts.map((ts) => ts + shift),
    ),
    endTs: join(
      first.endTs!,
      second.endTs!.map((ts) => ts + shift),
    ),
    open: join(first.open, second.open),
    high: join(first.high, second.high),
    low: join(first.low, second.low),
    close: join(first.close, second.close),
    volume: join(first.volume, second.volume),
    nTicks: join(first.nTicks!, second.nTicks!),
  };
}

function stateNotShared(fixture: SignalFixture): void {
  const params: unknown = fixture.definition.params.parse(fixture.params);
  const [first, second] = [fixture.definition.state(params), fixture.definition.state(params)];
  checkPlainJson(first);
  checkEqual(first, second, 'Two new states');
  const objects = new Set<object>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    objects.add(value);
    Object.values(value).forEach(collect);
  };
  const shared = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && (objects.has(value) || Object.values(value).some(shared));
  collect(first);
  check(!shared(second), 'Two new states share an object: `state` has to build a new one each time.');
}

function givenUnchanged(fixture: SignalFixture): void {
  const bars = sceneBars(fixture, 'walk');
  const before = canonical(bars);
  const { error } = fixture.strictFinding();
  const changed = isTradingError(error) && error.code === 'STRATEGY_CONTEXT_CHANGED';
  if (changed || isFrozenWrite(error)) throw broken(`The strategy changed what it was given: ${textOf(error)}.`);
  answersOf(harnessOf(fixture, bars, PLAIN));
  check(canonical(bars) === before, 'The strategy changed the bars it was given.');
}

function featureNames(features: Readonly<Record<string, Feature>>): readonly string[] {
  return Object.values(features).map((feature) => feature.name);
}

/** Rules 1 to 3, 6 and 7: what a signal may depend on, and remember. */
export const PURITY_CASES: readonly CaseOver<SignalFixture>[] = [
  {
    id: 'SIG-010',
    title: 'declares features, warm-up and look-back as plain functions of its parameters',
    run: ({ definition, params }) => {
      const parsed: unknown = definition.params.parse(params);
      for (const [name, value] of [
        ['warmup', definition.warmup(parsed)],
        ['lookback', definition.lookback(parsed)],
      ] as const) {
        check(Number.isInteger(value) && value >= 1, `${name} has to be a whole number from 1, was ${value}.`);
      }
      const names = (): readonly string[] => featureNames(definition.features(parsed));
      checkEqual(names(), names(), 'The names of the features, asked twice');
    },
  },
  {
    id: 'SIG-020',
    title: 'two runs over the same bars give the same answers',
    run: (fixture) => {
      for (const scene of SCENES) {
        const run = (): readonly unknown[] => answersOf(harnessOf(fixture, sceneBars(fixture, scene), PLAIN));
        const first = run();
        checkAnswers(run(), first, `In the second run on ${scene} bars`);
      }
    },
  },
  { id: 'SIG-030', title: 'two instances running in turn do not influence each other', run: interleaved },
  {
    id: 'SIG-040',
    title: 'state is plain JSON after every call',
    run: (fixture) => failOn(fixture, ['STRATEGY_STATE_INVALID']),
  },
  { id: 'SIG-045', title: 'every new state is an object of its own', run: stateNotShared },
  {
    id: 'SIG-050',
    title: 'keeps nothing of the context after the call',
    run: (fixture) => failOn(fixture, ['STRATEGY_CONTEXT_KEPT']),
  },
  { id: 'SIG-055', title: 'a poisoned context gives the same answers as a reused one', run: strictEqualsPlain },
  {
    id: 'SIG-060',
    title: 'uses no clock, randomness, timers or network during a call',
    run: (fixture) => failOn(fixture, ['STRATEGY_IMPURE']),
  },
  {
    id: 'SIG-070',
    title: 'answers nothing, a share, a target, or these by declared symbol; never NaN',
    run: (fixture) => failOn(fixture, ['STRATEGY_ANSWER_INVALID']),
  },
  {
    id: 'SIG-080',
    title: 'does not throw on calm, wild, flat, one-way or jumping bars',
    run: (fixture) => {
      const found = fixture.strictFinding();
      if (found.error === undefined || isFrozenWrite(found.error)) return;
      if (isTradingError(found.error) && STRICT_CODES.has(found.error.code)) return;
      throw broken(`On ${found.scene} bars it threw ${textOf(found.error)}.`);
    },
  },
  { id: 'SIG-090', title: 'continues exactly from a saved state', run: restored },
  { id: 'SIG-100', title: 'after onReset it behaves as a new one', run: resetEqualsNew },
  { id: 'SIG-110', title: 'does not change the parameters, bars or context it is given', run: givenUnchanged },
];
