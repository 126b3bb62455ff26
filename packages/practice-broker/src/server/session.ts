import type { Socket } from 'node:net';
import type { Clock, VenueReport } from '@bookrunner/sdk';
import { encodeLine, decodeLine, LineReader } from '../wire/line-codec.js';
import type { Message } from '../wire/line-codec.js';
import type { FaultScript } from './fault-script.js';

/** What a connection is for; `new` before its login. Faults never touch a control connection. */
export type SessionRole = 'new' | 'venue' | 'feed' | 'control';

/** One connection to the broker, with the faults that happen on its way. */
export class Session {
  role: SessionRole = 'new';
  account = '';
  readonly symbols = new Set<string>();
  readonly #socket: Socket;
  readonly #faults: FaultScript;
  readonly #clock: Clock;
  #isMuted = false;
  #held: VenueReport | undefined;

  constructor(parts: { readonly socket: Socket; readonly faults: FaultScript; readonly clock: Clock }) {
    this.#socket = parts.socket;
    this.#faults = parts.faults;
    this.#clock = parts.clock;
    parts.socket.setNoDelay(true);
    parts.socket.on('error', () => undefined);
  }

  /** Hands each request to the handler, whose value or throw is the answer. A line that is no request is answered as damaged. */
  listen(handle: (op: string, request: Message) => Message): void {
    const reader = new LineReader();
    this.#socket.on('data', (piece) => {
      for (const line of reader.push(piece)) {
        if (this.#socket.destroyed || this.#isMuted) return;
        this.#read(line, handle);
      }
    });
  }

  /** Pushes a report, as the faults let it. */
  report(report: VenueReport): void {
    const { kind } = report;
    if (this.#faults.strike('lose-report', kind) !== undefined) return;
    const delay = this.#faults.strike('delay-report', kind);
    if (delay !== undefined) {
      this.#clock.callAt(this.#clock.nowUtc() + delay.delayMs, () => this.#push(report));
      return;
    }
    if (this.#held === undefined && this.#faults.strike('reorder-report', kind) !== undefined) {
      this.#held = report;
      return;
    }
    this.#push(report);
    if (this.#faults.strike('duplicate-report', kind) !== undefined) this.#push(report);
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#push(held);
  }

  /** Writes a message; `on` is what a fault calls it. */
  write(message: Message, on: string): void {
    if (this.#isMuted || this.#socket.destroyed) return;
    const cut = this.role === 'control' ? undefined : this.#faults.strike('cut-on-write', on);
    if (cut === undefined) this.#socket.write(encodeLine(message));
    else if (cut.written) {
      this.#isMuted = true;
      this.#socket.write(encodeLine(message), () => this.#socket.destroy());
    } else this.cut();
  }

  /** Writes a line that is no message. */
  writeDamaged(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  cut(): void {
    this.#socket.destroy();
  }

  #push(report: VenueReport): void {
    this.write({ event: 'report', report }, report.kind);
  }

  #read(line: string, handle: (op: string, request: Message) => Message): void {
    const request = decodeLine(line);
    const { id, op } = request ?? {};
    if (request === undefined || typeof id !== 'number' || Number.isNaN(id) || typeof op !== 'string') {
      this.write({ event: 'damaged', message: 'A line was no request.' }, 'damaged');
      return;
    }
    const cut = this.role === 'control' ? undefined : this.#faults.strike('cut-on-read', op);
    if (cut !== undefined && !cut.reached) return this.cut();
    this.#isMuted = cut !== undefined;
    const answer = answerOf(() => handle(op, request));
    if (cut !== undefined) return this.cut();
    if (this.role !== 'control' && this.#faults.strike('drop-answer', op) !== undefined) return;
    this.write({ id, ...answer }, op);
  }
}

/** The value of a call, or what it threw, as an answer. */
function answerOf(call: () => Message): Message {
  try {
    return { value: call() };
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: typeof code === 'string' ? code : 'bad-request', message } };
  }
}
