// The configuration as the engine understood it, for the run folder and for people. Secrets are masked.
import { inspect } from 'node:util';
import { stringify } from 'yaml';
import type { EngineConfig } from './engine-config.js';
import { formatStep } from './config-errors.js';
import { isRecord } from './plain-value.js';
import { isSecret } from '@bookrunner/sdk';

/** Parsed options by the dotted path of the raw ones: `feeds.ib.options`, `strategies.mr.params`, `strategies.mr.bars[0].options`. */
export type OptionsByPath = ReadonlyMap<string, unknown>;

const MASK = '***';

/** What is called like this is taken for a secret: in options no schema has seen, and texts whose plugin forgot to say so. */
const SECRET_NAME = /token|secret|passw|passphrase|api_?key|private_?key|credential/i;

/**
 * The whole configuration with its defaults as plain JSON data. With the parsed options of the plugins (`optionsByPath` of the
 * boot), their defaults are there too; masked are their secrets, and texts that are named like one. Without, everything is masked
 * that came from the environment or is named like a secret.
 */
export function effectiveConfig(
  config: EngineConfig,
  parsed: OptionsByPath = new Map(),
): Readonly<Record<string, unknown>> {
  const { source: _source, warnings: _warnings, ...sections } = config;
  const instruments = Object.fromEntries(
    Object.entries(config.instruments).map(([key, { symbol: _symbol, ...rest }]) => [key, rest]),
  );
  return plain({ ...sections, instruments }, '', { parsed, isParsed: false, isOption: false }) as Readonly<
    Record<string, unknown>
  >;
}

/** {@link effectiveConfig} as YAML. It loads again once its masked secrets are filled in. */
export function effectiveConfigYaml(config: EngineConfig, parsed: OptionsByPath = new Map()): string {
  return yamlOf(effectiveConfig(config, parsed));
}

/** {@link effectiveConfigYaml} as it is now, written when it is first asked for: a sweep of short runs reads none of it. */
export function effectiveConfigText(config: EngineConfig, parsed: OptionsByPath = new Map()): () => string {
  const data = effectiveConfig(config, parsed);
  let text: string | undefined;
  return () => (text ??= yamlOf(data));
}

function yamlOf(data: Readonly<Record<string, unknown>>): string {
  return stringify(data, { lineWidth: 120, aliasDuplicateObjects: false });
}

interface Walk {
  readonly parsed: OptionsByPath;
  /** Inside options that their schema has parsed. */
  readonly isParsed: boolean;
  /** Inside options at all. */
  readonly isOption: boolean;
}

/** `at`: the text of the path, which only options that are not parsed yet are looked up by. */
function plain(value: unknown, at: string, walk: Walk): unknown {
  if (!walk.isParsed && walk.parsed.has(at))
    return plain(walk.parsed.get(at), at, { ...walk, isParsed: true, isOption: true });
  if (isSecret(value)) return MASK;
  if (Array.isArray(value)) return value.map((item, index) => plain(item, stepTo(at, index, walk), walk));
  if (isRecord(value)) return plainObject(value, at, walk);
  return plainScalar(value);
}

function plainObject(value: Readonly<Record<string, unknown>>, at: string, walk: Walk): unknown {
  const entries: (readonly [string, unknown])[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const mayBeSecret = walk.isParsed ? typeof item === 'string' : !isRecord(item);
    const isHidden = walk.isOption && mayBeSecret && SECRET_NAME.test(key);
    const isOption = walk.isOption || key === 'options' || key === 'params';
    const inner = isOption === walk.isOption ? walk : { ...walk, isOption };
    entries.push([key, isHidden ? MASK : plain(item, stepTo(at, key, walk), inner)]);
  }
  return Object.fromEntries(entries);
}

function stepTo(at: string, key: string | number, { isParsed }: Walk): string {
  return isParsed ? at : formatStep(at, key);
}

/** Values that plugin schemas may give and JSON has not. */
function plainScalar(value: unknown): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plainScalar(item)]));
  if (value instanceof Set) return [...value].map(plainScalar);
  if (isSecret(value)) return MASK;
  if (typeof value !== 'object' || value === null) return plainPrimitive(value);
  const json = (value as { toJSON?: () => unknown }).toJSON?.();
  return json === undefined || typeof json === 'object' ? inspect(value) : json;
}

function plainPrimitive(value: unknown): unknown {
  if (typeof value === 'function') return '[function]';
  const isUnwritable = typeof value === 'bigint' || typeof value === 'symbol' || Number.isNaN(value);
  return isUnwritable || value === Infinity || value === -Infinity ? String(value) : value;
}
