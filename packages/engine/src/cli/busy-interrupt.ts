// Ctrl-C for a command whose thread is busy for long: Node tells of signals in turns of the event loop, and a strategy that never
// returns gives it none.
import { Worker } from 'node:worker_threads';

/**
 * A thread of its own that waits, and that Ctrl-C breaks out of its wait: Node has this for prompts that run what people type, and
 * does it without the event loop. While it waits the signal ends nothing; afterwards it ends the process, as for any program.
 * Source: Node.js documentation, `breakOnSigint` of https://nodejs.org/api/vm.html, seen 2026-11-28.
 */
const WAIT = `
const { parentPort, workerData } = require('node:worker_threads');
const { Script } = require('node:vm');
globalThis.cell = new Int32Array(workerData);
try {
  new Script('Atomics.wait(cell, 0, 0)').runInThisContext({ breakOnSigint: true });
} catch {
  parentPort.postMessage('interrupted');
}
`;

/** Memory of the waiting thread: it holds next to nothing. */
const SMALL = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };

/**
 * Calls back at the first Ctrl-C, when the event loop gets its next turn; a second one ends the process at once, even where there
 * never is one. Returns what ends that. It takes some milliseconds until the first is caught: until then it ends the process.
 */
export function onBusyInterrupt(listener: () => void): () => void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(WAIT, { eval: true, workerData: cell.buffer, execArgv: [], resourceLimits: SMALL });
  let isListening = true;
  worker.once('message', () => {
    if (isListening) listener();
  });
  // Without the thread Ctrl-C ends the process, which is the lesser evil.
  worker.once('error', () => {});
  worker.unref();
  return () => {
    isListening = false;
    Atomics.store(cell, 0, 1);
    Atomics.notify(cell, 0);
  };
}
