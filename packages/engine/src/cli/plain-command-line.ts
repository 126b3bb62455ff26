// Command lines as people mostly write them, read without the parser, whose loading alone takes a tenth of a second. Whatever asks
// for help, names a group of commands, or is anything but plain is left to the parser; so is every mistake.
import { CommandArguments, type ArgumentValue } from './command-arguments.js';
import type { CommandDefinition, CommandGroup, OptionDefinition } from './command.js';
import { COMMON_OPTIONS } from './common-options.js';

/** A command and what it was given. */
export interface PlainCommandLine {
  readonly command: CommandDefinition;
  readonly args: CommandArguments;
}

/** The command line, as the parser would read it; undefined where it is not plain. */
export function readPlainCommandLine(
  words: readonly string[],
  commands: readonly (CommandDefinition | CommandGroup)[],
): PlainCommandLine | undefined {
  const [name, ...rest] = joinedWords(words);
  const command = commands.find((entry) => entry.name === name);
  if (command === undefined || !('run' in command)) return undefined;
  const values = new PlainValues(command);
  for (let at = 0; at < rest.length;) {
    const taken = values.take(rest[at] as string, rest[at + 1] ?? '');
    if (taken === 0) return undefined;
    at += taken;
  }
  return values.isComplete ? { command, args: new CommandArguments(values.values) } : undefined;
}

/** `--no-report` is what people write for `--report none`; `--set -x=1` is a value although it begins with a dash. */
export function joinedWords(words: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word === '--') return [...result, ...words.slice(index)];
    if (word === '--no-report') result.push('--report=none');
    else if (word === '--set' && index + 1 < words.length) result.push(`--set=${words[++index]}`);
    else result.push(word);
  }
  return result;
}

/** Words that mean themselves: the parser takes quotes off, and a dash begins an option. */
const PLAIN_WORD = /^[^-"']/;
/** The same behind `--name=`, where a dash is a dash. */
const PLAIN_VALUE = /^[^"']/;
const OPTION = /^--([a-z][a-z-]*)(?:=(.*))?$/s;

class PlainValues {
  readonly values: Record<string, ArgumentValue> = {};
  readonly #types: ReadonlyMap<string, OptionDefinition['type']>;
  readonly #positionals: NonNullable<CommandDefinition['positionals']>;
  #positionalsTaken = 0;

  constructor(command: CommandDefinition) {
    const options = Object.entries<OptionDefinition>({ ...command.options, ...COMMON_OPTIONS });
    this.#types = new Map(options.map(([name, { type }]) => [name, type]));
    this.#positionals = command.positionals ?? [];
  }

  get isComplete(): boolean {
    return this.#positionals.slice(this.#positionalsTaken).every(({ isRequired }) => isRequired !== true);
  }

  /** Takes a word, or an option and the word after it; how many words, 0 where they are not plain. */
  take(word: string, next: string): number {
    const option = OPTION.exec(word);
    if (option === null) return this.#takePositional(word) ? 1 : 0;
    const [, name = '', joined] = option;
    const type = this.#types.get(name);
    if (type === undefined) return 0;
    if (joined !== undefined) return type !== 'flag' && this.#takeText(name, joined, PLAIN_VALUE) ? 1 : 0;
    if (type === 'flag') return this.#takeFlag(name, next) ? 1 : 0;
    return this.#takeText(name, next, PLAIN_WORD) ? 2 : 0;
  }

  #takeFlag(name: string, next: string): boolean {
    // The parser takes the words true and false behind a flag for its value.
    return next !== 'true' && next !== 'false' && this.#set(name, true);
  }

  #takeText(name: string, text: string, plain: RegExp): boolean {
    if (!plain.test(text)) return false;
    const known = this.values[name];
    if (known === undefined || this.#types.get(name) !== 'texts') return this.#set(name, text);
    this.values[name] = [...(typeof known === 'object' ? known : [String(known)]), text];
    return true;
  }

  #takePositional(word: string): boolean {
    const positional = this.#positionals[this.#positionalsTaken];
    if (positional === undefined || positional.isList === true || !PLAIN_WORD.test(word)) return false;
    this.#positionalsTaken += 1;
    return this.#set(positional.name, word);
  }

  /** False where there is a value already. */
  #set(name: string, value: ArgumentValue): boolean {
    if (Object.hasOwn(this.values, name)) return false;
    this.values[name] = value;
    return true;
  }
}
