// `--respawn` of a command that trades: the command as a child of this process.
import { runRespawned, wantsRespawn } from '../../runtime/session/respawn.js';
import { cliError } from '../cli-errors.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import type { ExitCode } from '../exit-code.js';
import { PANIC_KEPT, PANIC_NOT_LATCHED } from '../panic-not-latched.js';

/**
 * Runs the process's own command line below a parent that starts it again, where `--respawn` says so; undefined where this process is
 * to do the work itself. `byDefault`: what is done where neither `--respawn` nor `--no-respawn` is given.
 * Errors: CLI_USAGE_INVALID for both; ENGINE_PROCESS_LOST_TOO_OFTEN.
 */
export async function respawnCommand(
  args: CommandArguments,
  io: CommandIo,
  byDefault: boolean,
): Promise<ExitCode | undefined> {
  const asked = { respawn: args.flag('respawn'), noRespawn: args.flag('no-respawn'), byDefault };
  if (asked.respawn && asked.noRespawn)
    throw cliError('CLI_USAGE_INVALID', '--respawn and --no-respawn contradict each other; one of them at most.');
  if (!wantsRespawn(asked, io.env)) return undefined;
  const code = await runRespawned({
    argv: process.argv.slice(1),
    env: io.env,
    ...(io.takePanic === undefined ? {} : { takePanic: io.takePanic }),
    onNotGoneOn: (code) =>
      io.output.problem(
        `ENGINE_NOT_GONE_ON: The engine's process had died, and the one started in its place ended with code ${code} before it traded; see above. ` +
          'What the last session left at brokers, orders and positions, is there, and nobody watches it: mend that and start again.',
      ),
    onPanicLost: () => io.output.problem(PANIC_NOT_LATCHED),
    onPanicKept: () => io.output.problem(PANIC_KEPT),
    onDeath: ({ how, waitMs }) =>
      io.output.problem(
        `ENGINE_RESPAWNED: The engine's process died ${how}. It is started again in ${waitMs / 1_000} s.`,
      ),
  });
  return code as ExitCode;
}
