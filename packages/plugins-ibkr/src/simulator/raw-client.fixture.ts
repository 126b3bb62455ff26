import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { until } from './bench.fixture.js';
import { encodeFrame, encodePayload, FrameReader, GREETING, splitFields } from './wire/frame.js';

/** A client that says exactly what a test has it say. */
export class RawClient {
  readonly socket: Socket;
  readonly received: (readonly string[])[] = [];
  /** How the connection ended, as this side saw it. */
  ended: 'no' | 'fin' | 'rst' | 'refused' = 'no';
  /** False once the server's bytes were no frames. */
  isReadable = true;
  readonly #reader = new FrameReader();

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.#take(bytes));
    this.socket.on('end', () => (this.ended = 'fin'));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ended = error.code === 'ECONNREFUSED' ? 'refused' : 'rst';
    });
  }

  #take(bytes: Buffer): void {
    for (const piece of this.#reader.push(bytes)) {
      const fields = piece.kind === 'frame' ? splitFields(piece.payload) : undefined;
      if (fields === undefined) this.isReadable = false;
      else this.received.push(fields);
    }
  }

  write(...parts: readonly (Uint8Array | string)[]): void {
    for (const part of parts) this.socket.write(part);
  }

  send(...fields: readonly string[]): void {
    this.write(encodeFrame(fields));
  }

  greet(offer = 'v100..193'): void {
    this.write(GREETING, encodePayload(offer));
  }

  /** Handshake and START_API; resolves with the first messages there. */
  async start(clientId: number): Promise<void> {
    this.greet();
    this.send('71', '2', String(clientId), '');
    await this.got((fields) => fields[0] === '4' && fields[3] === '2158');
  }

  /** Waits for a message. */
  async got(isIt: (fields: readonly string[]) => boolean): Promise<void> {
    await until(() => this.received.some(isIt), `a message; got ${JSON.stringify(this.received.slice(-3))}`);
  }

  async end(): Promise<'no' | 'fin' | 'rst' | 'refused'> {
    await until(() => this.ended !== 'no', 'the end of the connection');
    return this.ended;
  }
}
