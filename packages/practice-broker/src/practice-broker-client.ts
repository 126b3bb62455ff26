import { SystemClock } from '@bookrunner/sdk';
import type { BrokerTruth } from './broker/order-register.js';
import type { Quote } from './broker/market.js';
import { practiceError } from './practice-errors.js';
import type { Fault } from './server/fault-script.js';
import type { CONTROL_REQUESTS } from './server/requests.js';
import type { Message } from './wire/line-codec.js';
import { LineConnection } from './wire/line-connection.js';

/** A control connection to a broker, most often one in another process. */
export class PracticeBrokerClient {
  readonly #connection: LineConnection;

  private constructor(connection: LineConnection) {
    this.#connection = connection;
  }

  /** Connects. Errors: PRACTICE_UNREACHABLE. */
  static async connect(port: number, host = '127.0.0.1'): Promise<PracticeBrokerClient> {
    const nothing = (): void => undefined;
    const connection = await LineConnection.open({
      host,
      port,
      clock: new SystemClock(),
      connectLimitMs: 5_000,
      answerLimitMs: 10_000,
      onEvent: nothing,
      onDamaged: nothing,
      onClosed: nothing,
    });
    if (typeof connection === 'string') throw practiceError('PRACTICE_UNREACHABLE', `${host}:${port}: ${connection}.`);
    const client = new PracticeBrokerClient(connection);
    await client.#ask('login', { role: 'control' });
    return client;
  }

  /** Sends a command of the table in README.md. Errors: PRACTICE_DECLINED, PRACTICE_DISCONNECTED, PRACTICE_NO_ANSWER. */
  command(op: keyof typeof CONTROL_REQUESTS, fields: Message = {}): Promise<Message> {
    return this.#ask(op, fields);
  }

  /** Everything, as it really is at the broker. */
  async truth(): Promise<BrokerTruth> {
    return (await this.command('truth'))['truth'] as BrokerTruth;
  }

  async quote(symbol: string, quote: Partial<Quote> & Pick<Quote, 'bid' | 'ask'>): Promise<void> {
    await this.command('quote', { symbol, last: Number.NaN, ...quote });
  }

  async tick(count = 1): Promise<void> {
    await this.command('tick', { count });
  }

  /** Adds faults to the script. */
  async setFaults(...faults: readonly Fault[]): Promise<void> {
    await this.command('faults', { faults });
  }

  close(): void {
    this.#connection.close();
  }

  async #ask(op: string, fields: Message): Promise<Message> {
    const outcome = await this.#connection.request(op, fields);
    if (outcome.kind === 'answered') return outcome.value;
    if (outcome.kind === 'declined') throw practiceError('PRACTICE_DECLINED', `${outcome.reason}: ${outcome.message}`);
    const code = outcome.kind === 'unknown' ? 'PRACTICE_NO_ANSWER' : 'PRACTICE_DISCONNECTED';
    throw practiceError(code, outcome.message);
  }
}
