import type { BarBuilder, BarBuilderContext } from '../../interfaces/bar-builder.js';
import { bindCases } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { contextOf } from './bar-scene.js';
import type { BarBuilderFixture } from './bar-scene.js';
import { clockCases } from './clock-cases.js';
import { TICK_CASES } from './tick-cases.js';

/** Options of {@link barBuilderContract}. */
export interface BarBuilderContractOptions {
  /** A new builder for each call. Bars of about a minute, or of some ten ticks, suit the generated market best. */
  create(context: BarBuilderContext): BarBuilder;
  /** True where the options ask for bars in gaps; absent means that no bar may be invented. */
  readonly fillsGaps?: boolean;
}

/**
 * The contract of bar builders over generated ticks; see {@link BarBuilder} for the rules.
 *
 * @example
 * const suite = barBuilderContract({ create: (context) => new TickBarBuilder({ ticks: 10 }, context) });
 */
export function barBuilderContract(options: BarBuilderContractOptions): ContractSuite {
  const fixture: BarBuilderFixture = { create: (context) => options.create(contextOf(context)) };
  const cases = [...TICK_CASES, ...clockCases(fixture.create(), options.fillsGaps === true)];
  return { name: 'bar builder', cases: bindCases(cases, { create: () => fixture }) };
}
