// Phases manifest and import: from `plugins:` of engine.yaml to plugins and their contributions.
import { API_VERSION, SDK_VERSION } from '@bookrunner/sdk';
import type { ContributionKind, Plugin } from '@bookrunner/sdk';
import type { ConfigPath } from '../config/config-errors.js';
import type { EngineConfig, PluginReference } from '../config/engine-config.js';
import { hintFor } from '../config/near-miss.js';
import { importPlugin, kindsOf } from './import-plugin.js';
import { locatePlugin } from './locate-plugin.js';
import type { PluginLocation } from './locate-plugin.js';
import { manifestOf } from './package-file.js';
import type { PluginManifest } from './package-file.js';
import { peerFailures } from './peer-dependencies.js';
import { failureAt, stopOnFailures } from './plugin-errors.js';
import type { BootPhase, FailureText, PhaseFailure } from './plugin-errors.js';
import { Registry } from './registry.js';
import { isSdkCompatible } from './version-rule.js';

/** How the engine is about to run. */
export type RunMode = 'backtest' | 'paper' | 'live';

/** A plugin that passed the phases manifest and import. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  /** What engine.yaml calls it; the plugin's id for a built-in one. */
  readonly use: string;
  /** Index under `plugins:`; undefined for a built-in one. */
  readonly index: number | undefined;
  readonly required: boolean;
}

/** All plugins, and what they contribute. */
export interface LoadedPlugins {
  readonly plugins: readonly LoadedPlugin[];
  readonly registry: Registry;
  /** What was passed over: plugins that may be missing, versions that were allowed. */
  readonly warnings: readonly PhaseFailure[];
  /** Whether a plugin that may be missing is missing. */
  readonly isIncomplete: boolean;
}

/** What {@link loadPlugins} needs besides the configuration. */
export interface LoadPluginsOptions {
  /** The engine's own contributions. */
  readonly builtIn: readonly Plugin[];
  readonly mode: RunMode;
  /** Longest time the import of one module may take. */
  readonly importTimeoutMs?: number;
}

/**
 * Finds, checks and imports the plugins that engine.yaml lists, and registers the contributions.
 * Errors: PLUGIN_BOOT_FAILED with every failure of the first phase that has any.
 */
export async function loadPlugins(config: EngineConfig, options: LoadPluginsOptions): Promise<LoadedPlugins> {
  const loader = new PluginLoader(config, options);
  const found = loader.manifests();
  const plugins = await loader.imports(found);
  return loader.register(plugins);
}

interface FoundPlugin {
  readonly reference: PluginReference;
  readonly index: number;
  readonly location: PluginLocation;
  readonly manifest: PluginManifest | undefined;
}

class PluginLoader {
  readonly #config: EngineConfig;
  readonly #options: LoadPluginsOptions;
  readonly #warnings: PhaseFailure[] = [];
  /** Indexes of plugins that may be missing and are. */
  readonly #missing = new Set<number>();

  constructor(config: EngineConfig, options: LoadPluginsOptions) {
    this.#config = config;
    this.#options = options;
  }

  manifests(): readonly FoundPlugin[] {
    const failures: PhaseFailure[] = [];
    const found: FoundPlugin[] = [];
    this.#config.plugins.forEach((reference, index) => {
      const result = this.#manifest(reference, index);
      if ('location' in result) found.push(result);
      else this.#report(failures, { reference, index, phase: 'manifest' }, [result]);
    });
    for (const plugin of found) this.#checkManifest(plugin, failures);
    this.#checkIds(found, failures);
    stopOnFailures(failures);
    return found.filter(({ index }) => !this.#missing.has(index));
  }

  #manifest(reference: PluginReference, index: number): FoundPlugin | FailureText {
    const location = locatePlugin(reference.use, this.#config.source.path);
    if ('code' in location) return location;
    const manifest = location.file === undefined ? undefined : manifestOf(location.file);
    if (typeof manifest === 'string') {
      return { code: 'PLUGIN_MANIFEST_INVALID', message: `'${reference.use}': ${manifest}` };
    }
    if (manifest === undefined && !location.isModule) {
      return {
        code: 'PLUGIN_NOT_A_PLUGIN',
        message: `'${reference.use}' has no bookrunner.plugin in its package.json.`,
      };
    }
    return { reference, index, location, manifest };
  }

  #checkManifest(found: FoundPlugin, failures: PhaseFailure[]): void {
    const { reference, index, manifest, location } = found;
    if (manifest === undefined) return;
    const where = { reference, index, phase: 'manifest' } as const;
    this.#checkRequired(failures, where, manifest.provides);
    if (manifest.apiVersion !== API_VERSION) {
      const message = `'${reference.use}' is written for plugin API ${manifest.apiVersion}; this engine has ${API_VERSION}.`;
      this.#incompatible(failures, where, { id: manifest.id, message });
    }
    const peers = location.file === undefined ? [] : peerFailures(location.file);
    const texts = peers.map((peer) => ({ ...peer, message: `'${reference.use}': ${peer.message}` }));
    this.#report(failures, where, texts);
  }

  #checkRequired(failures: PhaseFailure[], where: Where, kinds: readonly ContributionKind[]): void {
    const others = kinds.filter((kind) => kind !== 'control-surface');
    if (where.reference.required || others.length === 0) return;
    const message = `'${where.reference.use}' contributes ${others.join(', ')} and may not be missing.`;
    failures.push(this.#failure(where, { code: 'PLUGIN_REQUIRED', message }));
  }

  #checkIds(found: readonly FoundPlugin[], failures: PhaseFailure[]): void {
    const owners = new Map(this.#options.builtIn.map((plugin) => [plugin.id, 'the engine itself']));
    for (const { reference, index, manifest } of found) {
      if (manifest === undefined) continue;
      const owner = owners.get(manifest.id);
      if (owner !== undefined) {
        const message = `'${reference.use}' has the id '${manifest.id}', and so has ${owner}.`;
        failures.push(this.#failure({ reference, index, phase: 'manifest' }, { code: 'PLUGIN_DUPLICATE_ID', message }));
      } else owners.set(manifest.id, `'${reference.use}' (plugins[${index}])`);
    }
  }

  async imports(found: readonly FoundPlugin[]): Promise<readonly LoadedPlugin[]> {
    const failures: PhaseFailure[] = [];
    const plugins: LoadedPlugin[] = [];
    for (const { reference, index, location, manifest } of found) {
      const where = { reference, index, phase: 'import' } as const;
      // One after the other: the order of side effects nobody should have stays the order of the file.
      // oxlint-disable-next-line no-await-in-loop
      const result = await importPlugin(location, manifest, this.#options.importTimeoutMs);
      if ('code' in result) {
        this.#report(failures, where, [{ ...result, message: `'${reference.use}': ${result.message}` }]);
        continue;
      }
      const before = failures.length;
      this.#checkPlugin(failures, where, { plugin: result, manifest });
      if (failures.length === before && !this.#missing.has(index))
        plugins.push({ plugin: result, use: reference.use, index, required: reference.required });
    }
    this.#checkImportedIds(plugins, failures);
    stopOnFailures(failures);
    return plugins;
  }

  #checkPlugin(
    failures: PhaseFailure[],
    where: Where,
    imported: { readonly plugin: Plugin; readonly manifest: PluginManifest | undefined },
  ): void {
    const { plugin, manifest } = imported;
    const { use } = where.reference;
    if (manifest === undefined) this.#checkRequired(failures, where, kindsOf(plugin));
    if (manifest !== undefined && plugin.id !== manifest.id) {
      const message = `'${use}' calls itself '${plugin.id}' in code and '${manifest.id}' in package.json.`;
      this.#report(failures, where, [{ code: 'PLUGIN_ID_MISMATCH', message }]);
    }
    if (plugin.apiVersion !== API_VERSION) {
      const message = `'${use}' is written for plugin API ${plugin.apiVersion}; this engine has ${API_VERSION}.`;
      this.#incompatible(failures, where, { id: plugin.id, message });
    } else if (!isSdkCompatible(plugin.sdkVersion, SDK_VERSION)) {
      const message = `'${use}' was built with SDK ${plugin.sdkVersion}, which does not fit this engine's ${SDK_VERSION}.`;
      this.#incompatible(failures, where, { id: plugin.id, message });
    }
    const text = manifest === undefined ? undefined : providesText(manifest.provides, kindsOf(plugin));
    if (text !== undefined) {
      this.#report(failures, where, [{ code: 'PLUGIN_PROVIDES_MISMATCH', message: `'${use}' ${text}.` }]);
    }
  }

  /** Modules without a manifest show their id only now. */
  #checkImportedIds(plugins: readonly LoadedPlugin[], failures: PhaseFailure[]): void {
    const owners = new Map(this.#options.builtIn.map((plugin) => [plugin.id, 'the engine itself']));
    for (const { plugin, use, index } of plugins) {
      const owner = owners.get(plugin.id);
      if (owner === undefined) owners.set(plugin.id, `'${use}'`);
      else {
        const message = `'${use}' has the id '${plugin.id}', and so has ${owner}.`;
        failures.push(this.#at('import', ['plugins', index ?? 0], { code: 'PLUGIN_DUPLICATE_ID', message }));
      }
    }
  }

  register(imported: readonly LoadedPlugin[]): LoadedPlugins {
    const builtIn = this.#options.builtIn.map((plugin) => ({
      plugin,
      use: plugin.id,
      index: undefined,
      required: true,
    }));
    const plugins = [...builtIn, ...imported];
    const registry = new Registry(plugins.map((loaded) => loaded.plugin));
    stopOnFailures(
      registry.duplicates.map(({ kind, name, first, second }) => {
        const index = imported.find((loaded) => loaded.plugin === second)?.index;
        const message = `plugin '${second.id}' contributes the ${kind} '${name}', and so does '${first.id}'.`;
        const path = index === undefined ? [] : ['plugins', index];
        return this.#at('import', path, { code: 'PLUGIN_DUPLICATE_CONTRIBUTION', message });
      }),
    );
    this.#checkAllowed(plugins);
    return { plugins, registry, warnings: this.#warnings, isIncomplete: this.#missing.size > 0 };
  }

  #checkAllowed(plugins: readonly LoadedPlugin[]): void {
    const ids = plugins.map(({ plugin }) => plugin.id);
    this.#config.allowIncompatible.forEach((id, index) => {
      if (ids.includes(id)) return;
      const message = `no plugin has the id '${id}'.${hintFor(id, ids)}`;
      const remedy = 'Correct or remove the entry.';
      this.#warnings.push(
        this.#at('import', ['allowIncompatible', index], { code: 'PLUGIN_NOT_FOUND', message, remedy }),
      );
    });
  }

  #incompatible(
    failures: PhaseFailure[],
    where: Where,
    fault: { readonly id: string; readonly message: string },
  ): void {
    const { id, message } = fault;
    const isListed = this.#config.allowIncompatible.includes(id);
    if (isListed && this.#options.mode !== 'live') {
      this.#warnings.push(
        this.#failure(where, { code: 'PLUGIN_API_MISMATCH', message, remedy: 'It was allowed; expect faults.' }),
      );
      return;
    }
    const remedy =
      'Install versions of plugin and engine that fit; `allowIncompatible:` does not count when trading live.';
    const text = { code: 'PLUGIN_API_MISMATCH', message } as const;
    this.#report(failures, where, [isListed ? { ...text, remedy } : text]);
  }

  /** A plugin that may be missing fails with a warning. */
  #report(failures: PhaseFailure[], where: Where, texts: readonly FailureText[]): void {
    for (const text of texts) {
      const failure = this.#failure(where, text);
      if (where.reference.required) failures.push(failure);
      else {
        this.#warnings.push(failure);
        this.#missing.add(where.index);
      }
    }
  }

  #failure(where: Where, text: FailureText): PhaseFailure {
    return this.#at(where.phase, ['plugins', where.index], text);
  }

  #at(phase: BootPhase, path: ConfigPath, text: FailureText): PhaseFailure {
    return failureAt({ phase, source: this.#config.source }, path, text);
  }
}

interface Where {
  readonly reference: PluginReference;
  readonly index: number;
  readonly phase: BootPhase;
}

function providesText(declared: readonly ContributionKind[], actual: readonly ContributionKind[]): string | undefined {
  const missing = declared.filter((kind) => !actual.includes(kind));
  const extra = actual.filter((kind) => !declared.includes(kind));
  const parts = [
    missing.length === 0 ? [] : [`promises ${missing.join(', ')} in package.json and contributes none`],
    extra.length === 0 ? [] : [`contributes ${extra.join(', ')}, which package.json does not say`],
  ].flat();
  return parts.length === 0 ? undefined : parts.join(' and ');
}
