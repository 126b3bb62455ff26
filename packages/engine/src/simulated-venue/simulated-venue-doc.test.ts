import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { optionsTable } from './options-table.fixture.js';

const PAGE = readFileSync(new URL('../../../../docs/simulated-venue.md', import.meta.url), 'utf8');

describe('docs/simulated-venue.md', () => {
  it('lists every option with what it takes, its default and its unit, as the schema has them', () => {
    const table = optionsTable();
    const begin = PAGE.indexOf('| option | takes |');
    expect(PAGE.slice(begin, begin + table.length)).toBe(table);
    expect(table).not.toMatch(/\| +\|/);
  });
});
