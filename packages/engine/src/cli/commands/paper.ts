import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';
import { RUN_OPTIONS } from './run-options.js';

/** `bookrunner paper`. */
export const paperCommand: CommandDefinition = {
  name: 'paper',
  describe: 'Trade on paper: live feeds, or recorded ones behind a clock, with simulated fills',
  positionals: [CONFIG_POSITIONAL],
  options: {
    speed: { type: 'text', default: '1', describe: 'Of recorded feeds: a multiple of real time, or max' },
    duration: { type: 'text', describe: 'Stop after this much real time: 90s, 10m, 8h' },
    fresh: { type: 'flag', describe: 'Begin flat, in place of going on from the last session' },
    respawn: { type: 'flag', describe: 'As a child of a small process that starts it again when it is killed' },
    resume: {
      type: 'flag',
      describe: 'Take away the halts that an earlier session left; refused while a panic is not complete',
    },
    'log-file': { type: 'text', describe: 'Append log and notices to this file, as JSON lines' },
    ...RUN_OPTIONS,
    ...CONFIG_OPTIONS,
  },
  examples: [
    ['paper', 'live feeds of ./engine.yaml, until Ctrl-C'],
    ['paper --from 2024-03-20 --to 2024-03-22 --speed max', 'two recorded days, as fast as they can be read'],
  ],
  async run(args, io) {
    const { guardAgainstNpx } = await import('../paper/started-by-npx.js');
    guardAgainstNpx(io);
    const { respawnCommand } = await import('../paper/respawn-command.js');
    const respawned = await respawnCommand(args, io, false);
    if (respawned !== undefined) return respawned;
    const { runPaperCommand } = await import('../paper/run-paper-command.js');
    return runPaperCommand(args, io);
  },
};
