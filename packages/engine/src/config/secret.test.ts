import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { z } from 'zod';
import { failure, load, writeConfig } from './config.fixture.js';
import { loadConfig } from './load-config.js';
import { isSecret, Secret, secret } from '@bookrunner/sdk';

describe('Secret', () => {
  it('shows its text to reveal and to nothing else', () => {
    const hidden = new Secret('hunter2');
    const shown = [
      String(hidden),
      'a'.concat(hidden as unknown as string),
      JSON.stringify({ hidden }),
      inspect({ hidden }),
      stringify({ hidden }),
    ];
    expect(shown.join()).not.toContain('hunter2');
    expect(shown.every((text) => text.includes('***'))).toBe(true);
    expect(Object.keys(hidden)).toEqual([]);
    expect(inspect(hidden, { showHidden: true, customInspect: false })).not.toContain('hunter2');
    expect(hidden.reveal()).toBe('hunter2');
  });

  it('is known across copies by its brand', () => {
    expect(isSecret(new Secret('x'))).toBe(true);
    expect(isSecret({ reveal: () => 'x' })).toBe(false);
    expect(isSecret('x')).toBe(false);
  });

  it('has the text of its file once it is supplied, without the last line break', () => {
    const hidden = new Secret({ file: 'token' });
    expect(() => hidden.reveal()).toThrow("'token' was not loaded");
    hidden.supply('from-file\n');
    hidden.supply('another');
    expect(hidden.reveal()).toBe('from-file');
    const given = new Secret('given');
    given.supply('another');
    expect(given.reveal()).toBe('given');
  });
});

describe('secret()', () => {
  it('takes text or a file, and nothing else', () => {
    const schema = z.strictObject({ token: secret() });
    expect(schema.parse({ token: 'abc' }).token.reveal()).toBe('abc');
    expect(schema.parse({ token: { file: 'x' } }).token.file).toBe('x');
    for (const token of ['', 5, {}, { file: '' }, { file: 'x', y: 1 }, undefined]) {
      expect(schema.safeParse({ token }).success).toBe(false);
    }
  });
});

describe('the database address', () => {
  it('comes from a file beside engine.yaml', () => {
    const path = writeConfig('database: { type: postgres, url: { file: url.txt } }', { 'url.txt': 'postgres://x\n' });
    const { database } = loadConfig(path);
    expect(database.type === 'postgres' && database.url.reveal()).toBe('postgres://x');
  });

  it('is missing where the file is missing or empty', () => {
    const error = failure('database: { type: postgres, url: { file: url.txt } }');
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toContain('url.txt');
    const path = writeConfig('database: { type: postgres, url: { file: url.txt } }', { 'url.txt': '\n' });
    expect(() => loadConfig(path)).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }));
  });

  it('may stand in the file itself', () => {
    const { database } = load('database: { type: postgres, url: "postgres://plain" }');
    expect(JSON.stringify(database)).not.toContain('plain');
  });
});
