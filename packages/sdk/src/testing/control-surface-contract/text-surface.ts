import type { CommandResult, ControlSurface, EngineControl } from '../../interfaces/control-surface.js';
import type { Command, CommandName } from '../../model/command.js';
import type { EpochMs } from '../../model/time.js';
import { textOf } from '../check.js';

/** Options of {@link TextSurface}. */
export interface TextSurfaceOptions {
  /** Who may ask. */
  readonly allow: readonly string[];
  readonly nowUtc: () => EpochMs;
}

const COMMANDS: readonly CommandName[] = [
  'status',
  'strategies',
  'start',
  'stop',
  'risk',
  'alloc',
  'orders',
  'fills',
  'pnl',
  'halt',
  'reduce-only',
  'resume',
  'panic',
  'shutdown',
];

/**
 * The reference {@link ControlSurface}: lines of text in, lines of text out, nothing but memory. A line is a command and its
 * arguments, `start name=mr-aapl`, or `yes` or `no` to the last question.
 */
export class TextSurface implements ControlSurface {
  /** Everything shown so far, oldest first. */
  readonly shown: string[] = [];
  readonly #options: TextSurfaceOptions;
  /** The question put to each person, by name. */
  readonly #questions = new Map<string, { readonly command: Command; readonly token: string }>();
  #engine: EngineControl | undefined;
  #unsubscribe: () => void = () => {};

  constructor(options: TextSurfaceOptions) {
    this.#options = options;
  }

  open(engine: EngineControl): Promise<void> {
    this.#engine = engine;
    this.#unsubscribe = engine.onNotice(({ level, code, message }) => this.#show(`${level} ${code}: ${message}`));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#unsubscribe();
    this.#engine = undefined;
    this.#questions.clear();
    return Promise.resolve();
  }

  /** What a person types. */
  async type(actor: string, line: string): Promise<void> {
    if (this.#engine === undefined || !this.#options.allow.includes(actor)) return;
    const [name, ...words] = line.trim().split(/\s+/);
    if (name === 'yes' || name === 'no') return this.#answer(actor, name === 'yes');
    const known = COMMANDS.find((command) => command === name);
    if (known === undefined) return this.#show(`'${String(name)}' is no command.`);
    const args = Object.fromEntries(words.map((word) => word.split('=', 2) as [string, string]));
    await this.#send({ ts: this.#options.nowUtc(), name: known, args, actor });
  }

  async #answer(actor: string, isYes: boolean): Promise<void> {
    const question = this.#questions.get(actor);
    this.#questions.delete(actor);
    if (question === undefined) return this.#show('There is no open question.');
    if (!isYes) return this.#show('Nothing was done.');
    await this.#send({ ...question.command, ts: this.#options.nowUtc() }, question.token);
  }

  async #send(command: Command, confirmation?: string): Promise<void> {
    try {
      const result = await this.#engine?.command(command, confirmation);
      if (result !== undefined) this.#tell(command, result);
    } catch (error) {
      this.#show(`${command.name} failed: ${textOf(error)}`);
    }
  }

  #tell(command: Command, result: CommandResult): void {
    switch (result.kind) {
      case 'done':
        return this.#show(`${command.name}: ${JSON.stringify(result.data)}`);
      case 'refused':
        return this.#show(`${command.name} refused: ${result.message}`);
      case 'confirm':
        this.#questions.set(command.actor, { command, token: result.token });
        return this.#show(result.question);
    }
  }

  #show(text: string): void {
    if (this.#engine !== undefined) this.shown.push(text);
  }
}
