// How the contract suite drives this plugin: `bookrunner plugins check` reads this entry, and so does the test.
import { PassThrough } from 'node:stream';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { ContractFixtures, ControlSurfaceFixture } from '@bookrunner/sdk/testing';
import { MyControlSurface } from './my-control-surface.js';

function createFixture(): ControlSurfaceFixture {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  const shown: string[] = [];
  output.on('data', (text: string) => void shown.push(text));
  const type = (line: string): void => void input.write(`${line}\n`);
  return {
    surface: new MyControlSurface({ actor: 'ada', notices: true, clock: new FakeClock(), input, output }),
    person: {
      ask: (name, args = {}) =>
        type([name, ...Object.entries(args).map(([key, value]) => `${key}=${String(value)}`)].join(' ')),
      answer: (isYes) => type(isYes ? 'yes' : 'no'),
    },
    shown: () => shown,
    secrets: [],
    settle: async () => {
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export const contractFixtures: ContractFixtures = {
  // Everybody who reaches the terminal is allowed.
  controls: { 'my-control-surface': { create: createFixture, strangers: false } },
};
