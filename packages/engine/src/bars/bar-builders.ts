// The built-in bar builders as data: what `use:` of a strategy's bars may name without a plugin.
import { BarSchedule, SECOND_MS, type BarBuilderContribution } from '@bookrunner/sdk';
import {
  rangeBarOptions,
  tickBarOptions,
  timeBarOptions,
  valueBarOptions,
  volumeBarOptions,
  type RangeBarOptions,
  type TickBarOptions,
  type TimeBarOptions,
  type ValueBarOptions,
  type VolumeBarOptions,
} from './bar-options.js';
import { RangeBarBuilder } from './range-bar-builder.js';
import { TickBarBuilder } from './tick-bar-builder.js';
import { TimeBarBuilder } from './time-bar-builder.js';
import { ValueBarBuilder } from './value-bar-builder.js';
import { VolumeBarBuilder } from './volume-bar-builder.js';

const time: BarBuilderContribution<TimeBarOptions> = {
  options: timeBarOptions,
  create: (options, context) =>
    new TimeBarBuilder(options, {
      ...context,
      schedule: new BarSchedule(context.calendar, options.seconds * SECOND_MS),
    }),
};

const tick: BarBuilderContribution<TickBarOptions> = {
  options: tickBarOptions,
  create: (options, context) => new TickBarBuilder(options, context),
};

const volume: BarBuilderContribution<VolumeBarOptions> = {
  options: volumeBarOptions,
  create: (options, context) => new VolumeBarBuilder(options, context),
};

const value: BarBuilderContribution<ValueBarOptions> = {
  options: valueBarOptions,
  create: (options, context) => new ValueBarBuilder(options, context),
};

const range: BarBuilderContribution<RangeBarOptions> = {
  options: rangeBarOptions,
  create: (options, context) => new RangeBarBuilder(options, context),
};

/** The built-in bar builders by the name `use:` gives them. */
export const barBuilders = Object.freeze({ time, tick, volume, value, range });
