import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { failure, issues, load, MINIMAL } from './config.fixture.js';
import { configJsonSchema } from './json-schema.js';
import { loadConfig } from './load-config.js';

describe('the file', () => {
  it('has to be there', () => {
    expect(() => loadConfig('/nowhere/engine.yaml')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_FILE_UNREADABLE',
        message: '/nowhere/engine.yaml: there is no such file.',
      }),
    );
  });

  it('has to be YAML, without duplicate keys', () => {
    const error = failure('feeds: {}\nvenues: {}\nfeeds: {}\n');
    expect(error.code).toBe('CONFIG_YAML_INVALID');
    expect(error.message).toContain('engine.yaml:3:1');
    expect(error.message).toContain('stands twice in its map; keys are unique');
  });

  it('says that variables inside braces need quotes', () => {
    expect(failure('database: { type: postgres, url: ${DATABASE_URL} }\n').toOperatorText()).toContain('"${NAME}"');
  });

  it('has to be an object', () => {
    expect(failure('- a\n- b\n').code).toBe('CONFIG_INVALID');
  });

  it('reports unknown anchors and alias bombs', () => {
    expect(failure('engine: *nothing\n').code).toBe('CONFIG_YAML_INVALID');
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de'].map((pair) => pair.split(''))) {
      bomb.push(`${to}: &${to} [*${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}]`);
    }
    expect(failure(bomb.join('\n')).code).toBe('CONFIG_YAML_INVALID');
  });
});

describe('calendars', () => {
  it('give their faults a place', () => {
    const found = issues(
      'calendars:\n  MINE: { timeZone: Mars, sessions: [["09:00", "10:00"]] }\n  LOOP: { extends: LOOP2 }\n',
    );
    expect(found.map(({ path, place }) => [path, place])).toEqual([
      ['calendars.MINE', 'engine.yaml:2:3'],
      ['calendars.LOOP', 'engine.yaml:3:3'],
    ]);
  });

  it('are checked for shape before', () => {
    expect(issues('calendars: { A: { sessions: [["9:00", "17:30"]] } }').map((issue) => issue.path)).toEqual([
      'calendars.A.sessions[0][0]',
    ]);
  });

  it('are warned of when their data ends soon, if it is known what soon is', () => {
    const yaml = `${MINIMAL}calendars: { XNAS: { extends: XNAS, range: { to: "2026-11-30" } } }\n`;
    expect(load(yaml).warnings).toEqual([]);
    const now = Date.UTC(2026, 10, 23);
    expect(load(yaml, { now }).warnings).toMatchObject([{ code: 'CONFIG_CALENDAR_EXPIRING', path: 'calendars.XNAS' }]);
    expect(load(yaml, { now: Date.UTC(2026, 1, 1) }).warnings).toEqual([]);
  });
});

describe('any document', () => {
  const sections = Object.keys(configJsonSchema()['properties'] as object);
  const word = fc.constantFrom(
    'use',
    'options',
    'venue',
    'account',
    'book',
    'symbols',
    'bars',
    'match',
    'AAPL',
    'sim',
    '${X}',
    '__proto__',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(word, fc.constant(null), fc.boolean(), fc.double({ noNaN: true }), fc.string()),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 3 }),
    ),
  }));

  it('loads, or fails with issues and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...sections), value, { maxKeys: 6 }), (document) => {
        try {
          load(stringify(document), { env: {} });
        } catch (error) {
          expect(isTradingError(error) && error.code).toMatch(/^(CONFIG|SECRET)_/);
          expect(isTradingError(error) && error.details['issues']).not.toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
