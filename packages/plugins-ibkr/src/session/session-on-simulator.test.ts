import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { EventName, IBApi } from '@stoqey/ib';
import { connectionOptions } from '../connection-options.js';
import { startTwsSimulator } from '../simulator/index.js';
import type { FaultRule, TwsSimulator } from '../simulator/index.js';
import { ScriptedModel } from '../simulator/scripted-model.fixture.js';
import { GatewayPool } from './gateway-pool.js';
import type { Gateway } from './gateway.js';
import { until } from './scripted-gateway.fixture.js';
import { RecordingUser } from './session-bench.fixture.js';

const RESTART_AT = Date.parse('2026-11-29T04:45:00Z');
const APPLE = { conId: 265_598, symbol: 'AAPL', secType: 'STK' as never, exchange: 'SMART', currency: 'USD' };

describe('a session on the gateway simulator', () => {
  let clock: FakeClock;
  let simulator: TwsSimulator<ScriptedModel>;
  let session: Gateway;
  let user: RecordingUser;

  beforeEach(async () => {
    clock = new FakeClock(RESTART_AT - 60_000);
    user = new RecordingUser();
    simulator = await startTwsSimulator({ model: new ScriptedModel(), clock });
    session = new GatewayPool(() => 1).gateway(
      connectionOptions.parse({ host: simulator.host, port: simulator.port, clientId: 7, heartbeat: { everyMs: 0 } }),
      { clock, logger: SILENT_LOGGER },
    );
  });
  afterEach(async () => {
    await session.detach(user);
    await simulator.close();
  });

  /** Lets the clock run in steps until it is so; sockets get a turn after each. */
  async function runUntil(condition: () => boolean, stepMs = 1_000): Promise<void> {
    await until(() => {
      if (!condition()) clock.advance(stepMs);
      return condition();
    });
  }

  it('24: a cancel in a storm of 500 subscriptions is on the wire before the next of them', async () => {
    simulator.faults.settings.messageRate = { perSecond: 50, strikes: 1 };
    await session.attach(user);
    let written = 0;
    const subscribe = (id: number) => (api: IBApi) => {
      written += 1;
      api.reqMktData(id, APPLE, '', false, false);
    };
    for (let id = 1; id <= 500; id += 1) void session.send({ lane: 'data', write: subscribe(id) });
    const { requests } = simulator.model;
    let cancelledAfter: number | undefined;
    // The gateway's clock is ours: it has to have read what was written before time goes on.
    while (written < 500) {
      clock.advance(100);
      if (written > 200 && cancelledAfter === undefined) {
        cancelledAfter = written;
        void session.send({ lane: 'order', write: (api) => api.cancelOrder(77) });
      }
      await until(() => requests.length === written + (cancelledAfter === undefined ? 0 : 1));
    }
    expect(requests.findIndex(({ kind }) => kind === 'cancelOrder')).toBe(cancelledAfter);
    expect([session.state, user.told]).toEqual(['up', ['connecting', 'up', 'onUp']]);
  });

  it('3: waits for an id that lingers, with the same id', async () => {
    simulator.faults.settings.clientIdLingerMs = 30_000;
    await session.attach(user);
    simulator.faults.cut('rst');
    await until(() => session.state !== 'up');
    await runUntil(() => session.state === 'up');
    const starts = simulator.transcript.entries.filter(
      ({ direction, fields }) => direction === 'in' && fields[0] === '71',
    );
    expect(starts.map(({ fields }) => fields[2])).toEqual(['7', '7', '7', '7']);
    // Twice in vain, told once.
    expect(user.told.filter((text) => text.endsWith('CLIENT_ID_IN_USE'))).toHaveLength(1);
  });

  it('31: lives through a daily restart: gated, away by plan, 326 once, farms and lines that flap, ids that went back', async () => {
    simulator.model.setNextOrderId(7, 38_099);
    await session.attach(user);
    clock.moveTo(RESTART_AT);
    expect(session.isRestartDue).toBe(true);
    const ids = [1, 2, 3, 4].map(() => session.nextOrderId());
    user.told.length = 0;
    const restart = simulator.faults.dailyRestart({ forgottenIds: 4 });
    let isOver = false;
    void restart.then(() => (isOver = true));
    await until(() => session.state === 'planned-outage');
    await runUntil(() => isOver);
    await until(() => session.state === 'up');
    expect(session.isRestartDue).toBe(false);
    expect(session.nextOrderId()).toBe(Math.max(...ids) + 1);
    const told = user.told.filter((text) => !text.startsWith('planned-outage'));
    expect(told).toEqual([
      ...['up', 'onUp', 'market-data usfarm broken', 'market-data usfarm whole'],
      ...['history ushmds broken', 'history ushmds whole', 'upstream-lost IBKR_UPSTREAM_LOST', 'up', 'onUpstream'],
    ]);
  });

  it('10: finds a gateway that has stopped reading and saying', async () => {
    const other = new GatewayPool(() => 1).gateway(
      connectionOptions.parse({ host: simulator.host, port: simulator.port, clientId: 8, restart: false }),
      { clock, logger: SILENT_LOGGER },
    );
    await other.attach(user);
    let answers = 0;
    other.on('currentTime' as EventName, () => (answers += 1));
    clock.advance(30_000);
    await until(() => answers === 1);
    simulator.faults.set({ kind: 'cut-on-request', on: 'requestCurrentTime', how: 'half-open' } as FaultRule);
    await runUntil(() => user.told.includes('disconnected IBKR_NO_ANSWER'));
    await other.detach(user);
  });
});
