// What a kernel was made from. Equal fingerprints decide alike; what differs is named.
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { effectiveConfig } from '../config/index.js';
import type { PreparedEngine } from '../plugins/index.js';
import { locatePlugin } from '../plugins/locate-plugin.js';
import { strategyCode } from '../runtime/strategy-hash.js';
import { pluginCode } from './plugin-code.js';
import { ENGINE_VERSION } from '../version.js';

/** Texts by what they are of. */
export interface Fingerprint {
  readonly engine: string;
  readonly node: string;
  /** Hash of the parts of the effective configuration that decisions depend on. */
  readonly config: string;
  /** Version, and hash of all code that can be loaded from it, by the plugin's id. */
  readonly plugins: Readonly<Record<string, string>>;
  /** Hash of each strategy's functions as loaded; its settings are in `config`. */
  readonly strategies: Readonly<Record<string, string>>;
}

/** Sections whose change changes no decision: where data comes from and goes to, and who watches. */
const OTHER_SECTIONS = new Set(['feeds', 'controls', 'database', 'plugins', 'allowIncompatible']);
const OTHER_ENGINE_KEYS = new Set(['name', 'dataDir', 'journal', 'onStop', 'guards']);

/** Fingerprint of a prepared engine. Plugins are looked up from `configPath` on; a run's own path unless given. */
export function fingerprintOf(prepared: PreparedEngine, configPath = prepared.config.source.path): Fingerprint {
  const used = prepared.plugins.filter(({ index }) => index !== undefined);
  return {
    engine: ENGINE_VERSION,
    node: process.version,
    config: decidingConfig(prepared),
    plugins: Object.fromEntries(used.map(({ plugin, use }) => [plugin.id, moduleText(use, configPath)])),
    strategies: Object.fromEntries(
      [...prepared.strategies].map(([name, { definition }]) => [name, digest(strategyCode(definition))]),
    ),
  };
}

/** What differs, one sentence each; empty where nothing does. */
export function fingerprintDifferences(before: Fingerprint, now: Fingerprint): readonly string[] {
  return [
    ...changed('The engine', before.engine, now.engine),
    ...changed('Node', before.node, now.node),
    ...changedHash('The configuration', before.config, now.config),
    ...changedOf('Plugin', before.plugins, now.plugins),
    ...changedOf('Strategy', before.strategies, now.strategies),
  ];
}

function changed(what: string, before: string | undefined, now: string | undefined): readonly string[] {
  if (before === now) return [];
  if (before === undefined) return [`${what} is new.`];
  return now === undefined ? [`${what} is gone.`] : [`${what} was ${before} and is ${now}.`];
}

/** A hash tells nobody anything. */
function changedHash(what: string, before: string | undefined, now: string | undefined): readonly string[] {
  return before === now || before === undefined || now === undefined
    ? changed(what, before, now)
    : [`${what} has changed.`];
}

function changedOf(
  what: string,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => changedHash(`${what} '${name}'`, before[name], now[name]));
}

function decidingConfig({ config, optionsByPath }: PreparedEngine): string {
  const sections = Object.entries(effectiveConfig(config, optionsByPath)).filter(([name]) => !OTHER_SECTIONS.has(name));
  const deciding = sections.map(([name, value]) =>
    name === 'engine'
      ? [name, without(value as object, OTHER_ENGINE_KEYS)]
      : [name, name === 'venues' ? tradeSide(value as object) : value],
  );
  return digest(stringify(Object.fromEntries(deciding), { sortMapEntries: true }));
}

/** What the wall clock makes of a venue enters as events. */
function tradeSide(venues: object): object {
  return Object.fromEntries(
    Object.entries(venues).map(([name, venue]) => [name, without(venue as object, new Set(['outages']))]),
  );
}

/** Whether a setting, by its path, may change a decision. */
export function isDeciding([section = '', key = '']: readonly string[]): boolean {
  return !OTHER_SECTIONS.has(section) && !(section === 'engine' && OTHER_ENGINE_KEYS.has(key));
}

function without(value: object, keys: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

function moduleText(use: string, configPath: string): string {
  const location = locatePlugin(use, configPath);
  if ('code' in location) return 'not found';
  const version = String(location.file?.data['version'] ?? '');
  return `${version} ${pluginCode(location)}`.trim();
}

function digest(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
