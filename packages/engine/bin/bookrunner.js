#!/usr/bin/env node
// Starts the built command line.
import { existsSync } from 'node:fs';
import module from 'node:module';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) {
  // Node 22 and later keep the compiled code between starts.
  module.enableCompileCache?.();
  const { mainOfProcess } = await import(entry.href);
  mainOfProcess();
} else {
  process.stderr.write('CLI_NOT_BUILT: the engine is not built: dist/main.js is missing. Run `npm run build` first.\n');
  process.exitCode = 1;
}
