// The code of docs/writing-a-plugin.md is real: every TypeScript block compiles under the templates' settings.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const TEMPLATES = readdirSync(join(ROOT, 'templates'));
const PAGE = readFileSync(join(ROOT, 'docs/writing-a-plugin.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly code: string;
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
}

/** What the compiler says of files in a folder of their own; empty when all is well. */
function compile(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'writing-a-plugin-'));
  try {
    for (const [path, code] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    const settings = JSON.parse(readFileSync(join(ROOT, 'templates/strategy/tsconfig.json'), 'utf8')) as {
      compilerOptions: object;
    };
    const compilerOptions = {
      ...settings.compilerOptions,
      noEmit: true,
      rootDir: '/',
      customConditions: ['@bookrunner/source'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src/**/*.ts'] }));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return String((error as { readonly stdout?: unknown }).stdout ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('docs/writing-a-plugin.md', () => {
  it('has code that compiles, each block a file of its own name', () => {
    const files = new Map<string, string>();
    for (const { language, code } of blocksOf(PAGE)) {
      if (language !== 'ts') continue;
      const path = /^\/\/ (src\/[\w./-]+\.ts)\n/.exec(code)?.[1] ?? '';
      expect([path, files.has(path)]).toEqual([expect.stringMatching(/^src\//), false]);
      files.set(path, code);
    }
    expect(files.size).toBeGreaterThan(7);
    expect(compile(files)).toBe('');
  }, 60_000);

  it.each(['my-strategy.ts', 'index.ts', 'index.test.ts'])('shows %s of the template as it is', (name) => {
    const file = readFileSync(join(ROOT, 'templates/strategy/src', name), 'utf8');
    expect(blocksOf(PAGE).find(({ code }) => code.startsWith(`// src/${name}\n`))?.code).toBe(
      `// src/${name}\n${file}`,
    );
  });

  it('sends nobody to the registry for a command: npx would take the package of a stranger', () => {
    const pages = [PAGE, ...TEMPLATES.map((name) => readFileSync(join(ROOT, 'templates', name, 'README.md'), 'utf8'))];
    const shells = pages.flatMap((page) => blocksOf(page).filter(({ language }) => language === 'sh'));
    expect(shells.filter(({ code }) => /\bnpx\b/.test(code))).toEqual([]);
    expect(shells.length).toBeGreaterThan(TEMPLATES.length);
  });

  it('is checked by a compiler that would complain', () => {
    const faulty = "import { defineStrategy } from '@bookrunner/sdk';\nexport const wrong: number = defineStrategy;\n";
    expect(compile(new Map([['src/faulty.ts', faulty]]))).toMatch(/faulty\.ts\(2,14\): error/);
  }, 60_000);

  it('shows a manifest that is JSON', () => {
    const manifests = blocksOf(PAGE).filter((block) => block.language === 'json');
    expect(manifests.map((block) => JSON.parse(block.code) as unknown)).toEqual([
      expect.objectContaining({ bookrunner: { plugin: { id: 'my-strategy', apiVersion: 1, provides: ['strategy'] } } }),
    ]);
  });
});
