// A gateway that says what a test tells it to, over a real socket: for handshakes that no gateway should offer.
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How it behaves; may be changed while it runs. */
export interface Script {
  serverVersion: string;
  accounts: string;
  nextOrderId: number;
  /** What it says after the client has started its session; undefined: accounts, next order id, farms. */
  onStart: ((connection: ScriptedConnection) => void) | undefined;
  /** It accepts, and says nothing at all. */
  isMute: boolean;
  answersTime: boolean;
  onMessage: ((connection: ScriptedConnection, fields: readonly string[]) => void) | undefined;
}

const START_API = '71';
const CURRENT_TIME = '49';

/** One connection it accepted. */
export class ScriptedConnection {
  readonly received: (readonly string[])[] = [];
  isOpen = true;
  #buffer: Buffer = Buffer.alloc(0);
  #isGreeted = false;
  readonly #socket: Socket;
  readonly #script: Script;

  constructor(socket: Socket, script: Script) {
    this.#socket = socket;
    this.#script = script;
    socket.on('data', (data) => this.#read(data));
    socket.on('close', () => (this.isOpen = false));
    socket.on('error', () => undefined);
  }

  /** Several messages leave in one segment. */
  send(...messages: readonly (readonly (string | number)[])[]): void {
    this.#socket.write(Buffer.concat(messages.map(frameOf)));
  }

  notice(code: number, text: string): void {
    this.send([4, 2, -1, code, text, '']);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** As a half-open socket: nothing is read any more, and nothing said. */
  freeze(): void {
    this.#socket.pause();
  }

  /** Accounts and next order id. */
  greet(): void {
    this.send([15, 1, this.#script.accounts], [9, 1, this.#script.nextOrderId]);
    this.notice(2104, 'Market data farm connection is OK:usfarm');
  }

  #read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    if (!this.#isGreeted) {
      if (this.#buffer.length < 8 || this.#buffer.length < 8 + this.#buffer.readUInt32BE(4)) return;
      this.#buffer = this.#buffer.subarray(8 + this.#buffer.readUInt32BE(4));
      this.#isGreeted = true;
      if (!this.#script.isMute) this.send([this.#script.serverVersion, '20261128 12:00:00 GMT']);
    }
    while (this.#buffer.length >= 4 && this.#buffer.length >= 4 + this.#buffer.readUInt32BE(0)) {
      const end = 4 + this.#buffer.readUInt32BE(0);
      const fields = this.#buffer.subarray(4, end).toString().split('\0').slice(0, -1);
      this.#buffer = this.#buffer.subarray(end);
      this.received.push(fields);
      this.#answer(fields);
    }
  }

  #answer(fields: readonly string[]): void {
    if (fields[0] === START_API) return this.#script.onStart === undefined ? this.greet() : this.#script.onStart(this);
    if (fields[0] === CURRENT_TIME && this.#script.answersTime) this.send([49, 1, 1_700_000_000]);
    this.#script.onMessage?.(this, fields);
  }
}

function frameOf(fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The gateway. */
export class ScriptedGateway {
  readonly script: Script = {
    ...{ serverVersion: '193', accounts: 'DU1234567', nextOrderId: 1, isMute: false, answersTime: true },
    ...{ onStart: undefined, onMessage: undefined },
  };
  /** Accepted, in order. */
  readonly connections: ScriptedConnection[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.connections.push(new ScriptedConnection(socket, this.script)));
  }

  static async start(port = 0): Promise<ScriptedGateway> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new ScriptedGateway(server);
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** The connection accepted last. */
  get last(): ScriptedConnection {
    return this.connections.at(-1)!;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.connections.filter((connection) => connection.isOpen).length;
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.reset();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Waits for what sockets still have to say; fails after some seconds of the machine's time. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000; turn += 1) {
    if (condition()) return;
    await sleep(1);
  }
  throw new Error(`It did not come to be: ${condition.toString()}`);
}
