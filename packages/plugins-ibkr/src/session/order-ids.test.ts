import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import fc from 'fast-check';
import { OrderIds } from './order-ids.js';
import { sessionBench } from './session-bench.fixture.js';

describe('OrderIds', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'order-ids-'));
    path = join(folder, 'ibkr', 'order-ids-7.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (file: string | undefined = path): OrderIds => {
    const ids = new OrderIds({ path: file, logger: SILENT_LOGGER });
    ids.load();
    return ids;
  };
  const kept = (): number => (JSON.parse(readFileSync(path, 'utf8')) as { next: number }).next;

  it('5: gives no id twice, whatever gateway, reports and restarts do', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('raise' as const), id: fc.integer({ min: -10, max: 5_000 }) }),
      fc.record({ kind: fc.constant('saw' as const), id: fc.integer({ min: -10, max: 5_000 }) }),
      fc.record({ kind: fc.constant('next' as const), id: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ kind: fc.constant('restart' as const), id: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        rmSync(path, { force: true });
        let ids = open();
        let last = 0;
        for (const { kind, id } of steps) {
          if (kind === 'restart') ids = open();
          else if (kind !== 'next') ids[kind](id);
          if (kind === 'raise') last = Math.max(last, id - 1);
          if (kind === 'saw') last = Math.max(last, id);
          for (let count = 0; kind === 'next' && count < id; count += 1) {
            const next = ids.next();
            expect(next).toBeGreaterThan(last);
            last = next;
          }
          if (kind === 'restart') last = Math.min(last, ids.next());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('5: gives no id twice where two gateways have the same client id', () => {
    const [live, paper] = [open(), open()];
    live.raise(38_099);
    const given = live.next();
    paper.next();
    const after = open();
    after.raise(38_000);
    expect(after.next()).toBeGreaterThan(given);
  });

  it('keeps a block ahead before half of the last one is used up, and not with each order', async () => {
    const ids = open();
    ids.raise(100);
    await turn();
    expect(kept()).toBe(1_100);
    const first = ids.next();
    expect([first, kept()]).toEqual([100, 1_100]);
    for (let count = 0; count < 498; count += 1) ids.next();
    await turn();
    expect(kept()).toBe(1_100);
    ids.next();
    ids.next();
    await turn();
    expect(kept()).toBe(1_601);
    expect(open().next()).toBe(1_601);
  });

  it('never gives an id that is not kept', () => {
    const ids = open();
    for (let count = 0; count < 2_500; count += 1) expect(ids.next()).toBeLessThan(kept());
    ids.saw(9_000);
    expect([ids.next(), kept()]).toEqual([9_001, 10_001]);
  });

  it.each([
    '',
    '{',
    '{"version":1}',
    '{"version":1,"next":-5}',
    '{"version":2,"next":5}',
    'null',
    '{"version":1,"next":1.5}',
  ])('does not guess what a damaged file said: %s', (text) => {
    open().next();
    writeFileSync(path, text);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'IBKR_ORDER_IDS_DAMAGED' }));
  });

  it('says so when the disk does not take them', () => {
    writeFileSync(join(folder, 'file'), '');
    const ids = new OrderIds({ path: join(folder, 'file', 'ids.json'), logger: SILENT_LOGGER });
    expect(() => ids.next()).toThrow(expect.objectContaining({ code: 'IBKR_ORDER_IDS_UNWRITABLE' }));
  });

  it('ends before the ids of requests, and stays ended after a restart', () => {
    const ids = open();
    ids.raise(1_999_999_999);
    expect(ids.next()).toBe(1_999_999_999);
    expect(() => ids.next()).toThrow(expect.objectContaining({ code: 'IBKR_ORDER_IDS_EXHAUSTED' }));
    expect(() => open().next()).toThrow(expect.objectContaining({ code: 'IBKR_ORDER_IDS_EXHAUSTED' }));
    ids.raise(2_147_483_647);
    expect(() => ids.next()).toThrow(expect.objectContaining({ code: 'IBKR_ORDER_IDS_EXHAUSTED' }));
  });

  it('5: a session goes on where the process before it ended, though the gateway went back', async () => {
    const before = await sessionBench({}, folder);
    before.gateway.script.nextOrderId = 38_099;
    await before.session.attach(before.user);
    expect(before.session.nextOrderId()).toBe(38_099);
    await turn();
    await before.close();
    const after = await sessionBench({}, folder);
    after.gateway.script.nextOrderId = 38_099;
    await after.session.attach(after.user);
    expect(after.session.nextOrderId()).toBe(39_099);
    await after.close();
  });

  it('a session does not begin on a damaged file', async () => {
    open().next();
    writeFileSync(path, 'damaged');
    const bench = await sessionBench({}, folder);
    await expect(bench.session.attach(bench.user)).rejects.toThrow(
      expect.objectContaining({ code: 'IBKR_ORDER_IDS_DAMAGED' }),
    );
    expect(bench.gateway.connections).toHaveLength(0);
    await bench.close();
  });
});
