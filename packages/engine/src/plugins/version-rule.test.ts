import { describe, expect, it } from '@jest/globals';
import { isSdkCompatible } from './version-rule.js';

describe('isSdkCompatible', () => {
  it.each([
    ['1.2.0', '1.2.9', true],
    ['1.2.9', '1.2.0', true],
    ['1.1.0', '1.2.0', true],
    ['1.3.0', '1.2.0', false],
    ['2.0.0', '1.9.0', false],
    ['1.0.0', '2.0.0', false],
    ['0.1.0', '0.1.4', true],
    ['0.1.4', '0.1.0', true],
    ['0.1.0', '0.2.0', false],
    ['0.2.0', '0.1.0', false],
    ['0.9.0', '1.0.0', false],
    ['1.2.0-rc.1', '1.2.0-rc.1', true],
    ['1.2.0-rc.1', '1.2.0', false],
    ['1.2.0', '1.2.0-rc.1', false],
    ['latest', '1.0.0', false],
    ['', '1.0.0', false],
  ])('%s on %s: %s', (linked, own, expected) => {
    expect(isSdkCompatible(linked, own)).toBe(expected);
  });
});
