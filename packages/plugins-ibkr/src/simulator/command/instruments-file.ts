import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { simulatorError } from '../simulator-errors.js';

/** Reads the list in a YAML or JSON file; what its items have to be is for the model to say. Errors: SIMULATOR_INSTRUMENTS. */
export function readInstrumentsFile(path: string): readonly object[] {
  let content: unknown;
  try {
    // JSON is YAML.
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw simulatorError('SIMULATOR_INSTRUMENTS', `${path} cannot be read: ${reason}.`, { cause: error });
  }
  const list: unknown = isObject(content) && 'instruments' in content ? content['instruments'] : content;
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw simulatorError('SIMULATOR_INSTRUMENTS', `${path} has no list of instruments.`);
  }
  return list;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
