import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { withCodesTable } from './codes-page.js';

it('docs/ibkr-codes.md says what the table of codes says; else run packages/plugins-ibkr/scripts/write-codes.mjs', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../../docs/ibkr-codes.md', import.meta.url)), 'utf8');
  expect(page).toBe(withCodesTable(page));
});
