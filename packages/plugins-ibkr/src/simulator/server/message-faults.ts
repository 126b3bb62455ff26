import type { MessageKind, ServerMessage } from '../wire/messages.js';
import type { FaultRules, ReadyFaultRule } from './fault-rules.js';
import type { Timers } from './timers.js';

/** A message on its way out, and what is put behind its fields. */
export type Outgoing = (message: ServerMessage, extraFields: readonly string[]) => void;

interface Window {
  readonly order: readonly string[];
  readonly messages: ServerMessage[];
}

/** What faults do to the messages of one client: lose, delay, repeat and reorder them, and make them longer. */
export class MessageFaults {
  readonly #rules: FaultRules;
  readonly #timers: Timers;
  readonly #write: Outgoing;
  #window: Window | undefined;

  constructor(parts: { readonly rules: FaultRules; readonly timers: Timers; readonly write: Outgoing }) {
    this.#rules = parts.rules;
    this.#timers = parts.timers;
    this.#write = parts.write;
  }

  send(message: ServerMessage): void {
    const { kind } = message;
    if (this.#rules.strike('drop-message', kind) !== undefined) return;
    const delay = this.#rules.strike('delay-message', kind);
    if (delay === undefined) this.#repeat(message);
    else this.#timers.after(delay.delayMs, () => this.#repeat(message));
  }

  #repeat(message: ServerMessage): void {
    const copies = this.#rules.strike('duplicate-message', message.kind)?.copies ?? 0;
    for (let copy = 0; copy <= copies; copy += 1) this.#collect(message);
  }

  #collect(message: ServerMessage): void {
    if (this.#window?.order.includes(message.kind) === true) {
      this.#window.messages.push(message);
      return;
    }
    const rule = this.#window === undefined ? this.#rules.strike('reorder-messages', message.kind) : undefined;
    if (rule === undefined) this.#emit(message);
    else this.#open(rule, message);
  }

  #open(rule: ReadyFaultRule<'reorder-messages'>, message: ServerMessage): void {
    this.#window = { order: rule.order, messages: [message] };
    if (rule.windowMs === 0) queueMicrotask(() => this.#close());
    else this.#timers.after(rule.windowMs, () => this.#close());
  }

  /** Sends what was collected, by the place of its kind in the order asked for, else as it came. */
  #close(): void {
    const window = this.#window;
    this.#window = undefined;
    if (window === undefined) return;
    const place = (kind: MessageKind): number => window.order.indexOf(kind);
    for (const message of window.messages.toSorted((a, b) => place(a.kind) - place(b.kind))) this.#emit(message);
  }

  #emit(message: ServerMessage): void {
    this.#write(message, this.#rules.strike('extra-fields', message.kind)?.fields ?? []);
  }
}
