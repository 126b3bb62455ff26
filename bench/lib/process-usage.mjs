// Preloaded into the command line where its memory and CPU time are measured: tells them on the fourth channel.
import { writeSync } from 'node:fs';
import { usage } from './machine.mjs';

process.on('exit', () => {
  writeSync(3, JSON.stringify(usage()));
});
