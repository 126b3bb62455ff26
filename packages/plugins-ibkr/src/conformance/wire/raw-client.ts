// A client that says exactly what a case has it say, written from the protocol's layout alone: nothing of the plugin or the simulator.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '@bookrunner/sdk/testing';

export type Fields = readonly string[];

const PATIENCE_MS = 5_000;

/** Length, then fields that each end with NUL. */
export function frameOf(fields: Fields): Buffer {
  return payloadFrame(Buffer.from(fields.map((field) => `${field}\0`).join('')));
}

export function payloadFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + payload.length);
  frame.writeUInt32BE(payload.length);
  frame.set(payload, 4);
  return frame;
}

export class RawClient {
  readonly received: Fields[] = [];
  readonly socket: Socket;
  /** The gateway has closed the connection. */
  isEnded = false;
  readonly #write: (socket: Socket, bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  /** `write` may cut and join what is sent. */
  constructor(
    port: number,
    write: (socket: Socket, bytes: Buffer) => void = (socket, bytes) => void socket.write(bytes),
  ) {
    this.#write = write;
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.setNoDelay(true);
    this.socket.on('error', () => (this.isEnded = true));
    this.socket.on('end', () => (this.isEnded = true));
    this.socket.on('close', () => (this.isEnded = true));
    this.socket.on('data', (bytes) => this.#take(bytes));
  }

  /** Connects, and waits for what a gateway says first. */
  static async start(port: number, clientId = 7, offer = 'v100..193'): Promise<RawClient> {
    const client = new RawClient(port);
    await client.begin(clientId, offer);
    return client;
  }

  async begin(clientId: number, offer = 'v100..193'): Promise<void> {
    this.greet(clientId, offer);
    await this.until((fields) => fields[3] === '2158', 'the end of the handshake');
  }

  greet(clientId: number, offer = 'v100..193'): void {
    this.bytes(
      Buffer.concat([
        Buffer.from('API\0'),
        payloadFrame(Buffer.from(offer)),
        frameOf(['71', '2', String(clientId), '']),
      ]),
    );
  }

  send(...fields: Fields): void {
    this.bytes(frameOf(fields));
  }

  bytes(bytes: Buffer): void {
    this.#write(this.socket, bytes);
  }

  /** Waits for a message that came since the list was last emptied. */
  async until(isIt: (fields: Fields) => boolean, what: string): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!this.received.some(isIt)) {
      const last = this.received.slice(-3).map((fields) => fields.slice(0, 6).join('|'));
      check(
        Date.now() < giveUp && !this.isEnded,
        `Waited in vain for ${what}; the last messages were ${last.join('; ')}.`,
      );
      await sleep(1);
    }
  }

  /** The gateway answers in order: all that was asked before has been answered. */
  async settle(): Promise<void> {
    const from = this.received.length;
    this.send('49', '1');
    const isTime = (fields: Fields): boolean => fields[0] === '49' && this.received.indexOf(fields) >= from;
    await this.until(isTime, 'the time');
    this.received.splice(this.received.findIndex(isTime), 1);
  }

  /** What has come, which is forgotten. */
  taken(): readonly Fields[] {
    return this.received.splice(0);
  }

  close(): void {
    this.socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32BE()) {
      const end = 4 + this.#rest.readUInt32BE();
      this.received.push(this.#rest.toString('utf8', 4, end - 1).split('\0'));
      this.#rest = this.#rest.subarray(end);
    }
  }
}
