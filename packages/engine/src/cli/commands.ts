// All commands, in the order of the help.
import type { CommandDefinition, CommandGroup } from './command.js';
import { backtestCommand } from './commands/backtest.js';
import { backupCommand } from './commands/backup.js';
import { checkCommand } from './commands/check.js';
import { dataGroup } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { journalGroup } from './commands/journal.js';
import { paperCommand } from './commands/paper.js';
import { parityCommand } from './commands/parity.js';
import { pluginsGroup } from './commands/plugins.js';
import { replayCommand } from './commands/replay.js';
import { reportCommand } from './commands/report.js';
import { restoreCommand } from './commands/restore.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';

/** Every command of `bookrunner`. */
export const COMMANDS: readonly (CommandDefinition | CommandGroup)[] = [
  backtestCommand,
  paperCommand,
  runCommand,
  checkCommand,
  reportCommand,
  journalGroup,
  replayCommand,
  parityCommand,
  backupCommand,
  restoreCommand,
  dataGroup,
  pluginsGroup,
  doctorCommand,
  schemaCommand,
];
