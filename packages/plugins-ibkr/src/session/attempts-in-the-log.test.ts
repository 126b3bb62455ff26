import { describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { connectionOptions } from '../connection-options.js';
import { GatewayPool } from './gateway-pool.js';
import type { GatewaySession } from './gateway-session.js';
import { ScriptedGateway, until } from './scripted-gateway.fixture.js';
import { RecordingUser } from './session-bench.fixture.js';

describe('attempts to connect', () => {
  it('are in the log with their number and the wait in whole milliseconds, the first as a warning', async () => {
    const gateway = await ScriptedGateway.start();
    const { port } = gateway;
    await gateway.stop();
    const clock = new FakeClock();
    const logged: unknown[] = [];
    const write =
      (level: string) =>
      (_: string, { attempt, waitMs }: Readonly<Record<string, unknown>> = {}) =>
        void logged.push([level, attempt, waitMs]);
    const logger = { ...SILENT_LOGGER, info: write('info'), warn: write('warn') };
    const options = { host: '127.0.0.1', port, clientId: 7, restart: false, openTimeoutMs: 10_000_000 };
    const pool = new GatewayPool(() => 0.513_182_150_268_7);
    const session = pool.gateway(connectionOptions.parse(options), { clock, logger }) as GatewaySession;
    const user = new RecordingUser();
    session.attach(user).catch(() => {});
    await until(() => logged.length === 1);
    clock.advance(3_783);
    await until(() => logged.length === 2);
    await session.detach(user);
    expect(logged).toEqual([
      ['warn', 1, 3_783],
      ['info', 2, 7_566],
    ]);
  });
});
