// Writes the table of TWS codes into docs/ibkr-codes.md. Reads the build: `npx tsc -b packages/plugins-ibkr` first.
import { readFileSync, writeFileSync } from 'node:fs';
import { withCodesTable } from '../dist/errors/codes-page.js';

const page = new URL('../../../docs/ibkr-codes.md', import.meta.url);
writeFileSync(page, withCodesTable(readFileSync(page, 'utf8')));
