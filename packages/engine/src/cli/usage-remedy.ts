// Where to read on after a wrong use of a command that ran already: its own help, where the error names none.
import { CLI_ERRORS } from './cli-errors.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import type { ErrorDocument } from './operator-text.js';

/** The error with the help of the command for its remedy, where it was the general one. */
export function withHelpOf(
  error: ErrorDocument,
  command: CommandDefinition | undefined,
  commands: readonly (CommandDefinition | CommandGroup)[],
): ErrorDocument {
  if (command === undefined || error.remedy !== CLI_ERRORS.CLI_USAGE_INVALID.remedy) return error;
  const group = commands.find((entry) => 'commands' in entry && entry.commands.includes(command));
  const name = group === undefined ? command.name : `${group.name} ${command.name}`;
  return { ...error, remedy: `See \`bookrunner ${name} --help\`.` };
}
