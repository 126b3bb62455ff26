import { createHash } from 'node:crypto';
import type { StrategyDefinition } from '@bookrunner/sdk';
import type { ResolvedStrategy } from '../plugins/index.js';

/** Twelve hexadecimal digits that change with a strategy's code as loaded, its parameters and what it trades. */
export function strategyHash(strategy: ResolvedStrategy): string {
  const { definition, config } = strategy;
  const code = strategyCode(definition);
  const settings = JSON.stringify({
    name: definition.name,
    params: strategy.params,
    symbols: config.symbols,
    bars: config.bars,
    allocation: config.allocation,
  });
  return createHash('sha256').update(code).update(settings).digest('hex').slice(0, 12);
}

/** The functions of a strategy as they were loaded. */
export function strategyCode({ signal, features, state }: StrategyDefinition): string {
  return [signal.onBar, signal.onTime, signal.onReset, features, state]
    .map((part) => (part === undefined ? '' : Function.prototype.toString.call(part)))
    .join('\n');
}

/** Hashes of all strategies by name. */
export function strategyHashes(strategies: ReadonlyMap<string, ResolvedStrategy>): Readonly<Record<string, string>> {
  return Object.fromEntries([...strategies].map(([name, strategy]) => [name, strategyHash(strategy)]));
}
