import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Timers } from './timers.js';

const RETRY_MS = 100;

/** The port of the gateway: it can be closed for a while, so that connections are refused, and opened again on the same number. */
export class GatewayListener {
  readonly #host: string;
  readonly #timers: Timers;
  readonly #onConnection: (socket: Socket) => void;
  #server: Server | undefined;
  #port: number;
  #isClosed = false;

  constructor(parts: {
    readonly host: string;
    readonly port: number;
    readonly timers: Timers;
    readonly onConnection: (socket: Socket) => void;
  }) {
    this.#host = parts.host;
    this.#port = parts.port;
    this.#timers = parts.timers;
    this.#onConnection = parts.onConnection;
  }

  /** The port it has, or had and will have again. */
  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server !== undefined;
  }

  /** Listens; port 0 becomes the free one that was found. Errors: those of the socket. */
  open(): Promise<void> {
    const server = createServer(this.#onConnection);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, () => {
        server.off('error', reject);
        this.#server = server;
        this.#port = (server.address() as AddressInfo).port;
        // Closed while it was being opened.
        if (this.#isClosed) this.#stop();
        resolve();
      });
    });
  }

  /** Refuses connections for so long. Resolves when it listens again, or was closed meanwhile. */
  async refuse(forMs: number): Promise<void> {
    this.#stop();
    let waitMs = forMs;
    while ((await this.#timers.sleep(waitMs)) && !this.#isClosed && !this.isListening) {
      const isOpen = await this.open().then(
        () => true,
        () => false,
      );
      if (isOpen) return;
      // Somebody else took the port meanwhile: it is tried again, as a gateway that restarts would be.
      waitMs = RETRY_MS;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #stop(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}
