// Runs a plugin's entry module and looks at what it exports.
import { pathToFileURL } from 'node:url';
import { CONTRIBUTION_KINDS, definePlugin, isPlugin } from '@bookrunner/sdk';
import type { ContributionKind, Plugin, StrategyDefinition } from '@bookrunner/sdk';
import { isRecord } from '../config/plain-value.js';
import type { PluginLocation } from './locate-plugin.js';
import type { PluginManifest } from './package-file.js';
import { installedVersion } from './peer-dependencies.js';
import { faultPlace } from './fault-place.js';
import { firstLine } from './plugin-errors.js';
import type { FailureText } from './plugin-errors.js';
import { withTimeLimit } from './time-limit.js';
import { sentence } from '../sentence.js';

/** A module that has not finished by then never will: it waits for something at import, which no plugin may do. */
const IMPORT_TIMEOUT_MS = 30_000;

/** Imports the module; gives its plugin, complete in shape, or why there is none. */
export async function importPlugin(
  location: PluginLocation,
  manifest: PluginManifest | undefined,
  timeoutMs = IMPORT_TIMEOUT_MS,
): Promise<Plugin | FailureText> {
  const url = pathToFileURL(location.entry).href;
  const outcome = await withTimeLimit(() => import(url) as Promise<Record<string, unknown>>, timeoutMs);
  if (outcome.kind === 'late') {
    const message = `its entry module did not finish within ${timeoutMs} ms; a plugin does nothing at import.`;
    return { code: 'PLUGIN_IMPORT_FAILED', message, remedy: 'Tell its author.' };
  }
  if (outcome.kind === 'failed') return importFailure(outcome.cause, await faultPlace(outcome.cause, location.entry));
  return pluginOf(outcome.value, location, manifest);
}

function importFailure(cause: unknown, place: string | undefined): FailureText {
  const message = sentence(`its entry module fails: ${firstLine(cause)}${place === undefined ? '' : `, at ${place}`}`);
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const remedy = 'Reinstall the plugin with its dependencies (`npm install`), or build it.';
  return isMissing ? { code: 'PLUGIN_IMPORT_FAILED', message, remedy } : { code: 'PLUGIN_IMPORT_FAILED', message };
}

function pluginOf(
  module: Readonly<Record<string, unknown>>,
  location: PluginLocation,
  manifest: PluginManifest | undefined,
): Plugin | FailureText {
  const candidates = [module['default'], (module['default'] as { default?: unknown } | undefined)?.default];
  const plugin = candidates.find(isPlugin);
  if (plugin !== undefined) return wholePlugin(plugin);
  const strategy = candidates.find(isStrategy);
  if (strategy !== undefined) return pluginOfStrategy(strategy, location, manifest);
  return { code: 'PLUGIN_NOT_A_PLUGIN', message: `${whatInstead(module)}.` };
}

function whatInstead(module: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(module).find(([name, value]) => name !== 'default' && isPlugin(value));
  if (named !== undefined) return `its plugin is the named export '${named[0]}', not the default export`;
  return module['default'] === undefined ? 'its entry module has no default export' : 'its default export is no plugin';
}

/** A package may export a strategy alone: it becomes a plugin with this one contribution. */
function pluginOfStrategy(
  strategy: StrategyDefinition,
  location: PluginLocation,
  manifest: PluginManifest | undefined,
): Plugin | FailureText {
  const version =
    location.file === undefined ? undefined : installedVersion(location.file.directory, '@bookrunner/sdk');
  if (version === undefined) {
    return {
      code: 'PLUGIN_NOT_A_PLUGIN',
      message: 'it exports a strategy alone, and the SDK it was built for cannot be told.',
    };
  }
  const plugin = definePlugin({
    id: manifest?.id ?? strategy.name,
    apiVersion: manifest?.apiVersion ?? 1,
    strategies: { [strategy.name]: strategy },
  });
  // The stamp of definePlugin would be ours; what counts is the SDK the strategy was written with.
  return brandLike(plugin, { ...plugin, sdkVersion: version });
}

function isStrategy(value: unknown): value is StrategyDefinition {
  return isRecord(value) && value['$type'] === 'bookrunner/strategy';
}

/** A plugin made by hand, or by an older SDK, may lack kinds of contributions: those are empty. */
function wholePlugin(plugin: Plugin): Plugin | FailureText {
  const { id, apiVersion, sdkVersion } = plugin;
  const wrong = [
    typeof id === 'string' && id !== '' ? undefined : 'id',
    Number.isInteger(apiVersion) ? undefined : 'apiVersion',
    typeof sdkVersion === 'string' ? undefined : 'sdkVersion',
  ].filter((field) => field !== undefined);
  const parts: Partial<Record<(typeof CONTRIBUTION_KINDS)[ContributionKind], unknown>> = {};
  for (const key of Object.values(CONTRIBUTION_KINDS)) {
    const contributions: unknown = plugin[key] ?? {};
    if (!isRecord(contributions)) wrong.push(key);
    else if (key !== 'strategies') wrong.push(...withoutCreate(key, contributions));
    else
      wrong.push(
        ...Object.keys(contributions)
          .filter((name) => !isStrategy(contributions[name]))
          .map((name) => `strategies.${name}`),
      );
    parts[key] = contributions;
  }
  if (wrong.length > 0) {
    return { code: 'PLUGIN_NOT_A_PLUGIN', message: `its default export is faulty in: ${wrong.join(', ')}.` };
  }
  return brandLike(plugin, { ...plugin, ...parts } as Plugin);
}

function withoutCreate(key: string, contributions: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(contributions)
    .filter(([, contribution]) => typeof (contribution as { create?: unknown } | null)?.create !== 'function')
    .map(([name]) => `${key}.${name}`);
}

/** The copy with the brand of the original, frozen. */
function brandLike(original: Plugin, copy: Plugin): Plugin {
  for (const brand of Object.getOwnPropertySymbols(original)) {
    Object.defineProperty(copy, brand, { value: true, enumerable: false });
  }
  return Object.freeze(copy);
}

/** The kinds a plugin contributes to. */
export function kindsOf(plugin: Plugin): readonly ContributionKind[] {
  const kinds = Object.keys(CONTRIBUTION_KINDS) as ContributionKind[];
  return kinds.filter((kind) => Object.keys(plugin[CONTRIBUTION_KINDS[kind]]).length > 0);
}
