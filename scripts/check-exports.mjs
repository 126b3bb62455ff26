// Looks at each package as npm would publish it: every export exists, loads and is listed by name; the files hold what is needed
// and no test. Needs a build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = [];

function workspaces() {
  return ['packages', 'strategies'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => existsSync(join(ROOT, path, 'package.json')))
      .map((path) => ({ path, data: JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) })),
  );
}

function expect(found, path, sentence) {
  if (!found) faults.push(`${path}: ${sentence}`);
}

function text(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What `npm pack` would put into the tarball. */
function packedFiles() {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspaces', '--loglevel', 'error'];
  const { stdout, stderr, status } = spawnSync('npm', words, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const packed = JSON.parse(stdout.slice(stdout.search(/[[{]/)));
  return new Map(Object.values(packed).map(({ name, files }) => [name, files.map((file) => file.path)]));
}

async function checkExport(path, [name, target], files) {
  if (typeof target === 'string') {
    expect(files.includes(target.slice(2)), path, `export ${name}: ${target} is not published.`);
    return;
  }
  const keys = Object.keys(target);
  expect(keys.at(-1) === 'default', path, `export ${name}: "default" has to come last.`);
  expect(
    keys.indexOf('types') >= 0 && keys.indexOf('types') < keys.indexOf('default'),
    path,
    `export ${name} has no "types".`,
  );
  const source = target['@bookrunner/source'];
  expect(
    source === undefined || existsSync(join(ROOT, path, source)),
    path,
    `export ${name}: ${source} does not exist.`,
  );
  for (const key of ['types', 'default']) {
    expect(
      files.includes(target[key]?.slice(2)),
      path,
      `export ${name}: ${target[key]} is not published; is it built?`,
    );
  }
  const entry = join(ROOT, path, target.default ?? '');
  if (!existsSync(entry)) return;
  expect(!/^export \*/m.test(readFileSync(entry, 'utf8')), path, `export ${name}: names have to be listed one by one.`);
  try {
    const loaded = await import(pathToFileURL(entry).href);
    expect(Object.keys(loaded).length > 0, path, `export ${name} exports nothing.`);
  } catch (error) {
    faults.push(`${path}: export ${name} cannot be imported: ${error.message.split('\n')[0]}`);
  }
}

async function check(workspace, files) {
  const { path, data } = workspace;
  for (const exported of Object.entries(data.exports ?? {})) await checkExport(path, exported, files);
  for (const [name, target] of Object.entries(data.bin ?? {})) {
    expect(files.includes(target.replace('./', '')), path, `bin ${name}: ${target} is not published.`);
    expect(
      readFileSync(join(ROOT, path, target), 'utf8').startsWith('#!/usr/bin/env node'),
      path,
      `bin ${name} does not say what runs it.`,
    );
  }
  const stray = files.filter((file) => /\.(?:test|fixture)\.|\.tsbuildinfo$|^src\//.test(file));
  expect(stray.length === 0, path, `tests or sources would be published: ${stray.slice(0, 3).join(', ')}.`);
  expect(files.includes('README.md'), path, 'there is no README.md to publish.');
  const isLicensed = files.includes('LICENSE') && text('LICENSE') === text(`${path}/LICENSE`);
  expect(isLicensed, path, 'there is no LICENSE to publish, or another than that of the root.');
}

const packed = packedFiles();
const all = workspaces();
for (const workspace of all) await check(workspace, packed.get(workspace.data.name) ?? []);
for (const fault of faults) console.error(fault);
console.log(`Exports: ${all.length} packages, ${faults.length} faults.`);
// Some modules hold the process with their threads.
process.exit(faults.length > 0 ? 1 : 0);
