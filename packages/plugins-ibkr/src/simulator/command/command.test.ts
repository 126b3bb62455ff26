import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from '../bench.fixture.js';
import { FAULT_SCRIPTS } from './fault-scripts.js';
import { runSimulator } from './run-simulator.js';
import { readArguments } from './simulator-arguments.js';

const folder = mkdtempSync(join(tmpdir(), 'tws-simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

/** What the command did and said. */
async function run(...words: readonly string[]) {
  const said = { printed: '', complained: '' };
  const outcome = await runSimulator(words, {
    print: (text) => (said.printed += text),
    complain: (text) => (said.complained += text),
  });
  if (outcome.kind === 'running') running.push(outcome.simulator);
  return { ...said, outcome };
}

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const ACME = {
  conId: 4711,
  symbol: 'ACME',
  secType: 'STK',
  currency: 'USD',
  exchanges: ['SMART', 'NYSE'],
  priceIncrements: [{ lowEdge: 0, increment: 0.01 }],
  calendar: 'XNYS',
  timeZone: 'US/Eastern',
  startPrice: 50,
};

describe('arguments', () => {
  it('have defaults', () => {
    expect(readArguments([])).toMatchObject({
      host: '127.0.0.1',
      port: 4002,
      serverVersion: 193,
      seed: 1,
      accounts: ['DU1234567'],
      scripts: [],
      faults: [],
    });
  });

  it('are read', () => {
    const words =
      '--port 0 --server-version 178 --seed 9 --account DU1,DU2 --script no-status,duplicates --script read-only';
    const fault = { kind: 'drop-message', on: 'openOrder', times: 'all' };
    expect(readArguments([...words.split(' '), '--fault', JSON.stringify(fault)])).toMatchObject({
      port: 0,
      serverVersion: 178,
      seed: 9,
      accounts: ['DU1', 'DU2'],
      scripts: ['no-status', 'duplicates', 'read-only'],
      faults: [fault],
    });
  });

  it.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port', ''],
    ['--seed', '1.5'],
    ['--server-version', '200'],
    ['--account', '@'],
    ['--script', 'no-such'],
    ['--fault', '{'],
    ['--fault', '{"kind":"no-such"}'],
    ['--no-such', '1'],
    ['positional', ''],
    ['--port', '--json'],
  ])('that are wrong are told in one line: %s %s', async (...words) => {
    const { outcome, printed, complained } = await run(...words);
    expect(outcome).toEqual({ kind: 'over', exitCode: 2 });
    expect(printed).toBe('');
    expect(complained).toMatch(/^SIMULATOR_ARGUMENT: .*bookrunner-tws-simulator --help`\.\n$/);
  });

  it('name no message that there is not', async () => {
    const { complained } = await run('--fault', '{"kind":"drop-message","on":"orderStatusX"}');
    expect(complained).toContain('on: there is no message "orderStatusX"; the nearest name is "orderStatus"');
  });

  it('ask for help', async () => {
    const { outcome, printed } = await run('--help');
    expect(outcome).toEqual({ kind: 'over', exitCode: 0 });
    for (const name of Object.keys(FAULT_SCRIPTS)) expect(printed).toContain(name);
  });
});

describe('the command', () => {
  it('says in one line that it is ready', async () => {
    const plain = await run('--port', '0');
    expect(plain.printed).toMatch(
      /^TWS simulator listens on 127\.0\.0\.1:\d+, server version 193, accounts DU1234567\.\n$/,
    );
    const json = await run('--port', '0', '--json', '--account', 'DU1,DU2', '--server-version', '178');
    expect(JSON.parse(json.printed)).toMatchObject({ serverVersion: 178, accounts: ['DU1', 'DU2'] });
  });

  it('says which port is taken', async () => {
    const { outcome } = await run('--port', '0');
    const port = outcome.kind === 'running' ? outcome.simulator.port : 0;
    const second = await run('--port', String(port));
    expect(second.outcome).toEqual({ kind: 'over', exitCode: 1 });
    expect(second.complained).toMatch(/^SIMULATOR_PORT: 127\.0\.0\.1:\d+ is in use\. .*\n$/);
  });

  it.each([
    ['list.yaml', JSON.stringify([ACME])],
    ['object.json', JSON.stringify({ instruments: [ACME] })],
    [
      'plain.yaml',
      `- { conId: 4711, symbol: ACME, secType: STK, currency: USD, exchanges: [SMART], calendar: XNYS, timeZone: US/Eastern,
    startPrice: 50, priceIncrements: [{ lowEdge: 0, increment: 0.01 }] }`,
    ],
  ])('lists the instruments of %s', async (name, content) => {
    const { outcome } = await run('--port', '0', '--instruments', file(name, content));
    if (outcome.kind !== 'running') throw new Error('It does not run.');
    expect(outcome.simulator.model.settings.instruments).toMatchObject([
      { conId: 4711, symbol: 'ACME', startPrice: 50 },
    ]);
  });

  it.each([
    ['missing.yaml', undefined, 'cannot be read'],
    ['broken.yaml', '[{', 'cannot be read'],
    ['text.yaml', 'hello', 'the list'],
    ['empty.yaml', '[]', 'the list'],
    ['lacks.json', JSON.stringify([{ ...ACME, startPrice: -1 }]), '[0].startPrice'],
    ['more.json', JSON.stringify([{ ...ACME, colour: 'red' }]), 'colour'],
    ['hours.json', JSON.stringify([{ ...ACME, calendar: 'NONE' }]), "There is no calendar 'NONE'. Known are"],
  ])('says what is wrong with %s', async (name, content, expected) => {
    const path = content === undefined ? join(folder, name) : file(name, content);
    const { outcome, complained } = await run('--port', '0', '--instruments', path);
    expect(outcome).toEqual({ kind: 'over', exitCode: 2 });
    expect(complained).toMatch(/^SIMULATOR_INSTRUMENTS: .*\n$/);
    expect(complained).not.toContain('..');
    expect(complained).toContain(expected);
  });

  it('begins scripts and faults as asked', async () => {
    const { outcome } = await run('--port', '0', '--script', 'read-only', '--linger-seconds', '2', '--read-only');
    if (outcome.kind !== 'running') throw new Error('It does not run.');
    expect(outcome.simulator.faults.settings).toMatchObject({ isReadOnly: true, clientIdLingerMs: 2000 });
  });
});

describe('scripts', () => {
  it.each(Object.keys(FAULT_SCRIPTS))('%s runs, and leaves nothing behind', async (name) => {
    const clock = new FakeClock();
    const bench = await Bench.start({ clock });
    await bench.ready(7);
    FAULT_SCRIPTS[name]?.run(bench.sim.faults);
    clock.advance(120_000);
    await bench.close();
    expect(clock.pendingCalls).toBe(0);
  });

  it('upstream-loss comes back after a minute', async () => {
    const clock = new FakeClock();
    const bench = await Bench.start({ clock });
    const client = await bench.ready(7);
    FAULT_SCRIPTS['upstream-loss']?.run(bench.sim.faults);
    clock.advance(60_000);
    await until(() => client.codes.includes(1102), '1102');
    expect(client.codes.slice(3)).toEqual([1100, 1102]);
    await bench.close();
  });
});
