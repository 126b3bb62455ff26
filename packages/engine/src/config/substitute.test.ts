import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { failure, issues, load, MINIMAL } from './config.fixture.js';
import { isSecret } from '@bookrunner/sdk';

const withOptions = (options: string): string => MINIMAL.replace('{ path: bars.csv }', () => options);

describe('variables', () => {
  it('replaces, defaults and escapes', () => {
    const config = load(withOptions('{ a: "${A:-x}", b: "${EMPTY:-y}", c: "$$5 $1 $${A}", d: "${A:-}" }'), {
      env: { EMPTY: '' },
    });
    expect(config.feeds['bars']?.options).toEqual({ a: 'x', b: 'y', c: '$5 $1 ${A}', d: '' });
  });

  it('takes text for numbers and booleans only where the schema asks', () => {
    const yaml = `engine: { name: "\${NAME}", seed: "\${SEED}", closeDelayMs: "\${DELAY:-20}" }\nplugins: [{ use: x, required: "\${REQUIRED}" }]`;
    const config = load(yaml, { env: { NAME: '42', SEED: '9', REQUIRED: 'false' } });
    expect(config.engine).toMatchObject({ name: '42', seed: 9, closeDelayMs: 20 });
    expect(config.plugins[0]?.required).toBe(false);
    expect(issues('engine: { seed: "9" }')).toMatchObject([{ path: 'engine.seed' }]);
    expect(issues('engine: { seed: "${SEED}" }', { env: { SEED: 'abc' } })).toMatchObject([{ path: 'engine.seed' }]);
  });

  it('names the missing variable and where it is used, once', () => {
    const found = issues(MINIMAL.replace('quote: USD', 'quote: "${QUOTE}"'));
    expect(found).toMatchObject([
      { code: 'CONFIG_VARIABLE_MISSING', path: 'instruments.AAPL.quote', place: 'engine.yaml:3:31' },
    ]);
    expect(found[0]?.message).toContain('QUOTE');
    expect(failure(MINIMAL.replace('quote: USD', 'quote: "${QUOTE}"')).code).toBe('CONFIG_VARIABLE_MISSING');
  });

  it('calls a missing database address a missing secret', () => {
    expect(failure('database: { type: postgres, url: "${DB}" }').code).toBe('SECRET_MISSING');
  });

  it('refuses what is no variable', () => {
    for (const text of ['${', '${A', '${A-B}', '${1}', '${}']) {
      expect(issues(withOptions(`{ a: '${text}' }`))[0]?.path).toBe('feeds.bars.options.a');
    }
  });

  it('does not read names from the prototype of the environment', () => {
    expect(failure(withOptions('{ a: "${constructor}" }'), { env: {} }).code).toBe('CONFIG_VARIABLE_MISSING');
  });

  it('hides what came from the environment until a schema has seen it', () => {
    const config = load(withOptions('{ token: "pre-${TOKEN}", host: "${HOST:-local}" }'), {
      env: { TOKEN: 'hunter2222' },
    });
    const { token, host } = config.feeds['bars']?.options ?? {};
    expect(isSecret(token) && token.reveal()).toBe('pre-hunter2222');
    expect(host).toBe('local');
    expect(inspect(config, { depth: 10 })).not.toContain('hunter2222');
    expect(JSON.stringify(config)).not.toContain('hunter2222');
  });

  it('never shows such text in an issue', () => {
    const error = failure('database: { type: "${DB}", url: x }', { env: { DB: 'hunter2222' } });
    expect(`${error.toOperatorText()} ${JSON.stringify(error.details)} ${inspect(error)}`).not.toContain('hunter2222');
  });
});
