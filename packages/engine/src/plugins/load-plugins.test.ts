import { describe, expect, it } from '@jest/globals';
import { definePlugin } from '@bookrunner/sdk';
import { loadPlugins } from './load-plugins.js';
import type { LoadPluginsOptions } from './load-plugins.js';
import { bootFailures, BUILT_IN, CONTROL, handMade, PluginProject } from './plugin-project.fixture.js';

const OPTIONS: LoadPluginsOptions = { builtIn: [BUILT_IN], mode: 'paper' };
const chat = handMade(`id: 'chat', controls: { chat: { ${CONTROL} } }`);

function load(project: PluginProject, yaml: string, options: Partial<LoadPluginsOptions> = {}) {
  return loadPlugins(project.config(yaml), { ...OPTIONS, ...options });
}

async function codes(project: PluginProject, yaml: string, options: Partial<LoadPluginsOptions> = {}) {
  return (await bootFailures(load(project, yaml, options))).map((failure) => failure.code);
}

describe('loading plugins', () => {
  it('finds packages, folders and files, and registers what they contribute', async () => {
    const project = new PluginProject()
      .install('chat', chat)
      .install('./mine', handMade(`id: 'mine', venues: { mine: { capabilities: {}, create: () => ({}) } }`), {
        manifest: { id: 'mine', apiVersion: 1, provides: ['venue'] },
      })
      .write('single/one.mjs', handMade(`id: 'one', feeds: { one: { capabilities: {}, create: () => ({}) } }`));
    const loaded = await load(project, 'plugins: [chat, ./mine, ./single/one.mjs]');
    expect(loaded.plugins.map(({ plugin, use, index }) => [plugin.id, use, index])).toEqual([
      ['engine', 'engine', undefined],
      ['chat', 'chat', 0],
      ['mine', './mine', 1],
      ['one', './single/one.mjs', 2],
    ]);
    expect(loaded.registry.names('control-surface')).toEqual(['chat']);
    expect(loaded.registry.names('venue')).toEqual(['simulated', 'broker', 'mine']);
    expect(loaded.registry.names('feed')).toContain('one');
    expect(loaded.warnings).toEqual([]);
  });

  it('takes a plugin written with the SDK and zod of its own folder', async () => {
    const code = `
import { definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const flat = defineStrategy({ name: 'flat', params: z.strictObject({ n: z.int().default(3) }), onBar: () => 0 });
export default definePlugin({ id: 'flat', apiVersion: 1, strategies: { flat } });
`;
    const project = new PluginProject()
      .link('@bookrunner/sdk', 'packages/sdk')
      .link('zod', 'node_modules/zod')
      .install('@mine/flat', code, {
        manifest: { id: 'flat', apiVersion: 1, provides: ['strategy'] },
        extra: { peerDependencies: { '@bookrunner/sdk': '>=0.1.0 <1.0.0', zod: '^4.0.0' } },
      });
    const loaded = await load(project, 'plugins: ["@mine/flat"]');
    expect([...loaded.registry.strategies().keys()]).toEqual(['flat']);
  });

  it('takes a package that exports a strategy alone', async () => {
    const code = `
import { defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
export default defineStrategy({ name: 'alone', params: z.strictObject({}), onBar: () => 0 });
`;
    const project = new PluginProject()
      .link('@bookrunner/sdk', 'packages/sdk')
      .link('zod', 'node_modules/zod')
      .install('alone', code, { manifest: { id: 'alone', apiVersion: 1, provides: ['strategy'] } });
    const { registry, plugins } = await load(project, 'plugins: [alone]');
    expect(registry.find('strategy', 'alone')?.contribution.name).toBe('alone');
    expect(plugins[1]?.plugin.sdkVersion).toBe('0.1.0');
  });

  it('takes packages that do not export package.json, or have import conditions or main only', async () => {
    const project = new PluginProject()
      .install('hidden', handMade(`id: 'hidden', controls: { a: { ${CONTROL} } }`), {
        extra: { exports: './index.js' },
      })
      .install('imported', handMade(`id: 'imported', controls: { b: { ${CONTROL} } }`), {
        extra: { exports: { '.': { types: './x.d.ts', import: './index.js' } } },
      })
      .install('./old', handMade(`id: 'old', controls: { c: { ${CONTROL} } }`), {
        manifest: { id: 'old', apiVersion: 1, provides: ['control-surface'] },
        extra: { exports: undefined, main: './index.js' },
      });
    const { registry } = await load(project, 'plugins: [hidden, imported, ./old]');
    expect(registry.names('control-surface')).toEqual(['a', 'b', 'c']);
  });
});

describe('phase manifest', () => {
  it('collects all failures with place, near miss and remedy, and imports nothing', async () => {
    const project = new PluginProject()
      .install('@x/plugins-chat', `globalThis.bookrunnerImported = true;\n${chat}`)
      .install('future', chat, { manifest: { id: 'future', apiVersion: 9, provides: ['control-surface'] } })
      .install('plain', chat, { manifest: null })
      .install('odd', chat, { manifest: { id: 'odd', apiVersion: '1', provides: ['feeds'] } });
    const yaml = 'plugins:\n  - "@x/plugin-chat"\n  - future\n  - plain\n  - odd\n  - ./od\n  - "@x/plugins-chat"\n';
    const failures = await bootFailures(load(project, yaml));
    expect(failures.map(({ code, path, place }) => [code, path, place])).toEqual([
      ['PLUGIN_NOT_FOUND', 'plugins[0]', 'engine.yaml:2:5'],
      ['PLUGIN_NOT_A_PLUGIN', 'plugins[2]', 'engine.yaml:4:5'],
      ['PLUGIN_MANIFEST_INVALID', 'plugins[3]', 'engine.yaml:5:5'],
      ['PLUGIN_NOT_FOUND', 'plugins[4]', 'engine.yaml:6:5'],
      ['PLUGIN_API_MISMATCH', 'plugins[1]', 'engine.yaml:3:5'],
    ]);
    expect(failures[0]?.message).toContain("Did you mean '@x/plugins-chat'?");
    expect(failures[0]?.remedy).toContain('npm install @x/plugin-chat');
    expect(failures[2]?.message).toContain('bookrunner.plugin.apiVersion');
    expect(failures[2]?.message).toContain("Did you mean 'feed'?");
    expect(failures.map(({ message }) => message).filter((message) => /[.?]\.$/.test(message))).toEqual([]);
    expect(failures[4]?.message).toContain('plugin API 9; this engine has 1');
    expect('bookrunnerImported' in globalThis).toBe(false);
    await expect(load(project, yaml)).rejects.toMatchObject({
      code: 'PLUGIN_BOOT_FAILED',
      message: expect.stringContaining(
        "phase 'manifest' found 5 problems:\n  PLUGIN_NOT_FOUND engine.yaml:2:5 plugins[0]:",
      ),
    });
  });

  it('finds ids that are taken, by the engine or by another plugin', async () => {
    const project = new PluginProject()
      .install('a', chat, { manifest: { id: 'same', apiVersion: 1, provides: ['control-surface'] } })
      .install('b', chat, { manifest: { id: 'same', apiVersion: 1, provides: ['control-surface'] } })
      .install('c', chat, { manifest: { id: 'engine', apiVersion: 1, provides: ['control-surface'] } });
    const failures = await bootFailures(load(project, 'plugins: [a, b, c]'));
    expect(failures.map(({ code, path }) => [code, path])).toEqual([
      ['PLUGIN_DUPLICATE_ID', 'plugins[1]'],
      ['PLUGIN_DUPLICATE_ID', 'plugins[2]'],
    ]);
    expect(failures[0]?.message).toContain("'a' (plugins[0])");
    expect(failures[1]?.message).toContain('the engine itself');
  });

  it('explains missing and unfit peers', async () => {
    const project = new PluginProject().link('zod', 'node_modules/zod').install('chat', chat, {
      extra: {
        peerDependencies: { zod: '^3.0.0', '@bookrunner/sdk': '^0.1.0', extra: '*' },
        peerDependenciesMeta: { extra: { optional: true } },
      },
    });
    const failures = await bootFailures(load(project, 'plugins: [chat]'));
    expect(failures.map((failure) => failure.code)).toEqual(['PLUGIN_PEER_MISMATCH', 'PLUGIN_PEER_MISSING']);
    expect(failures[0]?.message).toMatch(/zod \^3\.0\.0; installed is 4\./);
    expect(failures[1]?.remedy).toContain('npm install @bookrunner/sdk');
  });

  it('wants built code', async () => {
    const project = new PluginProject()
      .install('./unbuilt', chat, { extra: { exports: './dist/index.js' } })
      .install('./closed', chat, { extra: { exports: { './other': './index.js' } } })
      .write('source.ts', '')
      .write('broken/package.json', '{');
    const found = await codes(project, 'plugins: [./unbuilt, ./closed, ./source.ts, ./broken, ./borken]');
    expect(found).toEqual([
      'PLUGIN_IMPORT_FAILED',
      'PLUGIN_MANIFEST_INVALID',
      'PLUGIN_IMPORT_FAILED',
      'PLUGIN_MANIFEST_INVALID',
      'PLUGIN_NOT_FOUND',
    ]);
  });
});

describe('phase import', () => {
  it('says where a module is not JavaScript', async () => {
    const project = new PluginProject()
      .write('cut.mjs', "import { readFileSync } from 'node:fs';\nexport default {\n")
      .write('lacks.mjs', "// one\nimport { nothing } from './cut2.mjs';\nexport default nothing;\n")
      .write('cut2.mjs', 'export const x = 1;\n')
      .write('text.js', "import { readFileSync } from 'node:fs';\n\nexport default {;\n")
      .write('other.mjs', "JSON.parse('{');\n");
    const failures = await bootFailures(load(project, 'plugins: [./cut.mjs, ./lacks.mjs, ./text.js, ./other.mjs]'));
    const said = failures.map(({ code, message }) => [code, message]);
    expect(said).toEqual([
      ['PLUGIN_IMPORT_FAILED', expect.stringMatching(/Unexpected .*, at .*\/cut\.mjs:\d+\.$/)],
      ['PLUGIN_IMPORT_FAILED', expect.stringMatching(/nothing/)],
      ['PLUGIN_IMPORT_FAILED', expect.stringMatching(/, at .*\/text\.js:3\.$/)],
      ['PLUGIN_IMPORT_FAILED', expect.not.stringContaining(', at ')],
    ]);
  });

  it('collects what is no plugin, what throws and what differs from its manifest', async () => {
    const controls = `controls: { NAME: { ${CONTROL} } }`;
    const project = new PluginProject()
      .install('none', 'export const x = 1;')
      .install('named', chat.replace('export default', 'export const chat ='))
      .install('throws', "throw new Error('no luck\\nsecret details');")
      .install('lacks', "import 'not-installed-anywhere';")
      .install('renamed', handMade(`id: 'other', ${controls.replace('NAME', 'r')}`))
      .install('more', handMade(`id: 'more', ${controls.replace('NAME', 'm')}, feeds: { f: { create() {} } }`))
      .install('old', handMade(`id: 'old', ${controls.replace('NAME', 'o')}`).replace("'0.1.0'", "'0.2.0'"))
      .install('shapeless', handMade(`id: 'shapeless', controls: { s: {} }, feeds: 5`));
    const yaml = 'plugins: [none, named, throws, lacks, renamed, more, old, shapeless]';
    const failures = await bootFailures(load(project, yaml));
    const byPath = Object.fromEntries(failures.map((failure) => [failure.path, failure]));
    expect(failures.every((failure) => failure.phase === 'import')).toBe(true);
    expect(failures.map((failure) => failure.code)).toEqual([
      'PLUGIN_NOT_A_PLUGIN',
      'PLUGIN_NOT_A_PLUGIN',
      'PLUGIN_IMPORT_FAILED',
      'PLUGIN_IMPORT_FAILED',
      'PLUGIN_ID_MISMATCH',
      'PLUGIN_PROVIDES_MISMATCH',
      'PLUGIN_API_MISMATCH',
      'PLUGIN_NOT_A_PLUGIN',
    ]);
    expect(byPath['plugins[1]']?.message).toContain("named export 'chat'");
    expect(byPath['plugins[2]']?.message).toBe("'throws': its entry module fails: no luck.");
    expect(byPath['plugins[3]']?.message).toContain('not-installed-anywhere');
    expect(byPath['plugins[5]']?.message).toContain('contributes feed, which package.json does not say');
    expect(byPath['plugins[6]']?.message).toContain("built with SDK 0.2.0, which does not fit this engine's 0.1.0");
    expect(byPath['plugins[7]']?.message).toContain('faulty in: feeds, controls.s');
  });

  it('does not wait for a module that never finishes', async () => {
    const project = new PluginProject().install('hangs', 'await new Promise(() => {});');
    const failures = await bootFailures(load(project, 'plugins: [hangs]', { importTimeoutMs: 20 }));
    expect(failures[0]?.message).toContain('did not finish within 20 ms');
  });

  it('refuses a contribution that is there already', async () => {
    const project = new PluginProject()
      .install('chat', chat)
      .install('chat-2', handMade(`id: 'chat-2', controls: { chat: { ${CONTROL} } }`));
    const failures = await bootFailures(load(project, 'plugins: [chat, chat-2]'));
    expect(failures).toMatchObject([{ code: 'PLUGIN_DUPLICATE_CONTRIBUTION', path: 'plugins[1]' }]);
    const again = definePlugin({ id: 'again', apiVersion: 1, sizers: { atr: BUILT_IN.sizers['atr']! } });
    expect(await codes(new PluginProject(), '{}', { builtIn: [BUILT_IN, again] })).toEqual([
      'PLUGIN_DUPLICATE_CONTRIBUTION',
    ]);
  });
});

describe('plugins that may be missing', () => {
  it('are warned of when they fail in any phase', async () => {
    const project = new PluginProject()
      .install('future', chat, { manifest: { id: 'future', apiVersion: 2, provides: ['control-surface'] } })
      .install('throws', "throw new Error('no luck');")
      .install('chat', chat);
    const names = ['nowhere', 'future', 'throws', 'chat'].map((use) => `{ use: ${use}, required: false }`);
    const loaded = await load(project, `plugins: [${names.join(', ')}]`);
    expect(loaded.plugins.map((entry) => entry.use)).toEqual(['engine', 'chat']);
    expect(loaded.warnings.map((warning) => warning.code)).toEqual([
      'PLUGIN_NOT_FOUND',
      'PLUGIN_API_MISMATCH',
      'PLUGIN_IMPORT_FAILED',
    ]);
    expect(loaded.isIncomplete).toBe(true);
  });

  it('contribute control surfaces only', async () => {
    const project = new PluginProject().install('v', '', { manifest: { id: 'v', apiVersion: 1, provides: ['venue'] } });
    expect(await codes(project, 'plugins: [{ use: v, required: false }]')).toEqual(['PLUGIN_REQUIRED']);
    project.write('v.mjs', handMade(`id: 'v', venues: { v: { create() {} } }`));
    expect(await codes(project, 'plugins: [{ use: ./v.mjs, required: false }]')).toEqual(['PLUGIN_REQUIRED']);
  });
});

describe('allowIncompatible', () => {
  const project = new PluginProject().install('chat', chat.replace("'0.1.0'", "'0.9.0'"));
  const yaml = 'plugins: [chat]\nallowIncompatible: [chat, caht]\n';

  it('lets a plugin pass with a warning, and warns of ids nobody has', async () => {
    const loaded = await load(project, yaml);
    expect(loaded.registry.names('control-surface')).toEqual(['chat']);
    expect(loaded.warnings.map(({ code, path }) => [code, path])).toEqual([
      ['PLUGIN_API_MISMATCH', 'plugins[0]'],
      ['PLUGIN_NOT_FOUND', 'allowIncompatible[1]'],
    ]);
    expect(loaded.warnings[1]?.message).toContain("Did you mean 'chat'?");
  });

  it('does not count when trading live', async () => {
    const failures = await bootFailures(load(project, yaml, { mode: 'live' }));
    expect(failures).toMatchObject([{ code: 'PLUGIN_API_MISMATCH' }]);
    expect(failures[0]?.remedy).toContain('live');
  });
});
