// What the composition root and the command line need of plugin loading.
export { checkOptions, parseContributionOptions } from './contribution-options.js';
export type { CheckedOptions, HasOptions, OptionsPlace } from './contribution-options.js';
export { createFeed, createParts, createVenue } from './create-parts.js';
export type { CreatedParts, CreateOptions, EnginePluginContext } from './create-parts.js';
export { loadPlugins } from './load-plugins.js';
export type { LoadedPlugin, LoadedPlugins, LoadPluginsOptions, RunMode } from './load-plugins.js';
export { brokerWarnings } from './match-brokers.js';
export { matchCapabilities, venueOf } from './match-capabilities.js';
export { isNetworkError } from './network-error.js';
export { openInOrder } from './open-in-order.js';
export type { AwayPart, Openable, OpenableParts, OpenedParts, OpenOptions } from './open-in-order.js';
export type { PluginManifest } from './package-file.js';
export {
  BOOT_PHASES,
  bootError,
  failuresOf,
  firstLine,
  formatFailure,
  PLUGIN_ERRORS,
  pluginError,
} from './plugin-errors.js';
export type { BootPhase, PhaseFailure, PluginErrorCode } from './plugin-errors.js';
export { prepareEngine } from './prepare-engine.js';
export type { PreparedEngine } from './prepare-engine.js';
export { Registry, registry } from './registry.js';
export type { ContributionOf, DuplicateContribution, Registered } from './registry.js';
export { resolveUses } from './resolve-uses.js';
export type { ResolvedStrategy, ResolvedUse, ResolvedUses } from './resolve-uses.js';
export { isSdkCompatible } from './version-rule.js';
