import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { locatePlugin, type PluginLocation } from '../plugins/locate-plugin.js';
import { configChanges } from './config-changes.js';
import { dataFolder, removeFolders } from './journal.fixture.js';
import { pluginCode } from './plugin-code.js';

afterAll(removeFolders);

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const codeOf = (folder: string, use: string): string =>
  pluginCode(locatePlugin(use, join(folder, 'engine.yaml')) as PluginLocation);

describe('the code of a plugin', () => {
  it('of a package is all that can be loaded from it, and nothing else', () => {
    const folder = dataFolder();
    write(folder, {
      'p/package.json': JSON.stringify({ name: 'p', version: '1.0.0', type: 'module', main: './dist/index.js' }),
      'p/dist/index.js': "import './helper.js';",
      'p/dist/helper.js': 'export const a = 1;',
      'p/data.json': '1',
      'p/README.md': 'one',
      'p/node_modules/other/index.js': 'one',
    });
    const before = codeOf(folder, './p');
    write(folder, { 'p/README.md': 'two', 'p/node_modules/other/index.js': 'two' });
    expect(codeOf(folder, './p')).toBe(before);
    const hashes = [before];
    write(folder, { 'p/dist/helper.js': 'export const a = 2;' });
    hashes.push(codeOf(folder, './p'));
    write(folder, { 'p/data.json': '2' });
    hashes.push(codeOf(folder, './p'));
    write(folder, { 'p/dist/more.cjs': '' });
    hashes.push(codeOf(folder, './p'));
    expect(new Set(hashes).size).toBe(4);
  });

  it.each([{ files: ['dist', '!dist/**/*.test.*'] }, { files: ['./dist/**/*.js'] }, {}])(
    'does not change with what is written beside it: %p',
    (manifest) => {
      const folder = dataFolder();
      write(folder, {
        'package.json': JSON.stringify({
          name: 'p',
          version: '1.0.0',
          type: 'module',
          main: 'dist/index.js',
          ...manifest,
        }),
        'dist/index.js': '',
        'dist/deep/loaded-by-a-made-name.js': '1',
      });
      const before = codeOf(folder, '.');
      write(folder, {
        'var/bookrunner.db': '',
        'var/runs/a/reconciliation.json': '{}',
        'back/runs/b/config.yaml': '',
        'back/runs/b/metrics.json': '{}',
        'catalog/bars/symbol=A/timeframe=1m/_manifest.json': '{}',
        'backup/manifest.json': '{}',
        'backup/journal.db': '',
        '.git/a.json': '{}',
        '.cache.json': '{}',
        'node_modules/other/index.js': '',
        'src/index.ts': '',
      });
      expect(codeOf(folder, '.')).toBe(before);
      write(folder, { 'dist/deep/loaded-by-a-made-name.js': '2' });
      expect(codeOf(folder, '.')).not.toBe(before);
    },
  );

  it('of a package with `files` is what they name, and what its modules and its package.json point to', () => {
    const folder = dataFolder();
    const manifest = {
      ...{ name: 'p', version: '1.0.0', main: 'dist/index.js', files: ['dist', 'one.json', '../beyond'] },
      imports: { '#deep/*': { default: './deep/*.js' } },
    };
    write(folder, {
      'p/package.json': JSON.stringify(manifest),
      'p/dist/index.js': "require('../cjs'); new URL('../bars.json', import.meta.url);",
      'beyond/a.json': '1',
      'p/report.json': '1',
    });
    const before = codeOf(folder, './p');
    write(folder, { 'beyond/a.json': '2', 'p/report.json': '2', 'p/tsconfig.json': '{}' });
    expect(codeOf(folder, './p')).toBe(before);
    const hashes = [before];
    for (const name of ['one.json', 'deep/a.js', 'cjs/index.js', 'bars.json', 'dist/sub/b.mjs']) {
      write(folder, { [`p/${name}`]: '1' });
      hashes.push(codeOf(folder, './p'));
    }
    write(folder, { 'p/package.json': JSON.stringify({ ...manifest, version: '1.0.1' }) });
    hashes.push(codeOf(folder, './p'));
    expect(new Set(hashes).size).toBe(7);
  });

  it('of a single module is that module and those it names by relative paths', () => {
    const folder = dataFolder();
    write(folder, {
      'package.json': '{}',
      'one.mjs': "import { a } from './two.mjs'; import z from 'zod';",
      'two.mjs': "export { a } from './deep/three.mjs'; await import('./one.mjs');",
      'deep/three.mjs': 'export const a = 1;',
      'unrelated.mjs': '1',
    });
    const before = codeOf(folder, './one.mjs');
    write(folder, { 'unrelated.mjs': '2' });
    expect(codeOf(folder, './one.mjs')).toBe(before);
    write(folder, { 'deep/three.mjs': 'export const a = 2;' });
    expect(codeOf(folder, './one.mjs')).not.toBe(before);
  });
});

describe('changes of a configuration', () => {
  it('are told in the words of engine.yaml, without what decides nothing', () => {
    const before = { engine: { name: 'a', seed: 1 }, feeds: { a: 1 }, strategies: { s: { params: { n: 3 } } } };
    const now = { engine: { name: 'b', seed: 1 }, feeds: { a: 2 }, strategies: { s: { params: { n: 4 } }, t: {} } };
    expect(configChanges(before, now)).toEqual(['`strategies.s.params.n` was 3 and is 4.', '`strategies.t` is new.']);
    expect(configChanges(before, before)).toEqual([]);
  });

  it('are counted where there are many', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`s${i}`, i]));
    const changes = configChanges({ strategies: {} }, { strategies: many });
    expect([changes.length, changes.at(-1)]).toEqual([9, '12 more settings have changed.']);
  });
});
