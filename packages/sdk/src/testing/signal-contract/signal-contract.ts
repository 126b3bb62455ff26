import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { bindCases } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { PURITY_CASES } from './purity-cases.js';
import { strictFinding } from './scenes.js';
import type { SignalFixture, StrictFinding } from './scenes.js';
import { shapeCases } from './shape-cases.js';

/** Options of {@link signalContract}. */
export interface SignalContractOptions {
  /** Parameters before the strategy's schema; defaults apply. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Symbols the strategy needs, in declared order; one named `TEST` unless told otherwise. */
  readonly symbols?: readonly string[];
}

/** Bars after the warm-up in every generated market. */
const BARS_AFTER_WARMUP = 160;

/**
 * The contract of strategies over generated bars; see {@link Signal} for the rules.
 *
 * @example
 * describeContract('meanReversion', signalContract(meanReversion), { describe, it });
 */
export function signalContract(definition: StrategyDefinition, options: SignalContractOptions = {}): ContractSuite {
  const params = options.params ?? {};
  const strict: { found?: StrictFinding } = {};
  const create = (): SignalFixture => ({
    definition,
    params,
    // Several cases judge the same strict runs, which take the longest.
    strictFinding() {
      strict.found ??= strictFinding(this);
      return strict.found;
    },
    symbols: options.symbols ?? ['TEST'],
    length: Math.ceil(definition.warmup(definition.params.parse(params))) + BARS_AFTER_WARMUP,
  });
  return { name: 'signal', cases: bindCases([...PURITY_CASES, ...shapeCases(definition)], { create }) };
}
