import { describe, expect, it } from '@jest/globals';
import { check, checkEqual, checkNoThrow, checkRejects } from './check.js';
import { bindCases, describeContract, runContract } from './contract.js';
import type { ContractSuite } from './contract.js';
import { testingError } from './errors.js';

const suite: ContractSuite = {
  name: 'sample',
  cases: [
    { id: 'SMP-010', title: 'passes', run: () => Promise.resolve() },
    {
      id: 'SMP-020',
      title: 'fails',
      run: () => Promise.reject(testingError('CONTRACT_BROKEN', 'The rule is broken.')),
    },
    {
      id: 'SMP-030',
      title: 'does not apply',
      skip: 'oco is not declared',
      run: () => Promise.reject(new Error('ran')),
    },
    { id: 'SMP-040', title: 'hangs', run: () => new Promise(() => {}) },
  ],
};

describe('runContract', () => {
  it('counts what passed, failed and was skipped, with reasons', async () => {
    const result = await runContract(suite, { timeLimitMs: 20 });
    expect(result).toMatchObject({ suite: 'sample', cases: 4, passed: 1, failed: 2, skipped: 1 });
    expect(result.results.map((item) => [item.id, item.status, item.reason])).toEqual([
      ['SMP-010', 'passed', ''],
      ['SMP-020', 'failed', 'The rule is broken.'],
      ['SMP-030', 'skipped', 'oco is not declared'],
      ['SMP-040', 'failed', 'The case did not end within 20 ms.'],
    ]);
  });

  it('runs only the cases asked for', async () => {
    expect((await runContract(suite, { only: ['SMP-010'] })).cases).toBe(1);
  });
});

describe('describeContract', () => {
  it('hands every case to the runner and shows skipped ones with their reason', async () => {
    const seen: string[] = [];
    const bodies: (() => Promise<void>)[] = [];
    const it = Object.assign(
      (title: string, body: () => Promise<void>) => {
        seen.push(`it ${title}`);
        bodies.push(body);
      },
      { skip: (title: string) => void seen.push(`skip ${title}`) },
    );
    describeContract('Mine', suite, {
      describe: (name, body) => {
        seen.push(`describe ${name}`);
        body();
      },
      it,
    });
    expect(seen).toEqual([
      'describe Mine: sample contract',
      'it SMP-010 passes',
      'it SMP-020 fails',
      'skip SMP-030 does not apply (skipped: oco is not declared)',
      'it SMP-040 hangs',
    ]);
    await expect(bodies[1]?.()).rejects.toMatchObject({ code: 'CONTRACT_BROKEN' });
  });
});

describe('bindCases', () => {
  it('gives each case a fixture of its own and disposes of it after a failure too', async () => {
    const made: number[] = [];
    const disposed: number[] = [];
    const cases = bindCases<number>(
      [
        { id: 'A', title: 'a', run: () => {} },
        { id: 'B', title: 'b', run: () => Promise.reject(new Error('broken')) },
      ],
      { create: () => made.push(made.length), dispose: (fixture) => void disposed.push(fixture) },
    );
    await cases[0]?.run();
    await expect(cases[1]?.run()).rejects.toThrow('broken');
    expect([made, disposed]).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});

describe('checks', () => {
  it('tell NaN, -0 and typed arrays apart', () => {
    checkEqual({ a: Number.NaN, b: Float64Array.of(1, 2) }, { b: [1, 2], a: Number.NaN }, 'x');
    expect(() => checkEqual(0, -0, 'Zero')).toThrow('Zero: expected -0, was 0.');
    expect(() => checkEqual([Number.NaN], [null], 'Value')).toThrow('Value: expected [null], was [NaN].');
  });

  it('fail with the sentence', async () => {
    expect(() => check(false, 'It is not so.')).toThrow('It is not so.');
    await expect(checkNoThrow(() => Promise.reject(new Error('boom')), 'close')).rejects.toThrow(
      'close: it threw boom.',
    );
    await expect(checkRejects(() => 1, 'resolve')).rejects.toThrow('but the call succeeded');
    await expect(checkRejects(() => Promise.reject(new Error('plain')), 'resolve')).rejects.toThrow('was plain');
    const error = testingError('TESTING_INPUT_INVALID', 'x');
    await expect(checkRejects(() => Promise.reject(error), 'resolve')).resolves.toBe(error);
  });
});
