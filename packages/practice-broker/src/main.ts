// The broker as a process. Code 2: it was asked wrongly; 1: it cannot listen there.
import { isTradingError } from '@bookrunner/sdk';
import { HELP, readBrokerArguments } from './command/broker-arguments.js';
import { practiceError } from './practice-errors.js';
import { startPracticeBroker } from './server/start-practice-broker.js';

try {
  const asked = readBrokerArguments(process.argv.slice(2));
  if (asked.isHelp) process.stdout.write(HELP);
  else {
    const broker = await startPracticeBroker(asked.options).catch((error: NodeJS.ErrnoException) => {
      if (error.syscall === undefined) throw error;
      const { host = '127.0.0.1', port = 0 } = asked.options;
      throw practiceError('PRACTICE_PORT', `It cannot listen on ${host}:${port}: ${error.code}.`, { cause: error });
    });
    process.stdout.write(`${JSON.stringify({ port: broker.port })}\n`);
    const stop = (): void => void broker.close().then(() => process.exit(0));
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  }
} catch (error) {
  process.stderr.write(`${isTradingError(error) ? error.toOperatorText() : String(error)}\n`);
  process.exitCode = isTradingError(error) && error.code === 'PRACTICE_PORT' ? 1 : 2;
}
