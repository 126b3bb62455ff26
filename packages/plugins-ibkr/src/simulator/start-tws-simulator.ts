import { isTradingError, SystemClock } from '@bookrunner/sdk';
import type { Clock, EpochMs } from '@bookrunner/sdk';
import { checkedSettings, checkStartOptions } from './calls/start-options.js';
import { given } from './calls/values.js';
import type { GatewayModel } from './model/gateway-model.js';
import { SimulatedGateway } from './model/simulated-gateway.js';
import type { SimulatorOptions } from './model/simulator-options.js';
import { ByteBudget } from './server/byte-budget.js';
import { Chance } from './server/chance.js';
import { ClientRegistry } from './server/client-registry.js';
import { Connectivity } from './server/connectivity.js';
import { FaultRules } from './server/fault-rules.js';
import { GatewayServer } from './server/gateway-server.js';
import { freshCounts } from './server/gateway-world.js';
import type { GatewayWorld, WireCounts, WireSettings } from './server/gateway-world.js';
import { MAX_SERVER_VERSION } from './server/handshake.js';
import { Timers } from './server/timers.js';
import { Transcript } from './server/transcript.js';
import { WireFaults } from './server/wire-faults.js';

/** What a factory of models gets. */
export interface ModelParts {
  readonly clock: Clock;
  readonly seed: number;
}

/** How the wire is started; everything may be left out. */
export interface WireOptions {
  /** Loopback unless told otherwise: whoever reaches the port may trade. */
  readonly host?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** All chance comes from it. Default 1. */
  readonly seed?: number;
  /** Lasting properties; what is left out is as at a gateway that works. */
  readonly settings?: Partial<WireSettings>;
  /** How many messages the transcript keeps. Default 10000. */
  readonly transcriptEntries?: number;
  /** IANA zone of the login, in which connections are dated. Default US/Eastern. */
  readonly timeZone?: string;
  /** Told of what the model, or an action of `faults.after`, throws: it ends nothing. A warning of the process unless given. */
  readonly onModelFault?: (error: unknown) => void;
}

/** Options of a simulator whose business is {@link SimulatedGateway}. */
export type TwsSimulatorOptions = WireOptions & SimulatorOptions;

/** Options of a simulator with another business: a model, or what makes one. */
export interface CustomSimulatorOptions<Model extends GatewayModel> extends WireOptions {
  readonly model: Model | ((parts: ModelParts) => Model);
}

/** A client with a session. */
export interface ConnectedClient {
  readonly clientId: number;
  readonly serverVersion: number;
  /** Number of its connection, as the transcript has it. */
  readonly connection: number;
}

/** A running simulator. */
export interface TwsSimulator<Model extends GatewayModel = SimulatedGateway> {
  readonly host: string;
  readonly port: number;
  readonly model: Model;
  readonly faults: WireFaults;
  readonly transcript: Transcript;
  readonly counts: Readonly<WireCounts>;
  /** Those whose session runs, in the order they came. */
  readonly clients: readonly ConnectedClient[];
  /** False while it refuses connections, and once it is closed. */
  readonly isListening: boolean;
  /** Now, by its clock. */
  now(): EpochMs;
  /** Cuts everything, frees the port and ends the model; safe to call twice. */
  close(): Promise<void>;
}

type OpenParts = ModelParts & { readonly model: GatewayModel };

const WORKING: WireSettings = {
  serverVersion: MAX_SERVER_VERSION,
  clientIdLingerMs: 0,
  isReadOnly: false,
  messageRate: undefined,
  framing: { kind: 'whole' },
  maxBufferedBytes: 16 * 2 ** 20,
  maxClients: 32,
};

/** Starts a gateway in this process and resolves once it listens. Errors: SIMULATOR_CALL, and those of the socket. */
export function startTwsSimulator(options?: TwsSimulatorOptions): Promise<TwsSimulator>;
export function startTwsSimulator<Model extends GatewayModel>(
  options: CustomSimulatorOptions<Model>,
): Promise<TwsSimulator<Model>>;
export async function startTwsSimulator(
  options: TwsSimulatorOptions | CustomSimulatorOptions<GatewayModel> = {},
): Promise<TwsSimulator<GatewayModel>> {
  checkStartOptions(options);
  const { clock = new SystemClock(), seed = 1 } = options;
  if (!('model' in options)) return start(options, { clock, seed, model: new SimulatedGateway(options, clock) });
  const { model } = options;
  return start(options, { clock, seed, model: typeof model === 'function' ? model({ clock, seed }) : model });
}

async function start(options: WireOptions, parts: OpenParts): Promise<TwsSimulator<GatewayModel>> {
  const { host = '127.0.0.1', port = 0 } = options;
  const { clock, model } = parts;
  const server: GatewayServer = new GatewayServer(
    worldOf(options, parts, () => server.sessionsOf()),
    { host, port },
  );
  const close = (): Promise<void> => {
    server.close();
    model.close?.();
    return Promise.resolve();
  };
  try {
    await server.listener.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    host,
    port: server.listener.port,
    model,
    faults: new WireFaults(server),
    transcript: server.world.transcript,
    counts: server.world.counts,
    get clients() {
      return server
        .sessionsOf()
        .map(({ clientId, serverVersion, connection }) => ({ clientId, serverVersion, connection }));
    },
    get isListening() {
      return server.listener.isListening;
    },
    now: () => clock.nowUtc(),
    close,
  };
}

function worldOf(
  options: WireOptions,
  parts: OpenParts,
  sessions: () => ReturnType<GatewayServer['sessionsOf']>,
): GatewayWorld {
  const timers = new Timers(parts.clock);
  const chance = new Chance(parts.seed);
  return {
    clock: parts.clock,
    timers,
    chance,
    model: parts.model,
    settings: checkedSettings({ ...WORKING, ...given(options.settings ?? {}) }),
    counts: freshCounts(),
    rules: new FaultRules(chance),
    registry: new ClientRegistry(timers),
    connectivity: new Connectivity(sessions),
    transcript: new Transcript(options.transcriptEntries ?? 10_000),
    onModelFault: options.onModelFault ?? warnOfFault,
    byteBudget: new ByteBudget(),
    timeZone: options.timeZone ?? 'US/Eastern',
  };
}

function warnOfFault(error: unknown): void {
  const text = isTradingError(error) ? error.toOperatorText() : String(error);
  process.emitWarning(`The model, or an action that was planned, threw: ${text}`);
}
