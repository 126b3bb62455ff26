import { FakeClock } from '@bookrunner/sdk/testing';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { connectionOptions } from '../connection-options.js';
import type { ConnectionOptions } from '../connection-options.js';
import { GatewayPool } from './gateway-pool.js';
import type { GatewaySession } from './gateway-session.js';
import type { Farm, GatewayState, GatewayUser } from './gateway.js';
import { ScriptedGateway } from './scripted-gateway.fixture.js';

/** A user that writes down what it is told. */
export class RecordingUser implements GatewayUser {
  readonly told: string[] = [];
  readonly messages: string[] = [];
  readonly name: string;

  constructor(name = 'user') {
    this.name = name;
  }

  onState(state: GatewayState, code: string, message: string): void {
    this.told.push(code === '' ? state : `${state} ${code}`);
    this.messages.push(message);
  }

  onUp(): void {
    this.told.push('onUp');
  }

  onUpstream(isDataLost: boolean): void {
    this.told.push(isDataLost ? 'onUpstream data lost' : 'onUpstream');
  }

  onFarm({ kind, name, isBroken }: Farm): void {
    this.told.push(`${kind} ${name} ${isBroken ? 'broken' : 'whole'}`);
  }

  onHeartbeat(latencyMs: number): void {
    this.told.push(`heartbeat ${latencyMs}`);
  }

  onAlarm(code: string): void {
    this.told.push(`alarm ${code}`);
  }
}

/** A session to a scripted gateway on a clock that stands. */
export interface SessionBench {
  readonly clock: FakeClock;
  readonly gateway: ScriptedGateway;
  readonly session: GatewaySession;
  readonly user: RecordingUser;
  close(): Promise<void>;
}

/** Options without what a test does not ask for: no heartbeat, no windows; attempts wait exactly 5, 10, 20 s. */
export async function sessionBench(options: Partial<ConnectionOptions> = {}, dataDir?: string): Promise<SessionBench> {
  const clock = new FakeClock();
  const gateway = await ScriptedGateway.start();
  const user = new RecordingUser();
  const session = new GatewayPool(() => 1).gateway(
    connectionOptions.parse({
      ...{ host: '127.0.0.1', port: gateway.port, clientId: 7, restart: false, heartbeat: { everyMs: 0 } },
      ...options,
    }),
    { clock, logger: SILENT_LOGGER, ...(dataDir !== undefined && { dataDir }) },
  ) as GatewaySession;
  const close = async (): Promise<void> => {
    await session.detach(user);
    await gateway.stop();
  };
  return { clock, gateway, session, user, close };
}
