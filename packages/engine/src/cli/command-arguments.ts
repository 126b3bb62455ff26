import { hintFor } from '../config/near-miss.js';
import { cliError } from './cli-errors.js';

/** A value as the parser split it: a flag, a text, or the texts of an option that was repeated. */
export type ArgumentValue = boolean | string | readonly string[] | undefined;

/** What a command was given, by name of option or positional. Values were split by the parser and mean nothing yet. */
export class CommandArguments {
  readonly #values: Readonly<Record<string, ArgumentValue>>;

  constructor(values: Readonly<Record<string, ArgumentValue>>) {
    this.#values = values;
  }

  /** Whether a flag was given. */
  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** The one value of an option or positional; undefined where it was not given. Errors: CLI_USAGE_INVALID if given twice. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    if (typeof value === 'object')
      throw cliError('CLI_USAGE_INVALID', `--${name} was given ${value.length} times; once is enough.`);
    return String(value);
  }

  /** All values of an option that may be repeated, or of a positional that takes many. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    if (value === undefined) return [];
    return typeof value === 'object' ? value : [String(value)];
  }

  /** The value of an option that takes only some words. Errors: CLI_USAGE_INVALID with the near miss. */
  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw cliError('CLI_USAGE_INVALID', `--${name} does not take '${text}'.${hintFor(text, choices)}`);
  }

  /** A whole number from `least` on, or `word` where that is allowed. Errors: CLI_USAGE_INVALID. */
  count<const Word extends string = never>(name: string, least: number, word?: Word): number | Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text === word) return word;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    const also = word === undefined ? '' : ` or '${word}'`;
    throw cliError('CLI_USAGE_INVALID', `--${name} takes a whole number from ${least} on${also}, not '${text}'.`);
  }
}
