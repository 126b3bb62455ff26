// The broker as a process: options as one JSON text or `--port N`, one line `{"port":…}` when it listens.
import { parseArgs } from 'node:util';
import type { BrokerOptions } from './broker/broker-options.js';
import { startPracticeBroker } from './server/start-practice-broker.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'tick-every-ms': { type: 'string' },
    options: { type: 'string', default: '{}' },
  },
});
try {
  const broker = await startPracticeBroker({
    ...(JSON.parse(values.options) as BrokerOptions),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values['tick-every-ms'] === undefined ? {} : { tickEveryMs: Number(values['tick-every-ms']) }),
  });
  process.stdout.write(`${JSON.stringify({ port: broker.port })}\n`);
  const stop = (): void => void broker.close().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
