// What a plugin's package brings for its own suites: the export `contractFixtures` of its `./contract` entry.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContractFixtures } from '@bookrunner/sdk/testing';
import type { EngineConfig } from '../../config/index.js';
import { locatePlugin } from '../../plugins/locate-plugin.js';

/** The fixtures of a plugin; empty where its package has no such entry. A faulty entry throws what it throws. */
export async function contractFixtures(use: string, config: EngineConfig): Promise<ContractFixtures> {
  const entry = contractEntry(use, config);
  if (entry === undefined) return {};
  const module = (await import(pathToFileURL(entry).href)) as { readonly contractFixtures?: ContractFixtures };
  return module.contractFixtures ?? {};
}

function contractEntry(use: string, config: EngineConfig): string | undefined {
  const location = locatePlugin(use, config.source.path);
  if ('code' in location || location.file === undefined || location.isModule) return undefined;
  const { directory, data } = location.file;
  const { name, exports } = data as { readonly name?: string; readonly exports?: unknown };
  if (name === undefined || typeof exports !== 'object' || exports === null || !('./contract' in exports))
    return undefined;
  // A package may always name itself.
  return createRequire(join(directory, 'package.json')).resolve(`${name}/contract`);
}
