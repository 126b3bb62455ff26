import type { Socket } from 'node:net';
import { ClientSession } from './client-session.js';
import { runDailyRestart } from './daily-restart.js';
import type { DailyRestart } from './daily-restart.js';
import { faultRuleSchema } from './fault-rules.js';
import { GatewayListener } from './gateway-listener.js';
import type { GatewayWorld } from './gateway-world.js';

/** The gateway as a server: its port and all of its sessions. */
export class GatewayServer {
  readonly world: GatewayWorld;
  readonly listener: GatewayListener;
  readonly #sessions = new Set<ClientSession>();
  /** Sockets outlive sessions that are half-open. */
  readonly #sockets = new Set<Socket>();
  readonly #waitingForClient = new Set<(isThere: boolean) => void>();
  #isClosed = false;

  constructor(world: GatewayWorld, where: { readonly host: string; readonly port: number }) {
    this.world = world;
    this.listener = new GatewayListener({
      ...where,
      timers: world.timers,
      onConnection: (socket) => this.#accept(socket),
    });
  }

  /** Sessions that have not ended. */
  get sessions(): ReadonlySet<ClientSession> {
    return this.#sessions;
  }

  /** Running sessions; of one client, or of all. */
  sessionsOf(clientId?: number): readonly ClientSession[] {
    return [...this.#sessions].filter(
      ({ stage, clientId: id }) => stage === 'running' && (clientId === undefined || id === clientId),
    );
  }

  /** See {@link runDailyRestart}. */
  dailyRestart(options: DailyRestart): Promise<void> {
    const { timers, connectivity, registry, rules } = this.world;
    return runDailyRestart(
      {
        timers,
        connectivity,
        resetAll: () => {
          for (const socket of this.#sockets) socket.resetAndDestroy();
          for (const session of this.#sessions) session.destroy();
          registry.forgetLingering();
          connectivity.reset();
        },
        refuse: (forMs) => this.listener.refuse(forMs),
        refuseClientIds: (times) => rules.add([faultRuleSchema.parse({ kind: 'refuse-client-id', times })]),
        rollBackIds: (count) => rules.add([faultRuleSchema.parse({ kind: 'roll-ids-back', count })]),
        untilClient: () => this.#untilClient(),
      },
      options,
    );
  }

  /** Cuts everything and frees the port; safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.world.timers.close();
    this.listener.close();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    this.#tellWaiting(false);
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= this.world.settings.maxClients) {
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const session: ClientSession = new ClientSession(this.world, socket, {
      onStart: () => this.#tellWaiting(true),
      onEnd: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
  }

  #untilClient(): Promise<boolean> {
    if (this.#isClosed || this.sessionsOf().length > 0) return Promise.resolve(!this.#isClosed);
    return new Promise((resolve) => this.#waitingForClient.add(resolve));
  }

  #tellWaiting(isThere: boolean): void {
    for (const resolve of this.#waitingForClient) resolve(isThere);
    this.#waitingForClient.clear();
  }
}
