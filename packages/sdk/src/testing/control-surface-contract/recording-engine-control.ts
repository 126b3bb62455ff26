import type { CommandResult, EngineControl, EngineNotice } from '../../interfaces/control-surface.js';
import type { Command, CommandName } from '../../model/command.js';
import { canonical, deepFreeze } from '../canonical.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';

/** One call of {@link EngineControl.command}. */
export interface RecordedCommand {
  readonly command: Command;
  readonly confirmation: string | undefined;
}

/** Commands that answer `confirm` first. */
const DANGEROUS: ReadonlySet<CommandName> = new Set(['halt', 'reduce-only', 'panic', 'shutdown']);

/**
 * An engine for control surfaces: keeps every command, asks for confirmation of dangerous ones, answers the rest as done, and
 * lets a test fail, refuse and send notices.
 */
export class RecordingEngineControl implements EngineControl {
  readonly commands: RecordedCommand[] = [];
  /** Set to make every command reject with it. */
  failure: Error | undefined;
  /** Set to answer every command so. */
  answer: CommandResult | undefined;
  /** What {@link metrics} answers. */
  page =
    '# HELP bookrunner_orders_total Orders made.\n# TYPE bookrunner_orders_total counter\nbookrunner_orders_total 3\n';
  /** How often it was asked for metrics. */
  scrapes = 0;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  /** Tokens handed out, with the command each belongs to. */
  readonly #tokens = new Map<string, string>();

  /** Listeners to notices now. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Names of the commands so far. */
  get names(): readonly CommandName[] {
    return this.commands.map((item) => item.command.name);
  }

  command(command: Command, confirmation?: string): Promise<CommandResult> {
    this.commands.push({ command: { ...command }, confirmation });
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(deepFreeze(this.answer ?? this.#answer(command, confirmation)));
  }

  onNotice(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** A small page of metrics; rejects with {@link failure}. */
  metrics(): Promise<string> {
    this.scrapes += 1;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(this.page);
  }

  /** Sends a notice to all listeners. */
  notify(fields: Partial<EngineNotice> = {}): void {
    const text = { code: 'FEED_STALE', message: 'The feed is silent.' };
    const notice = deepFreeze({ ts: TEST_EPOCH_MS, level: 'alarm', ...text, details: {}, ...fields } as const);
    for (const listener of Array.from(this.#listeners)) listener(notice);
  }

  #answer(command: Command, confirmation: string | undefined): CommandResult {
    if (!DANGEROUS.has(command.name)) return { kind: 'done', data: { command: command.name } };
    const wanted = canonical([command.name, command.args]);
    if (confirmation === undefined) {
      const token = `token-${this.#tokens.size + 1}`;
      this.#tokens.set(token, wanted);
      return { kind: 'confirm', token, question: `Really ${command.name}?` };
    }
    const isMeant = this.#tokens.get(confirmation) === wanted;
    this.#tokens.delete(confirmation);
    if (isMeant) return { kind: 'done', data: { command: command.name } };
    return {
      kind: 'refused',
      reason: 'CONFIRMATION_UNKNOWN',
      message: 'The confirmation belongs to no open question.',
    };
  }
}
