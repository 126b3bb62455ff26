import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { isTradingError } from '@bookrunner/sdk';
import type { Clock, Command, CommandName, CommandResult, ControlSurface, EngineControl } from '@bookrunner/sdk';
import { z } from 'zod';

/** Options in engine.yaml. */
export const myControlSurfaceOptions = z.strictObject({
  actor: z.string().min(1).default('terminal').describe('Who the commands are said to come from.'),
  notices: z.boolean().default(false).describe('Show notices; the terminal of the engine has its warnings and alarms.'),
});

/** What the surface is made of. */
export interface MyControlSurfaceParts {
  readonly actor: string;
  /** Whether to show notices: once is enough where the engine tells them at the same place. */
  readonly notices: boolean;
  readonly clock: Clock;
  readonly input: Readable;
  readonly output: Writable;
}

/** What `help` says of each command. A reason is one word, since a line is split at its spaces. */
const COMMANDS: Readonly<Record<CommandName, string>> = {
  status: 'what is halted, what is held, what works, the result of the day',
  strategies: 'each strategy, what it holds and what it wants',
  orders: 'orders at work [limit=ROWS]',
  fills: 'the newest fills [limit=ROWS]',
  pnl: 'results of books and strategies',
  risk: 'halts and limits [name=STRATEGY]; with bps=POINTS it sets the most loss of a day',
  start: 'name=STRATEGY, or name=* for all',
  stop: 'name=STRATEGY, or name=* for all: entries are cancelled, what is held stays protected',
  alloc: 'name=STRATEGY weight=0…1: the part of the equity of its book that it trades',
  halt: 'no new risk [book=BOOK or venue=VENUE] [reason=WORD]',
  'reduce-only': 'the same, and entries at work are cancelled',
  panic: 'the same, and all positions are closed; drill=true practises it on paper',
  resume: 'ends these three [book=BOOK, venue=VENUE or name=STRATEGY]',
  reconcile: 'asks the brokers what is there, and compares',
  adopt: 'symbol=SYMBOL [account=ACCOUNT] [strategy=STRATEGY]: gives a strategy what no book explains',
  flatten: 'symbol=SYMBOL [account=ACCOUNT]: closes what no book explains',
  ignore: 'symbol=SYMBOL [account=ACCOUNT]: leaves what no book explains',
  shutdown: 'ends the session; positions stay, orders as engine.onStop has it',
};

/** Asks for the answer as JSON, as at the command line. */
const JSON_WORD = '--json';

/** A command, and how its answer is to be shown. */
interface Asked {
  readonly command: Command;
  readonly isJson: boolean;
}

/**
 * Commands as lines of text, `start name=mr-aapl`; answers as text for a person, with `--json` as JSON. Everybody who reaches the
 * input is allowed, so give it a terminal, not a socket.
 */
export class MyControlSurface implements ControlSurface {
  readonly #parts: MyControlSurfaceParts;
  #engine: EngineControl | undefined;
  #lines: Interface | undefined;
  #unsubscribe: () => void = () => {};
  #question: (Asked & { readonly token: string }) | undefined;

  constructor(parts: MyControlSurfaceParts) {
    this.#parts = parts;
  }

  open(engine: EngineControl): Promise<void> {
    this.#engine = engine;
    this.#lines = createInterface({ input: this.#parts.input });
    this.#lines.on('line', (line) => void this.#read(line));
    if (this.#parts.notices) {
      this.#unsubscribe = engine.onNotice(({ level, code, message }) => this.#show(`${level} ${code}: ${message}`));
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#unsubscribe();
    this.#lines?.close();
    this.#engine = undefined;
    this.#question = undefined;
    return Promise.resolve();
  }

  async #read(line: string): Promise<void> {
    const [word = '', ...words] = line.trim().split(/\s+/);
    if (word === 'yes' || word === 'no') return this.#answer(word === 'yes');
    if (word === 'help') return this.#show(helpText());
    if (word === '') return;
    // What is misspelt goes to the engine as well: it knows what may have been meant, and says so.
    const name = word as CommandName;
    const args = Object.fromEntries(words.filter((item) => item !== JSON_WORD).map((item) => argumentOf(item)));
    const command = { ts: this.#parts.clock.nowUtc(), name, args, actor: this.#parts.actor };
    await this.#send({ command, isJson: words.includes(JSON_WORD) });
  }

  async #answer(isYes: boolean): Promise<void> {
    const question = this.#question;
    this.#question = undefined;
    if (question === undefined) return this.#show('There is no open question.');
    if (!isYes) return this.#show('Nothing was done.');
    const command = { ...question.command, ts: this.#parts.clock.nowUtc() };
    await this.#send({ command, isJson: question.isJson }, question.token);
  }

  async #send(asked: Asked, confirmation?: string): Promise<void> {
    const { command } = asked;
    try {
      const result = await this.#engine?.command(command, confirmation);
      if (result !== undefined) this.#tell(asked, result);
    } catch (error) {
      this.#show(`${command.name} failed: ${isTradingError(error) ? error.toOperatorText() : String(error)}`);
    }
  }

  #tell({ command, isJson }: Asked, result: CommandResult): void {
    if (result.kind === 'done') return this.#show(isJson ? JSON.stringify(result.data) : answerText(command, result));
    if (result.kind === 'refused') return this.#show(`${command.name} refused: ${result.message}`);
    this.#question = { command, isJson, token: result.token };
    this.#show(`${result.question} (yes or no)`);
  }

  #show(text: string): void {
    if (this.#engine !== undefined) this.#parts.output.write(`${text}\n`);
  }
}

/** A line for each command. */
function helpText(): string {
  const lines = Object.entries(COMMANDS).map(([name, does]) => `${name.padEnd(12)} ${does}`);
  return [...lines, `${JSON_WORD} after a command shows its answer as JSON; yes or no answers a question.`].join('\n');
}

/** What the engine wrote for a person; where it did not, the answer as JSON. */
function answerText({ name }: Command, { text, data }: CommandResult & { readonly kind: 'done' }): string {
  return text?.trimEnd() ?? `${name}: ${JSON.stringify(data)}`;
}

/** `weight=0.5` is a number, `drill=true` a truth, all else a text. */
function argumentOf(item: string): readonly [string, unknown] {
  const [name = '', text = ''] = item.split('=', 2);
  if (text === 'true' || text === 'false') return [name, text === 'true'];
  return [name, text === '' || Number.isNaN(Number(text)) ? text : Number(text)];
}
