import type { z } from 'zod';
import { sdkError } from '../errors.js';
import type { BarBuilder, BarBuilderContext } from '../interfaces/bar-builder.js';
import type { ControlSurface } from '../interfaces/control-surface.js';
import type { FeatureSet } from '../interfaces/feature.js';
import type { Feed, FeedCapabilities } from '../interfaces/feed.js';
import type { RiskPolicy, Sizer } from '../interfaces/risk-policy.js';
import type { Venue, VenueCapabilities } from '../interfaces/venue.js';
import { API_VERSION, SDK_VERSION } from '../version.js';
import type { PluginContext } from './context.js';
import type { StrategyDefinition } from './define-strategy.js';

/** A feed as data. `options` is the schema of the block in engine.yaml that uses it. */
export interface FeedContribution<Options = unknown> {
  readonly capabilities: FeedCapabilities;
  readonly options?: z.ZodType<Options>;
  create(context: PluginContext<Options>): Feed;
}

/** A venue as data. */
export interface VenueContribution<Options = unknown> {
  readonly capabilities: VenueCapabilities;
  readonly options?: z.ZodType<Options>;
  create(context: PluginContext<Options>): Venue;
}

/** A bar builder as data. Pure: gets no plugin context. */
export interface BarBuilderContribution<Options = unknown> {
  readonly options: z.ZodType<Options>;
  create(options: Options, context: BarBuilderContext): BarBuilder;
}

/** A sizer as data; its features are kept up to date on the strategy's first timeframe. */
export interface SizerContribution<Options = unknown> {
  readonly options: z.ZodType<Options>;
  features?(options: Options): FeatureSet;
  create(options: Options): Sizer;
}

/** A risk policy as data. */
export interface RiskPolicyContribution<Options = unknown> {
  readonly options: z.ZodType<Options>;
  create(options: Options): RiskPolicy;
}

/** A control surface as data. */
export interface ControlSurfaceContribution<Options = unknown> {
  readonly options?: z.ZodType<Options>;
  create(context: PluginContext<Options>): ControlSurface;
}

type Contributions<T> = Readonly<Record<string, T>>;

/* oxlint-disable typescript/no-explicit-any -- a contribution's options type is its own business; the host only parses and hands on */
/** What {@link definePlugin} takes. Contribution names are what `use:` in engine.yaml says. */
export interface PluginOptions {
  readonly id: string;
  /** The plugin interface's major this plugin was written for. */
  readonly apiVersion: number;
  /** Schema of options of the plugin as a whole. */
  readonly options?: z.ZodType;
  readonly feeds?: Contributions<FeedContribution<any>>;
  readonly venues?: Contributions<VenueContribution<any>>;
  readonly barBuilders?: Contributions<BarBuilderContribution<any>>;
  readonly strategies?: Contributions<StrategyDefinition>;
  readonly sizers?: Contributions<SizerContribution<any>>;
  readonly riskPolicies?: Contributions<RiskPolicyContribution<any>>;
  readonly controls?: Contributions<ControlSurfaceContribution<any>>;
}

/** A plugin: frozen, branded data. `sdkVersion` is stamped, so nobody can misstate it. */
export interface Plugin extends Required<Omit<PluginOptions, 'options'>> {
  readonly options: z.ZodType | undefined;
  readonly sdkVersion: string;
}
/* oxlint-enable typescript/no-explicit-any */

/** The kinds of contributions, as package.json's `provides` and engine.yaml name them. */
export const CONTRIBUTION_KINDS = {
  feed: 'feeds',
  venue: 'venues',
  'bar-builder': 'barBuilders',
  strategy: 'strategies',
  sizer: 'sizers',
  'risk-policy': 'riskPolicies',
  'control-surface': 'controls',
} as const;

/** A kind of contribution, as in package.json's `provides`. */
export type ContributionKind = keyof typeof CONTRIBUTION_KINDS;

const BRAND = Symbol.for('@bookrunner/plugin');
const ID = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * Declares a plugin: the default export of its package. Has no side effects; contributions are data.
 * Errors: PLUGIN_INVALID.
 */
export function definePlugin(options: PluginOptions): Plugin {
  if (!ID.test(options.id)) throw sdkError('PLUGIN_INVALID', `Plugin id '${options.id}' has to be kebab-case.`);
  if (!Number.isInteger(options.apiVersion) || options.apiVersion < 1) {
    throw sdkError(
      'PLUGIN_INVALID',
      `Plugin '${options.id}': apiVersion has to be a whole number such as ${API_VERSION}.`,
    );
  }
  const plugin = {
    id: options.id,
    apiVersion: options.apiVersion,
    sdkVersion: SDK_VERSION,
    options: options.options,
    feeds: Object.freeze({ ...options.feeds }),
    venues: Object.freeze({ ...options.venues }),
    barBuilders: Object.freeze({ ...options.barBuilders }),
    strategies: Object.freeze({ ...options.strategies }),
    sizers: Object.freeze({ ...options.sizers }),
    riskPolicies: Object.freeze({ ...options.riskPolicies }),
    controls: Object.freeze({ ...options.controls }),
  };
  Object.defineProperty(plugin, BRAND, { value: true, enumerable: false });
  return Object.freeze(plugin);
}

/** Whether a value came from {@link definePlugin} of any copy of the SDK. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && BRAND in value;
}
