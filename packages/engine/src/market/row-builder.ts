import type { BarBuilder, EpochMs, TickColumns } from '@bookrunner/sdk';

/** A bar builder that takes many ticks of its running bar at once; the engine's time bars do. */
export interface RowBuilder extends BarBuilder {
  /** The part of the running bar that takes ticks without a question, its end exclusive; none where an end is NaN. */
  readonly openFrom: EpochMs;
  readonly openUntil: EpochMs;
  /** Takes the ticks of rows that all lie in that part, as `onTick` takes each. */
  onRows(columns: TickColumns, from: number, end: number): void;
}

/** The builders, where each of them takes rows. */
export function asRowBuilders(builders: readonly (BarBuilder | undefined)[]): readonly RowBuilder[] | undefined {
  return builders.every(takesRows) ? builders : undefined;
}

function takesRows(builder: BarBuilder | undefined): builder is RowBuilder {
  return builder !== undefined && 'onRows' in builder;
}
