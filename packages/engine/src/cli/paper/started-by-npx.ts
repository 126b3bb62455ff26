// npx puts itself and a shell between whoever sends signals and the engine: the shell dies of a SIGTERM, and hands on nothing.
import { RESPAWN_VARIABLE } from '../../runtime/session/respawn.js';
import type { CommandIo } from '../command.js';

const LOOK_EVERY_MS = 500;

const WARNING =
  'warning: ENGINE_STARTED_BY_NPX: npx keeps signals from the engine: SIGUSR2 (panic) never arrives, and a SIGTERM ends npx at once, ' +
  'while the engine, told by the end of its parent, still stops. Start it as `node_modules/.bin/bookrunner` instead.';

/** What {@link guardAgainstNpx} looks at of the process; a test has its own. */
export interface NpxProcess {
  readonly parent: () => number;
  readonly stop: () => void;
}

const THIS_PROCESS: NpxProcess = { parent: () => process.ppid, stop: () => process.kill(process.pid, 'SIGTERM') };

/** Where `npx bookrunner …` has started this process: warns of it, and stops as SIGTERM does once the shell of npx is gone. */
export function guardAgainstNpx({ env, output }: CommandIo, own: NpxProcess = THIS_PROCESS): void {
  // A child of `--respawn` has the same environment; its parent has warned, and hands signals on.
  if (env[RESPAWN_VARIABLE] !== undefined || !isStartedByNpx(env)) return;
  output.problem(WARNING);
  const parent = own.parent();
  const timer = setInterval(() => {
    if (own.parent() === parent) return;
    clearInterval(timer);
    output.problem('The npx that has started the engine is gone: stopping, as at SIGTERM.');
    own.stop();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Whether the command of npx is this one, with no shell words around it: what npx starts else may leave the environment to others. */
function isStartedByNpx(env: CommandIo['env']): boolean {
  const isExec = env['npm_command'] === 'exec' && env['npm_lifecycle_event'] === 'npx';
  const isCall = (env['npm_config_call'] ?? '') !== '';
  return isExec && !isCall && /^['"]?bookrunner\b/.test(env['npm_lifecycle_script'] ?? '');
}
