// The simulator as a process: prints one line when it listens, ends on SIGINT or SIGTERM.
import { runSimulator } from './command/run-simulator.js';

const outcome = await runSimulator(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
if (outcome.kind === 'over') process.exitCode = outcome.exitCode;
else {
  const { simulator } = outcome;
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
