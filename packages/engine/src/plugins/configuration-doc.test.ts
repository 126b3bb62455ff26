import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { load } from '../config/config.fixture.js';
import { CONFIG_ERRORS } from '../config/config-errors.js';
import { configJsonSchema } from '../config/json-schema.js';
import { BOOT_PHASES, PLUGIN_ERRORS } from './plugin-errors.js';

const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

describe('docs/configuration.md', () => {
  it('lists exactly the codes there are', () => {
    const listed = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(listed).toEqual([...Object.keys(CONFIG_ERRORS), ...Object.keys(PLUGIN_ERRORS)]);
  });

  it('lists the phases in order', () => {
    const listed = [...page.matchAll(/^\| ([a-z]+) \|/gm)].map((match) => match[1]);
    expect(listed.filter((word) => word !== 'code' && word !== 'phase')).toEqual([...BOOT_PHASES]);
  });

  it('has examples that load', () => {
    expect(examples.length).toBe(2);
    for (const example of examples) expect(load(example).strategies['mr']?.use).toBe('mean-reversion');
  });

  it('explains every key of the schema', () => {
    const reference = examples[1] ?? '';
    const keys = new Set<string>();
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        if (key === 'properties') for (const name of Object.keys(child as object)) keys.add(name);
        visit(child);
      }
    };
    visit(configJsonSchema());
    const missing = [...keys].filter((key) => !new RegExp(`\\b${key}:`).test(reference));
    // Weekdays are forms of `sessions`, shown on its line.
    expect(missing.filter((key) => !key.endsWith('day'))).toEqual([]);
  });
});
