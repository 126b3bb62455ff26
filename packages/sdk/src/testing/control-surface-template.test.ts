// What a person sees at the terminal that the template of a control surface is.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { MyControlSurface } from '../../../../templates/control-surface/src/my-control-surface.js';
import type { EngineControl, EngineNotice } from '../interfaces/control-surface.js';
import { FakeClock } from './fake-clock.js';

const NOTICE: EngineNotice = { ts: 1, level: 'alarm', code: 'RISK_HALTED', message: 'global: halt', details: {} };

async function scene(options: { readonly notices?: boolean } = {}) {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  const listeners: ((notice: EngineNotice) => void)[] = [];
  const engine: EngineControl = {
    command: ({ name, args }) =>
      Promise.resolve({
        ...{ kind: 'done', data: { name, args } },
        ...(name === 'status' ? { text: 'first, paper\n\nNothing is held.\n' } : {}),
      }),
    onNotice: (listener) => {
      listeners.push(listener);
      return () => {};
    },
    metrics: () => Promise.resolve(''),
  };
  const surface = new MyControlSurface({
    actor: 'ada',
    notices: false,
    clock: new FakeClock(),
    input,
    output,
    ...options,
  });
  await surface.open(engine);
  const shown = async (act: () => void): Promise<string> => {
    act();
    for (let k = 0; k < 5; k += 1) await new Promise((resolve) => setImmediate(resolve));
    return (output.read() as string | null) ?? '';
  };
  return {
    type: (line: string) => shown(() => input.write(`${line}\n`)),
    tell: () => shown(() => listeners.forEach((listener) => listener(NOTICE))),
  };
}

describe('the terminal of the template', () => {
  it('shows an answer as text, and as JSON for who says --json or where there is no text', async () => {
    const { type } = await scene();
    expect(await type('status')).toBe('first, paper\n\nNothing is held.\n');
    expect(await type('status --json')).toBe('{"name":"status","args":{}}\n');
    expect(await type('risk name=mr')).toBe('risk: {"name":"risk","args":{"name":"mr"}}\n');
  });

  it('lists the commands with a line each, is silent at an empty line, and lets the engine say what was misspelt', async () => {
    const { type } = await scene();
    const lines = (await type('help')).split('\n');
    expect(lines).toContain('reconcile    asks the brokers what is there, and compares');
    expect(lines.filter((line) => /^[a-z-]+ {2,}\S/.test(line))).toHaveLength(18);
    expect(await type('  ')).toBe('');
    expect(await type('stauts')).toBe('stauts: {"name":"stauts","args":{}}\n');
  });

  it('shows notices only where that is asked for: its terminal has those of the engine', async () => {
    expect(await (await scene()).tell()).toBe('');
    expect(await (await scene({ notices: true })).tell()).toBe('alarm RISK_HALTED: global: halt\n');
  });
});
