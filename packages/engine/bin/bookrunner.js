#!/usr/bin/env node
// Starts the built command line.
import { statSync } from 'node:fs';
import module from 'node:module';

// A panic (SIGUSR2) is kept from the first statement on: loading what can latch it takes a while, and the signal would end the process.
let isPanicAsked = false;
const keepPanic = () => {
  isPanicAsked = true;
};
if (process.platform !== 'win32') process.on('SIGUSR2', keepPanic);

/** Whether a panic was asked for until now; true once. Whoever calls it listens already. */
function takePanic() {
  process.off('SIGUSR2', keepPanic);
  const wasAsked = isPanicAsked;
  isPanicAsked = false;
  return wasAsked;
}

/** When a file of the build was written; 0 where it is not there. */
function writtenAt(path) {
  return statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// The bundle is the same program in few files, which load faster. Where the compiler ran after it was made, its modules are the program.
const bundle = '../dist/bundle/main.js';
const modules = '../dist/main.js';
const bundledAt = writtenAt(bundle);
const isBundleCurrent = bundledAt > 0 && bundledAt >= writtenAt('../dist/.tsbuildinfo');

if (isBundleCurrent || writtenAt(modules) > 0) {
  // Node 22 and later keep the compiled code between starts.
  module.enableCompileCache?.();
  const { mainOfProcess } = await import(isBundleCurrent ? bundle : modules);
  mainOfProcess(takePanic);
} else {
  process.stderr.write('CLI_NOT_BUILT: the engine is not built: dist/main.js is missing. Run `npm run build` first.\n');
  process.exitCode = 1;
}
