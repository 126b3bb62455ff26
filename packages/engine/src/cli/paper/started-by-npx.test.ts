import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CommandIo } from '../command.js';
import { CommandOutput } from '../command-output.js';
import { guardAgainstNpx } from './started-by-npx.js';

const NPX = {
  npm_command: 'exec',
  npm_lifecycle_event: 'npx',
  npm_lifecycle_script: 'bookrunner run nc.yaml',
  npm_config_call: '',
};

let written = '';
let parent = 100;
let stops = 0;

function start(env: CommandIo['env']): void {
  const stream = { isTerminal: false, columns: 80, write: (text: string): void => void (written += text) };
  const output = new CommandOutput({ stdout: stream, stderr: stream, isJson: false, isQuiet: true });
  const io: CommandIo = { output, env, now: () => 0, onInterrupt: () => () => {}, onBusyInterrupt: () => () => {} };
  guardAgainstNpx(io, { parent: () => parent, stop: () => void (stops += 1) });
}

beforeEach(() => {
  [written, parent, stops] = ['', 100, 0];
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('guardAgainstNpx', () => {
  it('warns, and stops once when the shell of npx has died of the SIGTERM', () => {
    start(NPX);
    expect(written).toMatch(/^warning: ENGINE_STARTED_BY_NPX: .*node_modules\/\.bin\/bookrunner/);
    jest.advanceTimersByTime(10_000);
    expect(stops).toBe(0);
    parent = 1;
    jest.advanceTimersByTime(10_000);
    expect([stops, written]).toEqual([1, expect.stringContaining('is gone: stopping')]);
  });

  it.each([
    ['no npm at all', {}],
    ['a script of npm, which may put the engine in its own place', { ...NPX, npm_command: 'run-script' }],
    ['a shell line, whose end says nothing', { ...NPX, npm_config_call: 'bookrunner run &' }],
    ['another command that has left its environment', { ...NPX, npm_lifecycle_script: 'pm2 start bookrunner' }],
    ['a parent of ours that hands signals on', { ...NPX, BOOKRUNNER_RESPAWN: '0' }],
  ])('says nothing and goes on below %s', (_, env) => {
    start(env);
    parent = 1;
    jest.advanceTimersByTime(10_000);
    expect([written, stops]).toEqual(['', 0]);
  });
});
