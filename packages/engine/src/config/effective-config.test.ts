import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { load, MINIMAL } from './config.fixture.js';
import { effectiveConfig, effectiveConfigText, effectiveConfigYaml } from './effective-config.js';
import { configJsonSchema } from './json-schema.js';
import { loadConfig } from './load-config.js';
import { Secret } from '@bookrunner/sdk';

const RICH = `${MINIMAL}controls:
  telegram: { use: telegram, options: { token: "\${TOKEN}", botToken: literal-token, port: "\${PORT:-80}", allow: [1] } }
routes: [{ match: { symbols: AAPL }, venue: simulated }]
calendars: { MINE: { extends: XNYS, holidays: ["2026-12-24"] } }
`;

describe('effectiveConfig', () => {
  it('shows defaults and masks secrets before any plugin is loaded', () => {
    const effective = effectiveConfig(load(RICH, { env: { TOKEN: 'hunter2222' } }));
    expect(effective['books']).toEqual({
      MAIN: { account: 'simulated', base: 'USD', capital: 1_000_000, dayCalendar: 'XNAS' },
    });
    expect(effective['controls']).toEqual({
      telegram: { use: 'telegram', options: { token: '***', botToken: '***', port: '80', allow: [1] } },
    });
    expect(effective).not.toHaveProperty('source');
  });

  it('shows parsed options in place of raw ones', () => {
    const parsed = new Map<string, unknown>([
      [
        'controls.telegram.options',
        { token: new Secret('hunter2222'), port: 80, timeoutMs: 1000, tokens: 3, since: new Date(0) },
      ],
      ['strategies.mr.params', { lookback: 20, limit: Number.POSITIVE_INFINITY }],
      ['strategies.mr.bars[0].options', { seconds: 60, price: 'last' }],
    ]);
    const effective = effectiveConfig(load(RICH, { env: { TOKEN: 'hunter2222' } }), parsed);
    expect(effective['controls']).toEqual({
      telegram: {
        use: 'telegram',
        options: { token: '***', port: 80, timeoutMs: 1000, tokens: 3, since: '1970-01-01T00:00:00.000Z' },
      },
    });
    expect(effective['strategies']).toMatchObject({
      mr: {
        params: { lookback: 20, limit: 'Infinity' },
        bars: [{ use: 'time', options: { seconds: 60, price: 'last' } }],
      },
    });
    expect(effectiveConfigYaml(load(RICH, { env: { TOKEN: 'hunter2222' } }), parsed)).not.toContain('hunter2222');
  });

  it('loads again as the same configuration', () => {
    const once = effectiveConfigYaml(load(RICH, { env: { TOKEN: 'x' } }));
    const path = join(mkdtempSync(join(tmpdir(), 'bookrunner-effective-')), 'engine.yaml');
    writeFileSync(path, once);
    expect(effectiveConfigYaml(loadConfig(path))).toBe(once);
  });

  it('is, written later, what it was when it was taken', () => {
    const config = load(RICH, { env: { TOKEN: 'x' } });
    const allow = [1];
    const parsed = new Map<string, unknown>([['controls.telegram.options', { allow }]]);
    const before = effectiveConfigYaml(config, parsed);
    const text = effectiveConfigText(config, parsed);
    allow.push(2);
    parsed.clear();
    expect([text(), text()]).toEqual([before, before]);
  });

  it('is JSON data', () => {
    const effective = effectiveConfig(load(RICH, { env: { TOKEN: 'x' } }));
    expect(JSON.parse(JSON.stringify(effective))).toEqual(effective);
    expect(parse(effectiveConfigYaml(load(RICH, { env: { TOKEN: 'x' } })))).toMatchObject({
      risk: { use: 'standard' },
    });
  });
});

describe('configJsonSchema', () => {
  const schema = configJsonSchema();

  it('is the one that is committed for editors', () => {
    const committed = new URL('../../schema/engine.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('describes every property, and lets variables stand for numbers', () => {
    const bare: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(child as Record<string, { description?: string }>)) {
            const isWeekday = name.endsWith('day');
            if (property.description === undefined && !isWeekday) bare.push(`${path}.${name}`);
          }
        }
        visit(child, `${path}.${key}`);
      }
    };
    visit(schema, '');
    expect(bare).toEqual([]);
    expect(schema).toMatchObject({
      properties: {
        engine: { properties: { seed: { default: 1, anyOf: [{ type: 'integer' }, { type: 'string' }] } } },
      },
    });
  });
});
