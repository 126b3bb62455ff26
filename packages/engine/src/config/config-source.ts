// Where the values of a configuration came from: positions in the file, the environment, overrides.
import { dirname } from 'node:path';
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node } from 'yaml';
import { formatPath } from './config-errors.js';
import type { ConfigErrorCode, ConfigIssue, ConfigPath } from './config-errors.js';
import { CONFIG_ERRORS } from './config-errors.js';
import { valueAt } from './plain-value.js';

/** How a value got its text from the environment. */
type Origin = 'environment' | 'default';

/** Shortest value that {@link ConfigSource.mask} hides; shorter ones (`true`, `4002`) are in every text by chance. */
const SHORTEST_MASKED = 6;

/**
 * What is known about where values came from. Paths are of the document before defaults. Shows nothing of its content when
 * printed.
 */
export class ConfigSource {
  /** Absolute path of the file. */
  readonly path: string;
  /** Folder of the file: relative paths start here. */
  readonly directory: string;
  readonly #name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;
  readonly #substituted = new Map<string, Origin>();
  readonly #overridden: string[] = [];
  readonly #masked = new Set<string>();
  #data: unknown;

  constructor(path: string, name: string, parsed: { document: Document; lines: LineCounter; text: string }) {
    this.path = path;
    this.directory = dirname(path);
    this.#name = name;
    this.#document = parsed.document;
    this.#lines = parsed.lines;
    this.#text = parsed.text;
  }

  /** Name of the file as messages show it. */
  get name(): string {
    return this.#name;
  }

  /** What the file had in it, before anything was put into it. */
  get text(): string {
    return this.#text;
  }

  /** The document after overrides and substitution. */
  noteData(data: unknown): void {
    this.#data = data;
  }

  /** Whether the document has a list at a path. */
  isList(path: ConfigPath): boolean {
    return Array.isArray(valueAt(this.#data, path));
  }

  noteSubstituted(path: ConfigPath, origin: Origin): void {
    this.#substituted.set(formatPath(path), origin);
  }

  /** Text that came from the environment, or that a schema calls a secret: hidden from every message. */
  noteMasked(text: string): void {
    if (text.length >= SHORTEST_MASKED) this.#masked.add(text);
  }

  noteOverridden(path: ConfigPath): void {
    this.#overridden.push(formatPath(path));
  }

  /** Whether the value's text holds a substituted variable: such text may stand for a number or a boolean. */
  isSubstituted(path: ConfigPath): boolean {
    return this.#substituted.has(formatPath(path));
  }

  /** Whether part of the value's text came from the environment itself, not from a default in the file. */
  isFromEnvironment(path: ConfigPath): boolean {
    return this.#substituted.get(formatPath(path)) === 'environment';
  }

  /** The text with everything that came from the environment as `***`. */
  mask(text: string): string {
    let masked = text;
    for (const hidden of this.#masked) masked = masked.replaceAll(hidden, '***');
    return masked;
  }

  /** `engine.yaml:14:5` of the value, or of its nearest container in the file; `--set` for what an override gave. */
  place(path: ConfigPath, at: 'key' | 'value' = 'key'): string | undefined {
    const text = formatPath(path);
    if (this.#overridden.some((prefix) => isWithin(text, prefix))) return '--set';
    const offset = this.#offset(path, at);
    if (offset === undefined) return undefined;
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${line}:${col}`;
  }

  /** An issue at a path, with its place. The remedy is the code's unless given. */
  issue(path: ConfigPath, message: string, extra: { code?: ConfigErrorCode; remedy?: string } = {}): ConfigIssue {
    const code = extra.code ?? 'CONFIG_INVALID';
    const place = this.place(path);
    return {
      code,
      path: formatPath(path),
      ...(place === undefined ? {} : { place }),
      message: this.mask(message),
      remedy: extra.remedy ?? CONFIG_ERRORS[code].remedy,
    };
  }

  #offset(path: ConfigPath, at: 'key' | 'value'): number | undefined {
    let node: unknown = this.#document.contents;
    let offset = offsetOf(node);
    for (const key of path) {
      const step = stepInto(isAlias(node) ? node.resolve(this.#document) : node, key);
      if (step === undefined) return offset;
      node = step.value;
      offset =
        (at === 'value' ? offsetOf(step.value) : undefined) ?? offsetOf(step.key) ?? offsetOf(step.value) ?? offset;
    }
    return offset;
  }
}

/** Whether a dotted path is another one, or lies below it. */
function isWithin(path: string, container: string): boolean {
  return path === container || (path.startsWith(container) && /^[.[]/.test(path.slice(container.length)));
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** The key and value nodes of one path segment; undefined where the file has none. */
function stepInto(node: unknown, key: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key];
    return item === undefined ? undefined : { key: undefined, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}
