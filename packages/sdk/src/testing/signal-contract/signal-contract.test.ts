import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Feature, FeatureState } from '../../interfaces/feature.js';
import type { SignalContext } from '../../interfaces/signal.js';
import type { SignalAnswer } from '../../model/signal.js';
import { defineStrategy } from '../../plugin/define-strategy.js';
import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import { signalContract } from './signal-contract.js';

/** A feature of the close `ago` bars back, with faults to order. */
function delayedClose(
  length: number,
  fault: Partial<{ warmup: number; column: number; save: boolean }> = {},
): Feature<'value'> {
  const create = (): FeatureState => {
    let closes: number[] = [];
    return {
      update: (bar, out, offset) => {
        closes = [...closes, bar.close].slice(-length);
        out[offset] = closes.length < length ? Number.NaN : closes[0]!;
      },
      reset: () => {
        closes = [];
      },
      save: () => (fault.save === true ? [] : closes),
      load: (saved) => {
        closes = [...saved];
      },
    };
  };
  return {
    name: `delayedClose(${length})`,
    outputs: ['value'],
    warmup: length + (fault.warmup ?? 0),
    create,
    column: (bars) => [
      bars.close.map((_, i) => (i + 1 < length ? Number.NaN : bars.close[i + 1 - length]! + (fault.column ?? 0))),
    ],
  };
}

const params = z.object({ length: z.int().min(1).default(3) });

type TestState = Record<string, unknown>;
type TestContext = SignalContext<{ length: number }, TestState, { before: number }>;

interface Parts {
  readonly onBar?: (context: TestContext) => SignalAnswer;
  readonly onReset?: (context: TestContext) => void;
  readonly onStop?: (context: TestContext) => void;
  readonly onTime?: (context: TestContext) => SignalAnswer;
  readonly times?: readonly string[];
  readonly state?: () => TestState;
  readonly feature?: (length: number) => Feature<'value'>;
  readonly params?: z.ZodType<{ length: number }>;
  readonly warmup?: () => number;
}

/** Up or down against the close some bars ago, and a count of calls; parts to order. */
function strategy(parts: Parts = {}): StrategyDefinition {
  const { onBar, onReset, onStop, onTime, times, state, feature, warmup } = parts;
  return defineStrategy<z.ZodType<{ length: number }>, TestState, { before: Feature<'value'> }>({
    name: 'momentum',
    params: parts.params ?? (params as z.ZodType<{ length: number }>),
    features: (p) => ({ before: (feature ?? delayedClose)(p.length) }),
    state: state ?? (() => ({ calls: 0 })),
    onBar: onBar ?? momentum,
    ...(warmup === undefined ? {} : { warmup }),
    ...(times === undefined ? {} : { times }),
    ...(onReset === undefined ? {} : { onReset }),
    ...(onStop === undefined ? {} : { onStop }),
    ...(onTime === undefined ? {} : { onTime }),
  });
}

function momentum({ bar, features, state }: TestContext): SignalAnswer {
  state['calls'] = Number(state['calls'] ?? 0) + 1;
  if (Number(state['calls']) % 7 === 0) return { share: 0.5, protect: { stop: bar.close / 2 } };
  return Math.sign(bar.close - features.before);
}

const wellBehaved = strategy({ times: ['close-5m'], onTime: () => 0, onStop: () => {}, onReset: () => {} });

describeContract('a momentum strategy', signalContract(wellBehaved, { params: { length: 5 } }), { describe, it });
describeContract('a strategy without hooks', signalContract(strategy()), { describe, it });

let memory = 0;
let keptWindow: TestContext['bars'] | undefined;
let keptState: TestState | undefined;
const sharedState: TestState = { calls: 0, list: [1] };

const alternating = (): number => {
  memory += 1;
  return memory % 4 === 0 ? 1 : -1;
};

const broken: readonly BrokenImplementation[] = [
  {
    what: 'a warm-up of 0',
    suite: signalContract(strategy({ warmup: () => 0.5, onBar: () => 1 })),
    fails: ['SIG-010'],
  },
  {
    what: 'memory outside the state',
    suite: signalContract(strategy({ onBar: alternating })),
    fails: ['SIG-020', 'SIG-030', 'SIG-055', 'SIG-090', 'SIG-100'],
  },
  {
    what: 'a state that is not JSON',
    suite: signalContract(strategy({ state: () => ({ seen: new Map() }) })),
    fails: ['SIG-040', 'SIG-045'],
  },
  {
    what: 'one state for all',
    suite: signalContract(strategy({ state: () => sharedState })),
    fails: ['SIG-030', 'SIG-045', 'SIG-055'],
  },
  {
    what: 'a kept window',
    suite: signalContract(
      strategy({
        onBar: ({ bars, state }) => {
          if (state['calls'] === 0) keptWindow = bars;
          state['calls'] = 1;
          return keptWindow!.close() > 100 ? 1 : 0;
        },
      }),
    ),
    fails: ['SIG-030', 'SIG-050', 'SIG-090'],
  },
  {
    what: 'a kept state',
    suite: signalContract(
      strategy({
        onBar: ({ state }) => {
          if (state['calls'] === 0) keptState = state;
          state['calls'] = 1;
          keptState!['beats'] = Number(keptState!['beats'] ?? 0) + 1;
          return Number(state['beats'] ?? 0) % 5 === 0 ? 1 : 0;
        },
      }),
    ),
    fails: ['SIG-030', 'SIG-055', 'SIG-090'],
  },
  {
    what: 'use of the wall clock',
    suite: signalContract(strategy({ onBar: () => (Date.now() > 0 ? 1 : -1) })),
    fails: ['SIG-060'],
  },
  {
    what: 'NaN as an answer',
    suite: signalContract(
      strategy({ onBar: ({ bar, features }) => (bar.close - features.before) / (bar.close - features.before) }),
    ),
    fails: ['SIG-070'],
  },
  {
    what: 'a throw on flat bars',
    suite: signalContract(
      strategy({
        onBar: ({ bar }) => {
          if (bar.high === bar.low) throw new Error('no range');
          return 1;
        },
      }),
    ),
    fails: ['SIG-080'],
  },
  {
    what: 'a reset that changes the state',
    suite: signalContract(
      strategy({
        onBar: ({ state }) => (state['afterReset'] === true ? -1 : 1),
        onReset: ({ state }) => {
          state['afterReset'] = true;
        },
      }),
    ),
    fails: ['SIG-100'],
  },
  {
    what: 'changed parameters',
    suite: signalContract(
      strategy({
        onBar: (context) => {
          context.params.length = 7;
          return 1;
        },
      }),
    ),
    fails: ['SIG-110'],
  },
  {
    what: 'an answer for a fixed symbol index',
    suite: signalContract(
      strategy({
        onBar: ({ symbols, featuresOf }) => ({
          [symbols[1] ?? 'TEST']: symbols.length > 1 ? featuresOf('THIRD').before : 1,
        }),
      }),
    ),
    fails: ['SIG-120'],
  },
  {
    what: 'declared times without onTime',
    suite: signalContract(strategy({ times: ['open+5m'] })),
    fails: ['SIG-130'],
  },
  {
    what: 'an onStop that fails before the first bar and the second time',
    suite: signalContract(
      strategy({
        onStop: ({ state }) => {
          if (state['stopped'] === true || state['calls'] === 0) throw new Error('nothing to stop');
          state['stopped'] = true;
        },
      }),
    ),
    fails: ['SIG-140', 'SIG-145'],
  },
  {
    what: 'a schema that accepts anything',
    suite: signalContract(strategy({ params: z.any().transform(() => ({ length: 3 })) })),
    fails: ['SIG-150'],
  },
  {
    what: 'a feature with a wrong warm-up',
    suite: signalContract(strategy({ feature: (length) => delayedClose(length, { warmup: 1 }) })),
    fails: ['SIG-160'],
  },
  {
    what: 'a feature whose column differs',
    suite: signalContract(strategy({ feature: (length) => delayedClose(length, { column: 0.25 }) })),
    fails: ['SIG-170'],
  },
  {
    what: 'a feature that saves nothing',
    suite: signalContract(strategy({ feature: (length) => delayedClose(length, { save: true }) })),
    fails: ['SIG-180'],
  },
];

describeBroken('signal', [signalContract(wellBehaved)], broken);

describe('signalContract', () => {
  it('says why the cases of undeclared hooks are skipped', () => {
    const skipped = signalContract(strategy()).cases.filter((item) => item.skip !== undefined);
    expect(skipped.map((item) => [item.id, item.skip])).toEqual([
      ['SIG-130', 'times are not declared'],
      ['SIG-140', 'onStop is not declared'],
      ['SIG-145', 'onStop is not declared'],
    ]);
  });
});
