import { EventName, IBApi } from '@stoqey/ib';
import { ScriptedModel } from './scripted-model.fixture.js';
import { startTwsSimulator } from './start-tws-simulator.js';
import type { TwsSimulator, TwsSimulatorOptions, WireOptions } from './start-tws-simulator.js';
import type { GatewayModel } from './model/gateway-model.js';
import type { SimulatedGateway } from './model/simulated-gateway.js';

/** An event of a client: its name, then its values. */
export type Seen = readonly [name: string, ...values: readonly unknown[]];

/** A client of the library that others use, with everything it was told. */
export class BenchClient {
  readonly api: IBApi;
  readonly seen: Seen[] = [];

  constructor(port: number, clientId: number) {
    this.api = new IBApi({ host: '127.0.0.1', port, clientId, maxReqPerSec: 10_000 });
    for (const name of Object.values(EventName)) {
      if (name === EventName.all || name === EventName.result || name === EventName.sent || name === EventName.received)
        continue;
      this.api.on(name as EventName.result, (...values: unknown[]) => this.seen.push([name, ...values]));
    }
    this.api.connect();
  }

  /** What was said of this event, in order. */
  of(name: string): readonly (readonly unknown[])[] {
    return this.seen.filter(([seen]) => seen === name).map(([, ...values]) => values);
  }

  /** Codes of errors and notices, in order. */
  get codes(): readonly number[] {
    return this.seen.filter(([name]) => name === 'error' || name === 'info').map(([, , code]) => code as number);
  }

  /** Resolves once the client was told this, so often. */
  async told(name: string, times = 1): Promise<void> {
    await until(() => this.of(name).length >= times, `${name} x ${times}; seen ${JSON.stringify(this.seen.slice(-5))}`);
  }

  /** Resolves once it may send requests. */
  ready(): Promise<void> {
    return this.told('nextValidId');
  }
}

/** A simulator, clients of it, and what its model threw. */
export class Bench<Model extends GatewayModel = ScriptedModel> {
  readonly sim: TwsSimulator<Model>;
  readonly modelFaults: readonly unknown[];
  readonly #clients: BenchClient[] = [];

  private constructor(sim: TwsSimulator<Model>, modelFaults: readonly unknown[]) {
    this.sim = sim;
    this.modelFaults = modelFaults;
  }

  /** One without a business. */
  static start(options: WireOptions = {}): Promise<Bench> {
    return Bench.startWith((onModelFault) =>
      startTwsSimulator({ ...options, onModelFault, model: new ScriptedModel() }),
    );
  }

  /** One with the simulated gateway behind it. */
  static startGateway(options: TwsSimulatorOptions = {}): Promise<Bench<SimulatedGateway>> {
    return Bench.startWith((onModelFault) => startTwsSimulator({ ...options, onModelFault }));
  }

  private static async startWith<Model extends GatewayModel>(
    start: (onModelFault: (error: unknown) => void) => Promise<TwsSimulator<Model>>,
  ): Promise<Bench<Model>> {
    const faults: unknown[] = [];
    return new Bench(await start((error) => void faults.push(error)), faults);
  }

  get model(): Model {
    return this.sim.model;
  }

  client(clientId = 7): BenchClient {
    const client = new BenchClient(this.sim.port, clientId);
    this.#clients.push(client);
    return client;
  }

  async ready(clientId = 7): Promise<BenchClient> {
    const client = this.client(clientId);
    await client.ready();
    return client;
  }

  async close(): Promise<void> {
    for (const { api } of this.#clients) {
      api.removeAllListeners();
      api.disconnect();
    }
    await this.sim.close();
  }
}

/** Waits, in real time, until something is so: sockets know no other. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const giveUp = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > giveUp) throw new Error(`Never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
