// A relay between a session and the simulator: counts connections, and cuts and joins what the client sends.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { RandomSource } from '@bookrunner/sdk/testing';

/** How a relay treats bytes. */
export interface WireTapOptions {
  readonly host: string;
  readonly port: number;
  /** Cuts what the client sends into pieces of up to so many bytes, each in a write of its own. */
  readonly pieces?: { readonly random: RandomSource; readonly maxBytes: number };
}

export class WireTap {
  /** Connections from the client since the start. */
  opened = 0;
  /** Most of them at a time, as the client's side of them stood. */
  mostAtOnce = 0;
  #port = 0;
  readonly #options: WireTapOptions;
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  private constructor(options: WireTapOptions) {
    this.#options = options;
  }

  static async start(options: WireTapOptions): Promise<WireTap> {
    const tap = new WireTap(options);
    const server = createServer({ allowHalfOpen: false }, (client) => tap.#relay(client));
    tap.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
    });
    tap.#port = (server.address() as AddressInfo).port;
    return tap;
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that the client has not closed. */
  get openNow(): number {
    return this.#open.size;
  }

  /** Cuts every connection, in the way of a line that breaks. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()));
  }

  #relay(client: Socket): void {
    const { host, port, pieces } = this.#options;
    const gateway = connect({ host, port });
    this.opened += 1;
    this.#open.add(client);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open.size);
    for (const socket of [client, gateway]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => {
      for (const piece of pieces === undefined ? [bytes] : cut(bytes, pieces)) gateway.write(piece);
    });
    gateway.on('data', (bytes) => client.write(bytes));
    client.on('close', () => {
      this.#open.delete(client);
      this.#sockets.delete(client);
      gateway.destroy();
    });
    gateway.on('close', () => {
      this.#open.delete(client);
      this.#sockets.delete(gateway);
      client.destroy();
    });
  }
}

/** The same bytes in pieces of any size. */
export function cut(
  bytes: Buffer,
  by: { readonly random: RandomSource; readonly maxBytes: number },
): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + (by.random() % by.maxBytes);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
