import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { formatPath } from './config-errors.js';
import { parseValue } from './parse-value.js';

const always = (): boolean => true;
const never = (): boolean => false;

describe('parseValue', () => {
  const schema = z.strictObject({
    port: z.int().default(1),
    deep: z
      .strictObject({ on: z.boolean(), list: z.array(z.union([z.number(), z.strictObject({ n: z.number() })])) })
      .optional(),
    mode: z.literal([1, 2]).optional(),
    name: z.string().optional(),
  });

  it('takes substituted text for what the schema asks, everywhere', () => {
    const value = { port: '4002', deep: { on: 'TRUE', list: ['1.5', { n: '2' }] }, mode: '2', name: '7' };
    expect(parseValue(schema, value, always)).toEqual({
      kind: 'parsed',
      value: { port: 4002, deep: { on: true, list: [1.5, { n: 2 }] }, mode: 2, name: '7' },
    });
    expect(value.deep.list).toEqual(['1.5', { n: '2' }]);
  });

  it('leaves other text alone, and text that is no number', () => {
    expect(parseValue(schema, { port: '4002' }, never)).toMatchObject({ kind: 'faulty' });
    for (const port of ['', ' ', 'x', 'Infinity', '1.5']) {
      expect(parseValue(schema, { port }, always)).toMatchObject({ kind: 'faulty', faults: [{ path: ['port'] }] });
    }
  });

  it('says what is wrong in plain words', () => {
    const faults = (value: unknown): readonly string[] => {
      const result = parseValue(schema, value, never);
      return result.kind === 'parsed'
        ? []
        : result.faults.map((fault) => `${formatPath(fault.path)}: ${fault.message}`);
    };
    expect(faults({ prot: 1 })).toEqual(["prot: unknown key. Did you mean 'port'?"]);
    expect(faults({ deep: { on: 1, lst: [] } })).toEqual([
      'deep.on: has to be true or false; it is the number 1.',
      'deep.list: is missing; it has to be a list.',
      "deep.lst: unknown key. Did you mean 'list'?",
    ]);
    expect(faults({ deep: { on: true, list: ['a', { m: 1 }] } })).toEqual([
      'deep.list[0]: has to be a number or an object; it is text.',
      'deep.list[1].n: is missing; it has to be a number.',
      "deep.list[1].m: unknown key. Did you mean 'n'?",
    ]);
    expect(faults({ mode: 3 })).toEqual(['mode: has to be one of 1, 2.']);
    expect(faults([])).toEqual([': has to be an object; it is a list.']);
  });

  it('survives schemas that throw or wait', () => {
    const throwing = z.unknown().refine(() => {
      throw new Error('first line\nsecond');
    });
    expect(parseValue(throwing, 1, never)).toEqual({
      kind: 'faulty',
      faults: [{ path: [], message: 'the schema failed: first line.' }],
    });
    const waiting = z.unknown().refine(async () => Promise.resolve(true));
    expect(parseValue(waiting, 1, never).kind).toBe('faulty');
  });

  it('needs safeParse only', () => {
    const foreign = {
      safeParse: (value: unknown) =>
        value === 1
          ? ({ success: true, data: 2 } as const)
          : ({ success: false, error: { issues: [{ path: ['a'], message: 'is odd' }] } } as const),
    };
    expect(parseValue(foreign, 1, never)).toEqual({ kind: 'parsed', value: 2 });
    expect(parseValue(foreign, 3, never)).toEqual({ kind: 'faulty', faults: [{ path: ['a'], message: 'is odd.' }] });
  });
});
