import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandOutput, type TextStream } from '../command-output.js';
import { progressDisplay } from './progress.js';

const AT = Date.UTC(2024, 0, 2, 3, 4);

let milliseconds = 0;
let written = '';

function output(options: { readonly isTerminal?: boolean; readonly isQuiet?: boolean } = {}): CommandOutput {
  const stream: TextStream = {
    isTerminal: options.isTerminal ?? false,
    columns: 80,
    write: (text) => {
      written += text;
    },
  };
  return new CommandOutput({ stdout: stream, stderr: stream, isJson: false, isQuiet: options.isQuiet ?? false });
}

beforeEach(() => {
  milliseconds = 0;
  written = '';
  jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('progressDisplay', () => {
  it('says nothing of a short run', () => {
    const display = progressDisplay(output(), {});
    milliseconds = 1_999;
    display.update({ at: AT, rows: 10 });
    display.stop();
    expect(written).toBe('');
  });

  it('writes a line every two seconds in a pipe', () => {
    const display = progressDisplay(output(), {});
    for (milliseconds = 0; milliseconds <= 6_000; milliseconds += 500)
      display.update({ at: AT, rows: milliseconds * 1_000 });
    display.stop();
    expect(written.split('\n')).toEqual([
      '2,000,000 rows, at 2024-01-02 03:04 UTC',
      '4,000,000 rows, at 2024-01-02 03:04 UTC',
      '6,000,000 rows, at 2024-01-02 03:04 UTC',
      '',
    ]);
  });

  it('says nothing when quiet, on a terminal or in a pipe', () => {
    for (const isTerminal of [false, true]) {
      const display = progressDisplay(output({ isTerminal, isQuiet: true }), {});
      milliseconds += 10_000;
      display.update({ at: AT, rows: 1 });
      display.stop();
    }
    expect(written).toBe('');
  });
});
