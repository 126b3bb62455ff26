// A configuration of nothing but plugins: what checking a package needs that no engine.yaml lists.
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { EngineConfig } from '../../config/index.js';
import { ConfigSource } from '../../config/config-source.js';

/** A configuration that lists these plugins, as if it stood in the folder of the process. Only what loading reads is in it. */
export function configOfPlugins(uses: readonly string[]): EngineConfig {
  const lines = new LineCounter();
  const text = JSON.stringify({ plugins: uses });
  const path = join(process.cwd(), 'engine.yaml');
  const config: Pick<EngineConfig, 'plugins' | 'allowIncompatible' | 'source'> = {
    plugins: uses.map((use) => ({ use, options: {}, required: true })),
    allowIncompatible: [],
    source: new ConfigSource(path, 'the command line', {
      document: parseDocument(text, { lineCounter: lines }),
      lines,
      text,
    }),
  };
  return config as EngineConfig;
}
