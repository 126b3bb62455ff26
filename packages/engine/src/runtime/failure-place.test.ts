import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import { noteFailure } from '../signals/strategy-failure.js';
import { placeOf, toldNotice } from './failure-place.js';

const FRAMES_OF_THE_ENGINE = [
  '    at SignalStage.run (file:///x/engine/dist/worker.js:9:9)',
  '    at file:///x/other.js:1:1',
];
const ENGINE = 'file:///x/engine/';
let folder: string;
const cwd = process.cwd();

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bookrunner-place-')));
  for (const name of ['dist', 'src']) mkdirSync(join(folder, name));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
});

const url = (name: string): string => pathToFileURL(join(folder, name)).href;
const thrown = (...frames: readonly string[]): unknown => ({
  stack: ['TypeError: of no use', ...frames.map((frame) => `    at ${frame}`), ...FRAMES_OF_THE_ENGINE].join('\n'),
});

describe('the place of a failure', () => {
  it.each([
    ['a function', ['onBar ({}one.mjs:41:7)', '{}two.mjs:1:1'], 'one.mjs:41'],
    ['no function', ['{}one.mjs?v=2:41:7'], 'one.mjs:41'],
    [
      'what Node, the SDK or a library did for it',
      [
        'Array.map (<anonymous>)',
        'f (node:fs:1:1)',
        'g (file:///y/node_modules/@bookrunner/sdk/dist/a.js:1:1)',
        'h (file:///y/node_modules/ta/a.js:1:1)',
        '{}one.mjs:3:7',
      ],
      'one.mjs:3',
    ],
    [
      'an installed strategy',
      ['h ({}node_modules/ta/a.js:1:1)', 'onBar ({}node_modules/mine/a.js:2:1)'],
      'node_modules/mine/a.js:2',
    ],
    ['the SDK alone', ['g (file:///y/node_modules/@bookrunner/sdk/dist/a.js:1:1)'], undefined],
  ])('is a line of the strategy: %s', (_of, frames, expected) => {
    expect(placeOf(thrown(...frames.map((frame) => frame.replace('{}', `${url('')}/`))), ENGINE)).toBe(expected);
  });

  it('is in the source where a map leads there, and else in the code that ran', () => {
    // One line that maps to line 3 of the source, column for column.
    const map = { version: 3, sources: ['../src/mine.ts'], names: [], mappings: 'AAEA' };
    writeFileSync(join(folder, 'dist/mine.js.map'), JSON.stringify(map));
    const error = thrown(`onBar (${url('dist/mine.js')}:1:1)`);
    expect(placeOf(error, ENGINE)).toBe(join('dist', 'mine.js:1'));
    writeFileSync(join(folder, 'src/mine.ts'), '');
    expect(placeOf(error, ENGINE)).toBe(join('src', 'mine.ts:3'));
    writeFileSync(join(folder, 'dist/mine.js.map'), 'no map');
    expect(placeOf(error, ENGINE)).toBe(join('dist', 'mine.js:1'));
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { stack: 1 },
    {
      get stack(): string {
        throw new Error('no');
      },
    },
  ])('is not known of whatever else is thrown', (error) => expect(placeOf(error)).toBeUndefined());
});

describe('the notice of a failure', () => {
  const notice = (): EngineNotice => ({
    ...{ ts: Date.UTC(2024, 0, 2, 14, 35), level: 'alarm', code: 'STRATEGY_THREW', message: 'It threw.', details: {} },
  });

  it('is told with its time and symbol, and journalled as it is', () => {
    const kernel = noteFailure(notice(), { code: 'STRATEGY_THREW', what: 'threw', symbol: 'AAA' });
    const before = JSON.stringify(kernel);
    expect(toldNotice(kernel).message).toBe('It threw. It was at 2024-01-02T14:35:00.000Z, with AAA.');
    expect(JSON.stringify(kernel)).toBe(before);
  });

  it('is the only one that is told otherwise', () => {
    const other = notice();
    expect(toldNotice(other)).toBe(other);
  });
});
