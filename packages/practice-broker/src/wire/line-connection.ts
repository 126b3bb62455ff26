import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock } from '@bookrunner/sdk';
import { decodeLine, encodeLine, LineReader } from './line-codec.js';
import type { Message } from './line-codec.js';

/** How a request ended. `not-written` certainly never left; `unknown` left, and nobody can tell what became of it. */
export type RequestOutcome =
  | { readonly kind: 'answered'; readonly value: Message }
  | { readonly kind: 'declined'; readonly reason: string; readonly message: string }
  | { readonly kind: 'not-written'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** Where a connection goes, and who hears of it. */
export interface LineConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly connectLimitMs: number;
  readonly answerLimitMs: number;
  readonly onEvent: (event: Message) => void;
  readonly onDamaged: (line: string) => void;
  readonly onClosed: () => void;
}

/** One TCP connection to the broker: requests with answers, and events. Once closed it is never opened again. */
export class LineConnection {
  readonly #socket: Socket;
  readonly #options: LineConnectionOptions;
  readonly #reader = new LineReader();
  readonly #pending = new Map<number, (outcome: RequestOutcome) => void>();
  #nextId = 0;
  #isClosed = false;

  private constructor(socket: Socket, options: LineConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#receive(piece));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  /** Connects, or answers why not. */
  static open(options: LineConnectionOptions): Promise<LineConnection | string> {
    return new Promise((resolve) => {
      const socket = connect({ host: options.host, port: options.port });
      const fail = (why: string): void => {
        socket.destroy();
        resolve(why);
      };
      const stopLimit = options.clock.callAt(options.clock.nowUtc() + options.connectLimitMs, () =>
        fail(`no connection within ${options.connectLimitMs} ms`),
      );
      const onError = (error: Error): void => {
        stopLimit();
        fail(error.message);
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        stopLimit();
        socket.off('error', onError);
        resolve(new LineConnection(socket, options));
      });
    });
  }

  /** Sends a request; never rejects. */
  request(op: string, fields: Message = {}): Promise<RequestOutcome> {
    if (this.#isClosed || !this.#socket.writable) {
      return Promise.resolve({ kind: 'not-written', message: 'The connection is closed.' });
    }
    const { clock, answerLimitMs } = this.#options;
    this.#nextId += 1;
    const id = this.#nextId;
    return new Promise((resolve) => {
      const stopLimit = clock.callAt(clock.nowUtc() + answerLimitMs, () =>
        this.#settle(id, { kind: 'unknown', message: `No answer within ${answerLimitMs} ms.` }),
      );
      this.#pending.set(id, (outcome) => {
        stopLimit();
        resolve(outcome);
      });
      this.#socket.write(encodeLine({ ...fields, id, op }));
    });
  }

  /** Ends the connection; requests without an answer become unknown. */
  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  #receive(piece: Buffer): void {
    for (const line of this.#reader.push(piece)) {
      if (this.#isClosed) return;
      const message = decodeLine(line);
      if (message === undefined) this.#options.onDamaged(line);
      else if (typeof message['id'] === 'number') this.#settle(message['id'], outcomeOf(message));
      else this.#options.onEvent(message);
    }
  }

  #settle(id: number, outcome: RequestOutcome): void {
    const settle = this.#pending.get(id);
    this.#pending.delete(id);
    settle?.(outcome);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const outcome = { kind: 'unknown', message: 'The connection was lost before the answer.' } as const;
    for (const id of [...this.#pending.keys()]) this.#settle(id, outcome);
    this.#options.onClosed();
  }
}

function outcomeOf(answer: Message): RequestOutcome {
  const error = answer['error'] as { readonly code?: unknown; readonly message?: unknown } | undefined;
  if (error === undefined) return { kind: 'answered', value: (answer['value'] ?? {}) as Message };
  return { kind: 'declined', reason: String(error.code), message: String(error.message) };
}
