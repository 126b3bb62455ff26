import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

/** `bookrunner doctor`. */
export const doctorCommand: CommandDefinition = {
  name: 'doctor',
  describe: 'Look at this machine: what works, what does not, and what to do about it',
  positionals: [CONFIG_POSITIONAL],
  options: CONFIG_OPTIONS,
  async run(args, io) {
    const { runDoctorCommand } = await import('../doctor/run-doctor-command.js');
    return runDoctorCommand(args, io);
  },
};
