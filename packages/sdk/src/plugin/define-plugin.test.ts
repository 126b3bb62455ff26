import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorFactory, isTradingError, SDK_ERRORS, sdkError, TradingError } from '../errors.js';
import { sma } from '../features/sma.js';
import { API_VERSION, SDK_VERSION } from '../version.js';
import { CONTRIBUTION_KINDS, definePlugin, isPlugin, type PluginOptions } from './define-plugin.js';
import { defineStrategy } from './define-strategy.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isTradingError(error) ? error.code : `not ours: ${String(error)}`;
  }
  return 'nothing thrown';
}

const strategy = (name: string) => defineStrategy({ name, params: z.object({}), onBar: () => 0 });

describe('definePlugin', () => {
  it('gives a frozen, branded value with every kind of contribution', () => {
    const plugin = definePlugin({ id: 'my-plugin', apiVersion: 1, strategies: { quiet: strategy('quiet') } });
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin.sdkVersion).toBe(SDK_VERSION);
    expect(Object.isFrozen(plugin)).toBe(true);
    for (const kind of Object.values(CONTRIBUTION_KINDS)) expect(Object.isFrozen(plugin[kind])).toBe(true);
    expect(Object.keys(plugin.strategies)).toEqual(['quiet']);
    expect(Object.keys(plugin)).not.toContain('Symbol(@bookrunner/plugin)');
  });

  it('does not follow later changes of what it was given', () => {
    const strategies: Record<string, ReturnType<typeof strategy>> = {};
    const plugin = definePlugin({ id: 'my-plugin', apiVersion: 1, strategies });
    strategies['late'] = strategy('late');
    expect(plugin.strategies).toEqual({});
  });

  it.each(['', 'Caps', 'under_score', '1st', 'a'.repeat(65), 'a b'])('refuses the id "%s"', (id) => {
    expect(codeOf(() => definePlugin({ id, apiVersion: API_VERSION }))).toBe('PLUGIN_INVALID');
  });

  it.each([0, -1, 1.5, Number.NaN, '1'])('refuses apiVersion %p', (apiVersion) => {
    expect(codeOf(() => definePlugin({ id: 'x', apiVersion } as PluginOptions))).toBe('PLUGIN_INVALID');
  });

  it('is known across copies of the SDK by its brand, and nothing else is a plugin', () => {
    const copy = Object.defineProperty({}, Symbol.for('@bookrunner/plugin'), { value: true });
    expect(isPlugin(copy)).toBe(true);
    for (const other of [undefined, null, {}, 'plugin', () => 0]) expect(isPlugin(other)).toBe(false);
  });
});

describe('defineStrategy', () => {
  it('has defaults, and is frozen data', () => {
    const definition = strategy('quiet');
    expect(Object.isFrozen(definition)).toBe(true);
    expect(definition.lookback({})).toBe(256);
    expect(definition.warmup({})).toBe(1);
    expect(definition.state({})).toEqual({});
    expect(definition.gapToleranceMs).toBe(Number.POSITIVE_INFINITY);
    expect(definition.times).toEqual([]);
  });

  it('warms up as long as its longest feature, unless told otherwise', () => {
    const params = z.object({ length: z.number() });
    const features = (p: { length: number }) => ({ slow: sma(p.length), fast: sma(2) });
    const onBar = (): number => 0;
    expect(defineStrategy({ name: 'x', params, features, onBar }).warmup({ length: 30 })).toBe(30);
    expect(defineStrategy({ name: 'x', params, features, onBar, warmup: () => 5 }).warmup({ length: 30 })).toBe(5);
  });

  it.each(['', 'Caps', 'pipe|d', 'a'.repeat(33)])('refuses the name "%s"', (name) => {
    expect(codeOf(() => strategy(name))).toBe('PLUGIN_INVALID');
  });
});

describe('errors', () => {
  it('carry code, severity and remedy from the table, and what the caller adds', () => {
    const fail = errorFactory({ AREA_WHAT: { severity: 'retryable', remedy: 'Try again.' } });
    const cause = new Error('below');
    const error = fail('AREA_WHAT', 'It failed.', { details: { a: 1 }, cause });
    expect([error.code, error.severity, error.remedy, error.details, error.cause]).toEqual([
      'AREA_WHAT',
      'retryable',
      'Try again.',
      { a: 1 },
      cause,
    ]);
    expect(fail('AREA_WHAT', 'It failed.', { remedy: 'Do this.' }).remedy).toBe('Do this.');
    expect(error.toOperatorText()).toBe('AREA_WHAT: It failed. Try again.');
    expect(fail('AREA_WHAT', 'It failed.').details).toEqual({});
  });

  it('are known across copies of the SDK by their brand', () => {
    const copy = Object.defineProperty(new Error('from elsewhere'), Symbol.for('@bookrunner/trading-error'), {
      value: true,
    });
    expect(isTradingError(copy)).toBe(true);
    expect(copy instanceof TradingError).toBe(false);
    for (const other of [undefined, null, new Error('plain'), 'text', { code: 'X' }])
      expect(isTradingError(other)).toBe(false);
  });

  it('of the SDK tell what to do in a sentence', () => {
    for (const [code, { remedy }] of Object.entries(SDK_ERRORS)) {
      expect([code, /^[A-Z].*\.$/.test(remedy)]).toEqual([code, true]);
    }
    expect(sdkError('PLUGIN_INVALID', 'x').severity).toBe('fatal');
  });
});
