import type { CommandDefinition } from '../command.js';
import { JOURNAL_CONFIG } from './journal.js';

/** `bookrunner replay`. */
export const replayCommand: CommandDefinition = {
  name: 'replay',
  describe: 'Give the journalled events of a run to a fresh kernel, and compare what it decides',
  positionals: [{ name: 'run', describe: 'Id of a run, its beginning, or "latest"', isRequired: true }],
  options: {
    verify: { type: 'flag', describe: 'Fail where anything is decided differently' },
    with: { type: 'text', describe: 'An engine.yaml in place of the configuration the run kept' },
    anyway: { type: 'flag', describe: 'Replay although strategies or configuration have changed' },
    ...JOURNAL_CONFIG,
    set: { type: 'texts', describe: 'Override a value of the configuration replayed with; may be repeated' },
  },
  examples: [['replay latest --verify', 'whether the newest run would decide the same again']],
  async run(args, io) {
    const { runReplayCommand } = await import('../journal/run-replay-command.js');
    return runReplayCommand(args, io);
  },
};
