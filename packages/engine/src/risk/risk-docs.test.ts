import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RISK_REASONS } from './reasons.js';
import { sizers } from './sizers.js';
import { standardRiskOptions } from './standard-risk-options.js';

const page = readFileSync(new URL('../../../../docs/risk.md', import.meta.url), 'utf8');

/** Names in backticks that a pattern describes. */
function named(pattern: RegExp): ReadonlySet<string> {
  return new Set([...page.matchAll(pattern)].map((match) => match[1] ?? ''));
}

describe('docs/risk.md', () => {
  it('lists every reason code and no other', () => {
    expect(named(/`(RISK_[A-Z_]+)`/g)).toEqual(new Set(Object.keys(RISK_REASONS)));
  });

  it('lists every option of the standard policy and every sizer', () => {
    for (const option of Object.keys(standardRiskOptions.shape)) {
      expect(page).toMatch(new RegExp(`^\\| \`${option}[.\`]`, 'm'));
    }
    for (const name of Object.keys(sizers)) expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  });
});
