// A hundred symbols of W1's kind, each with a seed of its own, and the configuration that runs them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BarData, barBlocks } from './bar-data.mjs';
import { ONE_MINUTE, provide } from './reference-feed.mjs';
import { symbolsConfig } from './symbols-config.mjs';

const SYMBOLS = 100;

/**
 * Puts up the bars of all symbols.
 * @param {number} rows of all together, at least
 * @returns `all`: data by symbol; `config`: path of engine.yaml in a folder of its own, which `remove` takes away
 */
export function provideSymbols(rows) {
  const perSymbol = Math.ceil(rows / SYMBOLS);
  const all = Array.from({ length: SYMBOLS }, (_, i) => new BarData({ rows: perSymbol, seed: 42 + i }));
  const names = all.map((_, i) => `S${i}`);
  names.forEach((name, i) => provide(name, { spec: ONE_MINUTE, blocks: () => barBlocks(all[i], name) }));
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-bench-'));
  const config = join(folder, 'engine.yaml');
  writeFileSync(config, symbolsConfig(names));
  return { all, config, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
