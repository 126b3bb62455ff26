import { checkCall } from '../calls/check-call.js';
import { FAULT_CALLS } from '../calls/fault-calls.js';
import type { Connectivity, FarmKind } from './connectivity.js';
import type { DailyRestart } from './daily-restart.js';
import type { CutStyle, FaultRule } from './fault-rules.js';
import { readFaultRule } from './read-fault-rule.js';
import type { WireSettings } from './gateway-world.js';
import type { GatewayServer } from './gateway-server.js';

/**
 * Everything that can go wrong on the wire, to be driven while the simulator runs. Rules strike at moments, settings last, and the
 * rest are events of their own. Faults of the business (fills, rejections, corrections) are the model's. Each call checks what it is
 * given before anything happens. Errors: SIMULATOR_CALL.
 */
export class WireFaults {
  readonly #server: GatewayServer;

  constructor(server: GatewayServer) {
    this.#server = server;
  }

  /** Version, lingering ids, read-only, message rate, framing: assign to change. */
  get settings(): WireSettings {
    return this.#server.world.settings;
  }

  /** The gateway's line to IB and its farms. */
  get connectivity(): Connectivity {
    return this.#server.world.connectivity;
  }

  /** Adds rules: all of them, or none where one cannot be. */
  set(...rules: readonly FaultRule[]): void {
    this.#server.world.rules.add(rules.map((rule) => readFaultRule(rule)));
  }

  /** Forgets all rules, cuts to come and lost lines. Settings stay. */
  clear(): void {
    this.#server.world.rules.clear();
    this.#server.world.byteBudget.clear();
    this.connectivity.reset();
  }

  /** Cuts the connection that writes the last of so many bytes, counted over all clients from now on. */
  cutAfterBytes(bytes: number, how: CutStyle = 'rst'): void {
    this.#check('cutAfterBytes', bytes, how);
    this.#server.world.byteBudget.set(bytes, how);
  }

  /** Cuts every connection, or those of one client. */
  cut(how: CutStyle = 'rst', clientId?: number): void {
    this.#check('cut', how, clientId);
    for (const session of this.#server.sessionsOf(clientId)) session.cut(how);
  }

  /** Refuses connections for so long; those that are open stay. Resolves when the port is open again. */
  refuseConnections(forMs: number): Promise<void> {
    this.#check('refuseConnections', forMs);
    return this.#server.listener.refuse(forMs);
  }

  /** Frees the client ids of sessions that are gone, as a restart of the gateway does. */
  forgetLingeringIds(): void {
    this.#server.world.registry.forgetLingering();
  }

  /**
   * Does something later, by the simulator's clock; not any more once it is closed. Returns what cancels it. What the action throws
   * goes to `onModelFault`.
   */
  after(delayMs: number, action: () => void): () => void {
    this.#check('after', delayMs, action);
    const { timers, onModelFault } = this.#server.world;
    return timers.after(delayMs, () => {
      try {
        action();
      } catch (error) {
        // Nobody waits for it: thrown from a timer it would end the process.
        onModelFault(error);
      }
    });
  }

  /** Says a code of the gateway to every client. */
  announce(code: number, message: string): void {
    this.#check('announce', code, message);
    this.connectivity.announce(code, message);
  }

  /** A farm that is gone for so long, with 2103, 2105 or 2157 at the start and its counterpart at the end. */
  flapFarm(kind: FarmKind, name: string, forMs: number): Promise<void> {
    this.#check('flapFarm', kind, name, forMs);
    this.connectivity.breakFarm(kind, name);
    return this.#server.world.timers.sleep(forMs).then((isOver) => {
      if (isOver) this.connectivity.mendFarm(kind, name);
    });
  }

  /** The port has moved: 1300, then every connection is closed. */
  resetPort(newPort: number): void {
    this.#check('resetPort', newPort);
    this.announce(
      1300,
      `TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port - ${newPort}`,
    );
    this.cut('fin');
  }

  /** Sends fields as they are: unknown messages, trailing fields, whatever no gateway should. */
  sendRaw(fields: readonly string[], clientId?: number): void {
    this.#check('sendRaw', fields, clientId);
    for (const session of this.#server.sessionsOf(clientId)) session.sendFields(fields);
  }

  /** Sends bytes as they are: not even frames. */
  sendBytes(bytes: Buffer, clientId?: number): void {
    this.#check('sendBytes', bytes, clientId);
    for (const session of this.#server.sessionsOf(clientId)) session.sendBytes(bytes);
  }

  /** The daily restart from the reset to the last 1102. Resolves at its end, or when the simulator is closed. */
  dailyRestart(options: DailyRestart = {}): Promise<void> {
    this.#check('dailyRestart', options);
    return this.#server.dailyRestart(options);
  }
  #check(call: keyof typeof FAULT_CALLS, ...values: readonly unknown[]): void {
    checkCall(`faults.${call}`, FAULT_CALLS[call], values);
  }
}
