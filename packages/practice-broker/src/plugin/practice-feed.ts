import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  Instrument,
  PluginContext,
  ResolvedInstrument,
  Subscription,
  Tick,
} from '@bookrunner/sdk';
import { practiceError } from '../practice-errors.js';
import type { Message } from '../wire/line-codec.js';
import type { RequestOutcome } from '../wire/line-connection.js';
import type { PracticeOptions } from './practice-options.js';
import { ReconnectingSession } from './reconnecting-session.js';
import type { SessionState } from './reconnecting-session.js';

/** What the broker's market data hold. */
export const PRACTICE_FEED_CAPABILITIES: FeedCapabilities = Object.freeze({ quotes: true, trades: true });

interface Subscriber {
  readonly symbols: ReadonlySet<string>;
  readonly sink: FeedSink;
}

/** Ticks of the practice broker over one connection; subscriptions outlive it. */
export class PracticeFeed implements Feed {
  readonly capabilities = PRACTICE_FEED_CAPABILITIES;
  readonly #context: PluginContext<PracticeOptions>;
  readonly #session: ReconnectingSession;
  readonly #subscribers = new Set<Subscriber>();
  #damaged = 0;
  #lastTs = 0;

  constructor(context: PluginContext<PracticeOptions>) {
    this.#context = context;
    const { options, clock, logger } = context;
    this.#session = new ReconnectingSession({
      ...{ options, clock, logger },
      login: { role: 'feed' },
      onEvent: (event) => this.#receive(event),
      onDamaged: () => this.#reject('the line is no message'),
      onLogin: async (connection) => {
        const symbols = this.#symbols();
        return symbols.length === 0 || (await connection.request('subscribe', { symbols })).kind === 'answered';
      },
      onState: (state, reason, message) => this.#tellState(state, reason, message),
    });
  }

  /** Errors: PRACTICE_SYMBOL_UNKNOWN, PRACTICE_DISCONNECTED, PRACTICE_NO_ANSWER. */
  async resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    const { symbol } = instrument;
    checkAnswered(await this.#session.request('instrument', { symbol }), [symbol]);
    return { instrument, sourceId: symbol };
  }

  /** Errors: PRACTICE_UNREACHABLE, PRACTICE_NO_ANSWER, PRACTICE_LOGIN_REFUSED. */
  open(): Promise<void> {
    return this.#session.open();
  }

  close(): Promise<void> {
    this.#subscribers.clear();
    this.#session.close();
    return Promise.resolve();
  }

  /** Errors: PRACTICE_NOT_OPEN, PRACTICE_SYMBOL_UNKNOWN, PRACTICE_DISCONNECTED, PRACTICE_NO_ANSWER. */
  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    if (!this.#session.isOpen) throw practiceError('PRACTICE_NOT_OPEN', `Feed '${this.#context.name}' is not open.`);
    const symbols = new Set(instruments.map((instrument) => instrument.symbol));
    const all = [...new Set([...this.#symbols(), ...symbols])];
    const subscriber = { symbols, sink };
    this.#subscribers.add(subscriber);
    try {
      checkAnswered(await this.#session.request('subscribe', { symbols: all }), [...symbols]);
    } catch (error) {
      this.#subscribers.delete(subscriber);
      throw error;
    }
    return {
      close: () => {
        this.#subscribers.delete(subscriber);
        return Promise.resolve();
      },
    };
  }

  #symbols(): readonly string[] {
    return [...new Set([...this.#subscribers].flatMap((subscriber) => [...subscriber.symbols]))];
  }

  #receive(event: Message): void {
    if (event['event'] !== 'tick') return;
    const tick = event['tick'] as Tick;
    if (typeof tick !== 'object' || typeof tick.symbol !== 'string' || !Number.isFinite(tick.ts)) {
      return this.#reject('the tick has no symbol or no time');
    }
    const received = { ...tick, recvTs: this.#now(), venue: this.#context.name };
    for (const { symbols, sink } of [...this.#subscribers]) if (symbols.has(tick.symbol)) sink.tick(received);
  }

  #reject(reason: string): void {
    this.#damaged += 1;
    for (const { sink } of [...this.#subscribers]) {
      sink.rejected({ source: this.#context.name, line: this.#damaged, reason });
    }
  }

  #tellState(state: SessionState, reason: string, message: string): void {
    if (state === 'connecting') return;
    const feedState = state === 'ready' ? 'live' : 'disconnected';
    const status = { ts: this.#now(), feed: this.#context.name, state: feedState, reason, message } as const;
    for (const { sink } of [...this.#subscribers]) sink.status(status);
  }

  #now(): number {
    this.#lastTs = Math.max(this.#lastTs, this.#context.clock.nowUtc());
    return this.#lastTs;
  }
}

function checkAnswered(outcome: RequestOutcome, symbols: readonly string[]): void {
  const named = symbols.map((symbol) => `'${symbol}'`).join(', ');
  switch (outcome.kind) {
    case 'answered':
      return;
    case 'declined':
      throw practiceError('PRACTICE_SYMBOL_UNKNOWN', `Asked for ${named}: ${outcome.message}`);
    case 'not-written':
      throw practiceError('PRACTICE_DISCONNECTED', `Asked for ${named}: ${outcome.message}`);
    case 'unknown':
      throw practiceError('PRACTICE_NO_ANSWER', `Asked for ${named}: ${outcome.message}`);
  }
}
