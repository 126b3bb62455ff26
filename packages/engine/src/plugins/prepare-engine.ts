// Phases manifest to match in one call: what `bookrunner check` does, and every start before it creates anything.
import type { EngineConfig } from '../config/engine-config.js';
import { loadPlugins } from './load-plugins.js';
import type { LoadedPlugin, LoadPluginsOptions } from './load-plugins.js';
import { brokerWarnings } from './match-brokers.js';
import { matchCapabilities } from './match-capabilities.js';
import type { Registry } from './registry.js';
import { resolveUses } from './resolve-uses.js';
import type { ResolvedUses } from './resolve-uses.js';

/** A configuration whose plugins are loaded, whose options are parsed and whose needs are met. */
export interface PreparedEngine extends ResolvedUses {
  readonly config: EngineConfig;
  readonly plugins: readonly LoadedPlugin[];
  readonly registry: Registry;
}

/**
 * Loads plugins, parses all options and matches capabilities. Creates and connects nothing.
 * Errors: PLUGIN_BOOT_FAILED with every failure of the first phase that has any (see `failuresOf`).
 */
export async function prepareEngine(config: EngineConfig, options: LoadPluginsOptions): Promise<PreparedEngine> {
  const loaded = await loadPlugins(config, options);
  const uses = resolveUses(config, loaded);
  matchCapabilities(config, uses, options.mode);
  return {
    ...uses,
    config,
    plugins: loaded.plugins,
    registry: loaded.registry,
    warnings: [...loaded.warnings, ...uses.warnings, ...(options.mode === 'live' ? brokerWarnings(config, uses) : [])],
  };
}
