// From words to a command and its arguments. The parser runs nothing: what was asked for comes back as a value.
import { existsSync } from 'node:fs';
import yargs, { type Argv, type Options } from 'yargs';
import { hintFor, nearMiss } from '../config/near-miss.js';
import { cliError } from './cli-errors.js';
import { CommandArguments, type ArgumentValue } from './command-arguments.js';
import type { CommandDefinition, CommandGroup, OptionDefinition } from './command.js';
import { COMMON_OPTIONS } from './common-options.js';
import { joinedWords } from './plain-command-line.js';

/** What a command line asks for: to run a command, or to be shown a text (help, version). */
export type Invocation =
  | { readonly kind: 'run'; readonly command: CommandDefinition; readonly args: CommandArguments }
  | { readonly kind: 'text'; readonly text: string };

/** What {@link parseCommandLine} knows besides the words. */
export interface CommandLine {
  readonly commands: readonly (CommandDefinition | CommandGroup)[];
  readonly version: string;
  /** Width of the help. */
  readonly columns: number;
}

const PARSER = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/** Reads a command line. Errors: CLI_USAGE_INVALID with the near miss of an unknown command or option. */
export function parseCommandLine(words: readonly string[], line: CommandLine): Invocation {
  const program = base(line);
  for (const entry of line.commands) add(program, entry);
  let fault: string | undefined;
  let text = '';
  try {
    // No command here is asynchronous, so neither is the parser.
    void program.parse(joinedWords(words), {}, (error, _values, output) => {
      fault = error?.message;
      text = output;
    });
  } catch (error) {
    if (!(error instanceof Chosen)) throw error;
    const misspelt = misspeltSubcommand(joinedWords(words), line);
    if (misspelt !== undefined) throw misspelt;
    return error.invocation;
  }
  if (fault !== undefined) throw usageFault(fault, joinedWords(words), line);
  return { kind: 'text', text };
}

/** How a command leaves the parser: after a handler that returns, the parser lays out a help page that nobody asked for. */
class Chosen extends Error {
  readonly invocation: Invocation;

  constructor(invocation: Invocation) {
    super('A command was chosen.');
    this.invocation = invocation;
  }
}

function base(line: CommandLine): Argv {
  return yargs([])
    .scriptName('bookrunner')
    .usage('$0 COMMAND [options]\n\nBacktests, and trades on paper or at brokers, what engine.yaml says.')
    .locale('en')
    .detectLocale(false)
    .parserConfiguration(PARSER)
    .exitProcess(false)
    .version(line.version)
    .help()
    .wrap(Math.min(line.columns, 110))
    .strict()
    .showHelpOnFail(false)
    .demandCommand(1, 'Name a command.')
    .epilogue('Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 refused by risk or reconciliation.');
}

function add(program: Argv, entry: CommandDefinition | CommandGroup): void {
  if ('run' in entry) return addCommand(program, entry);
  program.command(entry.name, entry.describe, (group) => {
    for (const command of entry.commands) addCommand(group, command);
    // A group with a default command needs no word after it.
    return entry.commands.some((command) => command.isDefault)
      ? group
      : group.demandCommand(1, `Name one of the ${entry.name} commands.`);
  });
}

function addCommand(program: Argv, command: CommandDefinition): void {
  const positionals = (command.positionals ?? []).map(({ name, isRequired, isList }) => {
    const word = isList === true ? `${name}..` : name;
    return isRequired === true ? `<${word}>` : `[${word}]`;
  });
  const words = [command.name, ...positionals].join(' ');
  const names = command.isDefault === true ? [words, '$0'] : words;
  program.command(
    names,
    command.describe,
    (builder) => {
      for (const { name, describe } of command.positionals ?? [])
        builder.positional(name, { type: 'string', describe });
      for (const [name, option] of Object.entries({ ...command.options, ...COMMON_OPTIONS })) {
        builder.option(name, parserOption(option));
      }
      for (const [example, what] of command.examples ?? []) builder.example(`$0 ${example}`, what);
      return builder;
    },
    (values) => {
      const args = new CommandArguments(values as unknown as Readonly<Record<string, ArgumentValue>>);
      throw new Chosen({ kind: 'run', command, args });
    },
  );
}

function parserOption(option: OptionDefinition): Options {
  const parts = [option.describe, option.choices === undefined ? '' : `(${option.choices.join(' | ')})`];
  const describe = parts.filter((part) => part !== '').join(' ');
  if (option.type === 'flag') return { type: 'boolean', describe };
  return {
    type: 'string',
    requiresArg: true,
    describe,
    ...(option.default === undefined ? {} : { defaultDescription: option.default }),
  };
}

const UNKNOWN = /^Unknown (?:arguments?|commands?): (.*)$/s;
const VALUE_MISSING = /^Not enough arguments following: (.*)$/s;
const TOO_FEW = /^Not enough non-option arguments: got (\d+), need at least (\d+)/;

/** The parser's sentence as ours: which word, and what was probably meant. */
function usageFault(message: string, words: readonly string[], line: CommandLine): Error {
  const level = levelOf(words, line.commands);
  const unknown = UNKNOWN.exec(message)?.[1];
  if (unknown !== undefined) {
    const names = [...new Set(unknown.split(', '))];
    const command = misspeltCommand(names, words, level);
    // What follows a command that there is not may be right for the one that was meant.
    const texts =
      command === undefined
        ? names.map((name) => unknownText(name, words, level))
        : [`There is no command '${command}'.${hintFor(command, level.subcommands)}`];
    return cliError('CLI_USAGE_INVALID', texts.join(' '), { remedy: level.remedy });
  }
  const option = VALUE_MISSING.exec(message)?.[1];
  if (option !== undefined)
    return cliError('CLI_USAGE_INVALID', `--${option} needs a value.`, { remedy: level.remedy });
  if (TOO_FEW.test(message)) {
    const missing =
      level.command?.positionals?.filter((positional) => positional.isRequired).map(({ name }) => name) ?? [];
    return cliError('CLI_USAGE_INVALID', `'${level.name}' needs ${missing.join(' and ')}.`, { remedy: level.remedy });
  }
  return cliError('CLI_USAGE_INVALID', `${message.split('\n')[0]}${level.commandHint}`, { remedy: level.remedy });
}

/** A word that the default command of a group took for a file, where there is none and a command has nearly that name. */
function misspeltSubcommand(words: readonly string[], line: CommandLine): Error | undefined {
  const at = levelOf(words, line.commands);
  const word = misspeltCommand([], words, at);
  if (at.command === undefined || word === undefined || existsSync(word)) return undefined;
  return cliError('CLI_USAGE_INVALID', `There is no command '${at.name} ${word}'.${hintFor(word, at.subcommands)}`, {
    remedy: at.remedy,
  });
}

interface Level {
  readonly name: string;
  readonly command: CommandDefinition | undefined;
  readonly subcommands: readonly string[];
  readonly options: readonly string[];
  readonly commandHint: string;
  readonly remedy: string;
}

/** How far the words name a command. */
function levelOf(words: readonly string[], commands: CommandLine['commands']): Level {
  const plain = words.filter((word) => !word.startsWith('-'));
  const entry = commands.find(({ name }) => name === plain[0]);
  if (entry === undefined) return level('', undefined, commands);
  if ('run' in entry) return level(entry.name, entry, []);
  const command = entry.commands.find(({ name }) => name === plain[1]);
  const fallback = entry.commands.find(({ isDefault }) => isDefault);
  const name = command === undefined ? entry.name : `${entry.name} ${command.name}`;
  return level(name, command ?? fallback, command === undefined ? entry.commands : []);
}

function level(name: string, command: CommandDefinition | undefined, below: CommandLine['commands']): Level {
  const subcommands = below.map((entry) => entry.name);
  return {
    name,
    command,
    subcommands,
    options: [...Object.keys(command?.options ?? {}), ...Object.keys(COMMON_OPTIONS), 'help', 'version'],
    commandHint: subcommands.length === 0 ? '' : ` Known: ${subcommands.join(', ')}.`,
    remedy: `See \`bookrunner ${name === '' ? '' : `${name} `}--help\`.`,
  };
}

/** The word that stands where a command is expected and is none. */
function misspeltCommand(unknown: readonly string[], words: readonly string[], at: Level): string | undefined {
  if (at.subcommands.length === 0) return undefined;
  if (at.command === undefined) return unknown.find((name) => !isOption(name, words));
  // A command that needs no name took the word for its argument.
  const word = words.filter((each) => !each.startsWith('-'))[1];
  return word !== undefined && nearMiss(word, at.subcommands) !== undefined ? word : undefined;
}

function isOption(name: string, words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('-') && word.replace(/^-+/, '').split('=')[0] === name);
}

function unknownText(name: string, words: readonly string[], at: Level): string {
  if (!isOption(name, words)) return `'${name}' is one argument too many.`;
  const dashes = name.length === 1 ? '-' : '--';
  return `There is no option ${dashes}${name}.${nearOption(name, at.options)}`;
}

function nearOption(name: string, options: readonly string[]): string {
  return hintFor(name, options)
    .replaceAll(/'([a-z-]+)'/g, "'--$1'")
    .replace(/^ Known:.*$/, '');
}
