// Puts the command line and the engine's thread, as the compiler built it, into few files: a cold start reads those where it would read hundreds. Why, and
// what stays outside: docs/adr/0007-bundled-command-line.md. Needs `tsc -b`.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'packages/engine/dist');
const BUNDLE = join(DIST, 'bundle');

/** Packages of many small files that a start needs. All others, the SDK and zod above all, are found where they are installed. */
const BUNDLED = ['fastest-levenshtein', 'reflect-metadata', 'semver', 'tslib', 'tsyringe', 'yaml'];

/** Modules that look for a file beside themselves find it where the compiler put them. */
const ownPlaces = {
  name: 'own-places',
  transform: {
    filter: { id: /[\\/]packages[\\/]engine[\\/]dist[\\/]/, code: 'import.meta.url' },
    handler(code, id) {
      const place = JSON.stringify(relative(BUNDLE, id).split(sep).join('/'));
      return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
    },
  },
};

/** The licences of the packages in the files, which have to travel with them. */
function licences() {
  const texts = BUNDLED.map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copyright|notice)/i.test(entry));
    if (files.length === 0) throw new Error(`${name} has no licence file.`);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return [`${name} ${version}`, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
  });
  return `These packages are part of the files in this folder.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

const draft = `${BUNDLE}.${process.pid}.tmp`;
const bundle = await rolldown({
  // The engine's thread as well: after a hang it is started while a panic waits.
  input: { main: join(DIST, 'main.js'), 'worker-entry': join(DIST, 'runtime/session/worker-entry.js') },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id) && !BUNDLED.includes(id.split('/')[0]),
  plugins: [ownPlaces],
});
try {
  await bundle.write({ dir: draft, format: 'esm' });
  writeFileSync(join(draft, 'LICENSES.txt'), licences());
  // A process that starts now finds the old files or the new ones.
  rmSync(BUNDLE, { recursive: true, force: true });
  renameSync(draft, BUNDLE);
} finally {
  await bundle.close();
  rmSync(draft, { recursive: true, force: true });
}
