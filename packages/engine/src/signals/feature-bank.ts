import type { BarValues, Feature, FeatureSet, FeatureState } from '@bookrunner/sdk';

/** What a strategy sees of its features: numbers by name, or objects of numbers for features with several outputs. */
export type FeatureView = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/**
 * The features of one strategy on one stream. Values live in one Float64Array; the view's getters read it, so that the strategy's
 * `features.z` stays one monomorphic load whatever the feature is.
 */
export class FeatureBank {
  readonly view: FeatureView;
  private readonly states: readonly FeatureState[];
  /** The same, one behind the other, each with its place, then those of the bank that follows: what a bar walks. */
  private readonly first: BankedFeature | undefined;
  private readonly values: Float64Array;

  /** `follower`: takes each bar after it; its own affair otherwise. */
  constructor(features: FeatureSet, follower?: FeatureBank) {
    const entries = Object.entries(features);
    const offsets: number[] = [];
    let size = 0;
    for (const [, feature] of entries) {
      offsets.push(size);
      size += feature.outputs.length;
    }
    this.states = entries.map(([, feature]) => feature.create());
    const values = new Float64Array(size).fill(Number.NaN);
    this.values = values;
    this.first = this.states.reduceRight<BankedFeature | undefined>(
      (next, state, i) => new BankedFeature(state, values.subarray(offsets[i], offsets[i + 1]), next),
      follower?.first,
    );
    this.view = makeView(entries, offsets, this.values);
  }

  update(bar: BarValues): void {
    let feature = this.first;
    while (feature !== undefined) {
      const { state, values, next } = feature;
      state.update(bar, values, 0);
      feature = next;
    }
  }

  reset(): void {
    for (const state of this.states) state.reset();
    this.values.fill(Number.NaN);
  }

  save(): { readonly states: readonly (readonly number[])[]; readonly values: readonly number[] } {
    return { states: this.states.map((state) => state.save()), values: [...this.values] };
  }

  load(saved: { readonly states: readonly (readonly number[])[]; readonly values: readonly number[] }): void {
    saved.states.forEach((numbers, i) => this.states[i]?.load(numbers));
    this.values.set(saved.values);
  }
}

/** A feature's state, where its values are, and the feature after it. */
class BankedFeature {
  readonly state: FeatureState;
  /** Its part of the values of the bank, so that it begins at 0: a place that V8 knows needs no look at each bar. */
  readonly values: Float64Array;
  readonly next: BankedFeature | undefined;

  constructor(state: FeatureState, values: Float64Array, next: BankedFeature | undefined) {
    this.state = state;
    this.values = values;
    this.next = next;
  }
}

/**
 * Base of the views. Strategies with the same feature names share one class, so that their code sees one hidden class however
 * many symbols it trades.
 */
class ValueView {
  readonly #values: Float64Array;
  readonly #groups: readonly ValueView[];

  constructor(values: Float64Array, groups: readonly ValueView[]) {
    this.#values = values;
    this.#groups = groups;
  }

  static defineValue(target: object, name: string, offset: number): void {
    Object.defineProperty(target, name, {
      get(this: ValueView) {
        return this.#values[offset];
      },
      enumerable: true,
    });
  }

  static defineGroup(target: object, name: string, index: number): void {
    Object.defineProperty(target, name, {
      get(this: ValueView) {
        return this.#groups[index];
      },
      enumerable: true,
    });
  }
}

type ViewClass = new (values: Float64Array, groups: readonly ValueView[]) => ValueView;
const viewClasses = new Map<string, ViewClass>();

/** The class whose instances have these getters; equal shapes give the same class. */
function viewClass(shape: string, define: (prototype: object) => void): ViewClass {
  let found = viewClasses.get(shape);
  if (found === undefined) {
    found = class extends ValueView {};
    define(found.prototype);
    viewClasses.set(shape, found);
  }
  return found;
}

function makeView(
  entries: readonly (readonly [string, Feature])[],
  offsets: readonly number[],
  values: Float64Array,
): FeatureView {
  const isSingle = (feature: Feature): boolean => feature.outputs.length === 1 && feature.outputs[0] === 'value';
  const groups: ValueView[] = [];
  entries.forEach(([, feature], i) => {
    if (isSingle(feature)) return;
    const offset = offsets[i] as number;
    const Group = viewClass(`group:${offset}:${feature.outputs.join()}`, (prototype) => {
      feature.outputs.forEach((output, k) => ValueView.defineValue(prototype, output, offset + k));
    });
    groups.push(new Group(values, []));
  });
  const shape = entries.map(([name, feature]) => `${name}(${feature.outputs.join()})`).join('|');
  const View = viewClass(`view:${shape}`, (prototype) => {
    let group = 0;
    entries.forEach(([name, feature], i) => {
      if (isSingle(feature)) ValueView.defineValue(prototype, name, offsets[i] as number);
      else ValueView.defineGroup(prototype, name, group++);
    });
  });
  return new View(values, groups) as unknown as FeatureView;
}
