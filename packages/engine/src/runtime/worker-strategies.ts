import type { Signal, StrategyDefinition } from '@bookrunner/sdk';
import type { PreparedEngine, ResolvedStrategy } from '../plugins/index.js';
import type { Beat } from './worker-beat.js';

/** The same engine with strategies that say, in shared memory, when they are called: two stores a call. */
export function withMarks(prepared: PreparedEngine, beat: Beat): PreparedEngine {
  const strategies = new Map<string, ResolvedStrategy>();
  for (const [name, strategy] of prepared.strategies) {
    const definition = { ...strategy.definition, signal: marked(strategy.definition, strategies.size, beat) };
    strategies.set(name, { ...strategy, definition });
  }
  return { ...prepared, strategies };
}

function marked({ signal }: StrategyDefinition, index: number, beat: Beat): Signal {
  const within =
    <Arguments extends readonly unknown[], Answer>(call: (...args: Arguments) => Answer) =>
    (...args: Arguments): Answer => {
      beat.enter(index);
      try {
        return call(...args);
      } finally {
        beat.leave();
      }
    };
  const { onTime, onReset, onStop } = signal;
  return {
    onBar: within((context) => signal.onBar(context)),
    ...(onTime === undefined ? {} : { onTime: within((context, name) => signal.onTime?.(context, name)) }),
    ...(onReset === undefined ? {} : { onReset: within((context, gap) => signal.onReset?.(context, gap)) }),
    ...(onStop === undefined ? {} : { onStop: within((context) => signal.onStop?.(context)) }),
  };
}
