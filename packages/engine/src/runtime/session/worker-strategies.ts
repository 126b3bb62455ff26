import type { Signal, StrategyDefinition } from '@bookrunner/sdk';
import type { PreparedEngine, ResolvedStrategy } from '../../plugins/index.js';
import type { SlowStrategies } from './slow-strategies.js';
import type { Beat } from './worker-beat.js';

/** Who wants to know of calls. */
export interface CallWatchers {
  /** In shared memory: two stores a call. */
  readonly beat: Pick<Beat, 'enter' | 'leave'>;
  /** Nobody, where what is asked was asked before. */
  readonly slow?: Pick<SlowStrategies, 'now' | 'called'>;
}

/** The same engine with strategies that say when they are called, and how long a call took. */
export function withMarks(prepared: PreparedEngine, watchers: CallWatchers): PreparedEngine {
  const strategies = new Map<string, ResolvedStrategy>();
  for (const [name, strategy] of prepared.strategies) {
    const signal = marked(strategy.definition, { name, index: strategies.size, ...watchers });
    strategies.set(name, { ...strategy, definition: { ...strategy.definition, signal } });
  }
  return { ...prepared, strategies };
}

function marked(
  { signal }: StrategyDefinition,
  { name, index, beat, slow }: CallWatchers & { readonly name: string; readonly index: number },
): Signal {
  const within =
    <Arguments extends readonly unknown[], Answer>(call: (...args: Arguments) => Answer) =>
    (...args: Arguments): Answer => {
      const since = slow?.now() ?? 0;
      beat.enter(index);
      try {
        return call(...args);
      } finally {
        beat.leave();
        slow?.called(name, since);
      }
    };
  const { onTime, onReset, onStop } = signal;
  return {
    onBar: within((context) => signal.onBar(context)),
    ...(onTime === undefined ? {} : { onTime: within((context, at) => signal.onTime?.(context, at)) }),
    ...(onReset === undefined ? {} : { onReset: within((context, gap) => signal.onReset?.(context, gap)) }),
    ...(onStop === undefined ? {} : { onStop: within((context) => signal.onStop?.(context)) }),
  };
}
