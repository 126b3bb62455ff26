import { describe, expect, it } from '@jest/globals';
import { engineLog, type LogOptions } from './engine-log.js';

function logged(options: Partial<LogOptions>, write: (log: ReturnType<typeof engineLog>) => void): readonly string[] {
  const lines: string[] = [];
  write(engineLog({ level: 'info', format: 'json', write: (line) => lines.push(line), ...options }));
  return lines;
}

describe('engineLog', () => {
  it('writes one JSON line each from its level on, with the part that speaks', () => {
    const lines = logged({}, (log) => {
      log.debug('unheard');
      log.info('heard', { rows: 3 });
      log.forPart('feed ib').warn('late');
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'info', msg: 'heard', rows: 3 },
      { level: 'warn', msg: 'late', part: 'feed ib' },
    ]);
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
  });

  it('writes plain lines for people', () => {
    const [line] = logged({ format: 'text' }, (log) =>
      log.forPart('venue ib').error('gone', { code: 'X', tries: [1, 2] }),
    );
    expect(line).toMatch(/^\d\d:\d\d:\d\d ERROR venue ib: gone code=X tries=\[1,2\]\n$/);
  });

  it('shows no secret, by name of field or by value', () => {
    const [line] = logged({ mask: (text) => text.replaceAll('hunter22', '***') }, (log) =>
      log.info('login hunter22', { token: 'abc', session: { password: 'def', user: 'ops' } }),
    );
    expect(JSON.parse(line as string)).toMatchObject({
      msg: 'login ***',
      token: '***',
      session: { password: '***', user: 'ops' },
    });
  });

  it('is silent where nothing was asked for', () => {
    expect(logged({ level: 'silent' }, (log) => log.error('x'))).toEqual([]);
  });
});
