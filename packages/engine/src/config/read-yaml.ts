import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { YAMLError } from 'yaml';
import { CONFIG_ERRORS, configError, configErrorOf } from './config-errors.js';
import type { ConfigIssue } from './config-errors.js';
import { ConfigSource } from './config-source.js';

/** A YAML file as plain data, with the positions of its values. */
export interface YamlFile {
  readonly data: unknown;
  readonly source: ConfigSource;
}

/**
 * Reads a YAML file, or takes the text that was read from it before; duplicate keys are errors, `<<` merges.
 * Errors: CONFIG_FILE_UNREADABLE, CONFIG_YAML_INVALID (all of the file's errors).
 */
export function readYaml(path: string, read?: string): YamlFile {
  const absolute = resolve(path);
  const name = basename(absolute);
  const text = read ?? readText(path, absolute);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    throw configErrorOf(
      name,
      document.errors.map((error) => yamlIssue({ error, name, lines, text })),
    );
  }
  const source = new ConfigSource(absolute, name, { document, lines, text });
  return { data: toData(document, name) ?? {}, source };
}

function readText(path: string, absolute: string): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const reason = (error as { code?: string }).code ?? 'unknown reason';
    const what = reason === 'ENOENT' ? 'there is no such file' : `it cannot be read (${reason})`;
    throw configError('CONFIG_FILE_UNREADABLE', `${path}: ${what}.`, { details: { path, reason } });
  }
}

function toData(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Unknown anchors and alias bombs show up only here, without a position.
    const message = `${(error as { message?: string }).message ?? 'cannot be read'}.`;
    throw configErrorOf(name, [
      { code: 'CONFIG_YAML_INVALID', path: '', message, remedy: CONFIG_ERRORS.CONFIG_YAML_INVALID.remedy },
    ]);
  }
}

/** `{ url: ${X} }` is the classic: inside braces a variable needs quotes. */
const UNQUOTED_VARIABLE = /[{,[].*[:,[]\s*\$\{/;

/** Of a key that stands twice, which it is: the parser says only where. */
function messageOf({ error, text }: { error: YAMLError; text: string }): string {
  const key = /^(?:"[^"]*"|'[^']*'|[^\s:,{}[\]]+)/.exec(text.slice(error.pos[0]))?.[0].replace(/^["']|["']$/g, '');
  if (error.message.includes('must be unique') && key !== undefined)
    return `The key '${key}' stands twice in its map; keys are unique.`;
  return `${error.message.replace(/\.$/, '')}.`;
}

function yamlIssue(fault: { error: YAMLError; name: string; lines: LineCounter; text: string }): ConfigIssue {
  const { line, col } = fault.lines.linePos(fault.error.pos[0]);
  const written = fault.text.split('\n')[line - 1] ?? '';
  return {
    code: 'CONFIG_YAML_INVALID',
    path: '',
    place: `${fault.name}:${line}:${col}`,
    message: messageOf(fault),
    remedy: UNQUOTED_VARIABLE.test(written)
      ? 'Inside { } and [ ] put variables in quotes: "${NAME}".'
      : CONFIG_ERRORS.CONFIG_YAML_INVALID.remedy,
  };
}
