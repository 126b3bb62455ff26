import type { Feature, FeatureState } from '../interfaces/feature.js';
import type { BarColumns } from '../model/bar.js';

/** What makes a {@link Feature}; `outputs` may be left out by those with one value. */
export interface FeatureDefinition<Output extends string> {
  readonly name: string;
  readonly outputs: readonly Output[];
  readonly warmup: number;
  readonly create: () => FeatureState;
  readonly column: (bars: BarColumns) => readonly Float64Array[];
}

/** The outputs of a feature with one value. */
export const ONE_VALUE: readonly ['value'] = Object.freeze(['value'] as const);

/** The frozen {@link Feature} of a definition. */
export function defineFeature<Output extends string>(definition: FeatureDefinition<Output>): Feature<Output> {
  return Object.freeze({ ...definition, outputs: Object.freeze([...definition.outputs]) });
}
