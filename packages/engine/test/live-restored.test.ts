// A data folder from a backup: no order id of the session after it is given a second time, and a replay comes to the same.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VenueSnapshot } from '@bookrunner/sdk';
import { RestoreMark } from '../src/operations/restore-mark.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

describe('a live run on a data folder that was restored', () => {
  it('gives no id again that the session after the backup gave, cancels what it left open, and is the same in a replay', async () => {
    const old = await LiveBench.begin(brokerYaml('resting'));
    old.quote(1.1);
    await old.pass(1_000);
    old.records();
    const backup = old.cutOff();
    await old.bar();
    const [lost] = old.venue.orders;
    const sent = (await old.venue.inner.snapshot()).openOrders.items;
    expect(sent).toHaveLength(1);
    new RestoreMark(backup.dataDir).write('restored from a backup of that day');

    const open = [...sent];
    const bench = await LiveBench.begin(brokerYaml('resting'), {
      ...{ project: backup, runId: 'run-2', clock: old.clock },
      prepare: (venue) => {
        venue.onSnapshot = async () => {
          const shown = await venue.inner.snapshot();
          const items = [...shown.openOrders.items, ...open];
          return { ...shown, openOrders: { ...shown.openOrders, items } } satisfies VenueSnapshot;
        };
      },
    });
    for (let turn = 0; turn < 4; turn++) await bench.pass(200);
    expect(bench.codes()).toEqual(expect.arrayContaining(['ORDER_NUMBERS_SKIPPED', 'BROKER_DIFFERS']));
    expect(bench.codes()).not.toContain('ORDER_NUMBERS_BEHIND');
    expect(bench.venue.calls).toContain('cancel');
    open.splice(0);
    const clientOrderId = lost?.clientOrderId ?? '';
    bench.venue.report({
      kind: 'cancelled',
      ts: bench.clock.nowUtc(),
      clientOrderId,
      symbol: 'EURUSD',
      reason: 'ASKED',
    });
    await bench.bar();
    for (let turn = 0; turn < 4; turn++) await bench.pass(200);
    await bench.bar();
    const ids = bench.venue.orders.map(({ clientOrderId }) => clientOrderId);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.every((id) => id.slice(0, 8) === lost?.clientOrderId.slice(0, 8))).toBe(true);
    expect(ids.every((id) => Number.parseInt(id.slice(8), 36) > 2 ** 20)).toBe(true);
    expect(existsSync(join(backup.dataDir, 'RESTORED'))).toBe(false);
    await bench.finish();
    expect(await bench.verify('run-2')).toMatchObject({ isSame: true });
    await old.finish();
  });
});
