// What a metric is, and what all of them are made of.
import type { EngineSnapshot } from '../control/engine-snapshot.js';
import type { HaltEntry } from '../control/halt-latch.js';
import type { NoticeCounts } from './notice-counts.js';

/** What metrics are made of. */
export interface MetricFacts {
  /** The last the engine showed; undefined before the first. */
  readonly snapshot: EngineSnapshot | undefined;
  /** Whether the engine answered just now. */
  readonly isFresh: boolean;
  readonly notices: NoticeCounts;
  readonly latched: readonly HaltEntry[];
  readonly engineVersion: string;
  /** Wall clock. */
  readonly now: number;
  /** Since the engine last moved; undefined where nobody watches. */
  readonly beatAgeMs: number | undefined;
  /** Journal and its log; undefined where there is none. */
  readonly journalBytes: number | undefined;
}

/** One value and its labels, in the order of {@link MetricFamily.labels}. */
export type Sample = readonly [value: number | null | undefined, ...labels: readonly string[]];

/** One metric. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  readonly samples: (facts: MetricFacts) => readonly Sample[];
}

/** Names of labels. */
export type Labels = readonly string[];
const NONE: Labels = [];

/** A value that goes up and down. */
export function gauge(name: string, help: string, rest: readonly [Labels, MetricFamily['samples']]): MetricFamily {
  return { name: `bookrunner_${name}`, help, type: 'gauge', labels: rest[0], samples: rest[1] };
}

/** A value that only goes up. */
export function counter(name: string, help: string, rest: readonly [Labels, MetricFamily['samples']]): MetricFamily {
  return { name: `bookrunner_${name}_total`, help, type: 'counter', labels: rest[0], samples: rest[1] };
}

/** A family that has one sample for the engine. */
export function single(
  value: (facts: MetricFacts) => number | null | undefined,
): readonly [Labels, MetricFamily['samples']] {
  return [NONE, (facts) => [[value(facts)]]];
}
