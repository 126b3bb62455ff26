import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';
import { RUN_OPTIONS } from './run-options.js';

const { fills, report } = RUN_OPTIONS;

/** `bookrunner run`. */
export const runCommand: CommandDefinition = {
  name: 'run',
  describe: 'Trade live: live feeds, and REAL orders at the brokers of engine.yaml',
  positionals: [CONFIG_POSITIONAL],
  options: {
    duration: { type: 'text', describe: 'Stop after this much real time: 90s, 10m, 8h' },
    fresh: { type: 'flag', describe: 'Begin flat, in place of going on from the last session' },
    respawn: {
      type: 'flag',
      describe: 'Below a small process that starts it again when it is killed: the default without systemd',
    },
    'no-respawn': { type: 'flag', describe: 'Without such a process' },
    resume: {
      type: 'flag',
      describe: 'Take away the halts that an earlier session left; refused while a panic is not complete',
    },
    'log-file': { type: 'text', describe: 'Append log and notices to this file, as JSON lines' },
    ...{ fills, report },
    ...CONFIG_OPTIONS,
  },
  examples: [
    ['run', 'trade ./engine.yaml until Ctrl-C'],
    ['check --mode live', 'whether engine.yaml can be run live; nothing is opened'],
  ],
  async run(args, io) {
    const { guardAgainstNpx } = await import('../paper/started-by-npx.js');
    guardAgainstNpx(io);
    const { respawnCommand } = await import('../paper/respawn-command.js');
    const respawned = await respawnCommand(args, io, true);
    if (respawned !== undefined) return respawned;
    const { runLiveCommand } = await import('../run/run-live-command.js');
    return runLiveCommand(args, io);
  },
};
