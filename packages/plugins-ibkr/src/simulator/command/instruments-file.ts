import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { InstrumentDefinition } from '../model/instruments/instrument-definition.js';
import { instrumentSchema } from '../model/instruments/instrument-schema.js';
import { simulatorError } from '../simulator-errors.js';

const instrumentsSchema = z.array(instrumentSchema).min(1);

/** Reads instruments from a YAML or JSON file: a list, or an object with one under `instruments`. Errors: SIMULATOR_INSTRUMENTS. */
export function readInstrumentsFile(path: string): readonly InstrumentDefinition[] {
  const content = readYaml(path);
  const list: unknown =
    typeof content === 'object' && content !== null && 'instruments' in content ? content.instruments : content;
  const checked = instrumentsSchema.safeParse(list);
  // A file has no members that are there and undefined, which is all that the types differ in.
  if (checked.success) return checked.data as readonly InstrumentDefinition[];
  const faults = checked.error.issues.map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
  throw simulatorError('SIMULATOR_INSTRUMENTS', `${path}: ${faults.join('; ')}.`);
}

function readYaml(path: string): unknown {
  try {
    // JSON is YAML.
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw simulatorError('SIMULATOR_INSTRUMENTS', `${path} cannot be read: ${reason}.`, { cause: error });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the list';
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('.');
}
