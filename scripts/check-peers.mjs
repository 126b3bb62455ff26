// Holds the package.json files together: what a plugin asks of its host, what workspaces ask of each other, and that one package
// is asked for in one version everywhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const API_VERSION = Number(
  /API_VERSION\b[^=]*= (\d+)/.exec(readFileSync(join(ROOT, 'packages/sdk/src/version.ts'), 'utf8'))[1],
);
/** What helps to develop the engine and stays in the repository. */
const NOT_PUBLISHED = ['@bookrunner/practice-broker'];
const KINDS = ['feed', 'venue', 'bar-builder', 'strategy', 'sizer', 'risk-policy', 'control-surface'];
const faults = [];

function packagesIn(...folders) {
  return folders.flatMap((folder) => {
    if (!existsSync(join(ROOT, folder))) return [];
    return readdirSync(join(ROOT, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => existsSync(join(ROOT, path, 'package.json')))
      .map(read);
  });
}

function read(path) {
  return { path, data: JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) };
}

function expect(found, path, sentence) {
  if (!found) faults.push(`${path}/package.json: ${sentence}`);
}

/** What a plugin asks of its host: SDK and zod are peers, so that there is one of each; the engine is never asked for. */
function checkPlugin({ path, data }, sdk) {
  const { peerDependencies: peers = {}, dependencies = {}, devDependencies = {} } = data;
  const range = peers['@bookrunner/sdk'];
  expect(range !== undefined, path, '@bookrunner/sdk has to be a peer dependency.');
  expect(peers.zod !== undefined, path, 'zod has to be a peer dependency.');
  if (range !== undefined) {
    expect(semver.satisfies(sdk.data.version, range), path, `its SDK range ${range} leaves out ${sdk.data.version}.`);
    // `^0.1.0` would make every minor of a 0.x SDK a new major of every plugin.
    const isWide = semver.major(sdk.data.version) > 0 || semver.satisfies('0.999.0', range);
    expect(
      isWide && !semver.satisfies('1.0.0', range),
      path,
      `its SDK range ${range} has to be >=0.x.0 <1.0.0 until 1.0.`,
    );
  }
  for (const name of ['@bookrunner/sdk', 'zod']) {
    expect(dependencies[name] === undefined, path, `${name} is a dependency; it has to be a peer alone.`);
    expect(
      devDependencies[name] !== undefined,
      path,
      `${name} has to be a development dependency, to build and test with.`,
    );
  }
  // A package in a repository of its own runs `bookrunner plugins check` and backtests: it installs the engine to develop with.
  const isAlone = path.startsWith('templates/');
  if (isAlone) {
    const isThere = devDependencies['@bookrunner/engine'] !== undefined;
    expect(isThere, path, '@bookrunner/engine has to be a development dependency: npx would ask the registry for it.');
  }
  const dev = Object.keys(devDependencies).filter((name) => !(isAlone && name === '@bookrunner/engine'));
  for (const name of [...Object.keys({ ...peers, ...dependencies }), ...dev]) {
    const isOurs = name.startsWith('@bookrunner/') && name !== '@bookrunner/sdk';
    expect(!isOurs, path, `${name}: a plugin asks for the SDK, never for the engine or another plugin.`);
  }
  checkManifest(path, data);
}

function checkManifest(path, data) {
  const manifest = data.bookrunner?.plugin;
  expect(manifest !== undefined, path, 'bookrunner.plugin is missing.');
  if (manifest === undefined) return;
  expect(/^[a-z][a-z0-9-]*$/.test(manifest.id ?? ''), path, 'bookrunner.plugin.id has to be kebab-case.');
  expect(manifest.apiVersion === API_VERSION, path, `bookrunner.plugin.apiVersion has to be ${API_VERSION}.`);
  const provides = manifest.provides ?? [];
  expect(
    provides.length > 0 && provides.every((kind) => KINDS.includes(kind)),
    path,
    `provides has to list ${KINDS.join(', ')}.`,
  );
  for (const kind of ['plugin', ...provides]) {
    expect(data.keywords?.includes(`bookrunner-${kind}`), path, `the keyword bookrunner-${kind} is missing.`);
  }
  expect(data.exports?.['./package.json'] === './package.json', path, './package.json has to be exported.');
}

/** What every published package has in common. */
function checkPublished({ path, data }, root) {
  expect(data.license === root.data.license, path, `the license has to be ${root.data.license}.`);
  expect(data.engines?.node === root.data.engines.node, path, `engines.node has to be "${root.data.engines.node}".`);
  expect(data.type === 'module', path, 'type has to be "module".');
  expect(data.files?.includes('dist'), path, 'files has to list dist.');
  const isKept = NOT_PUBLISHED.includes(data.name);
  expect(
    (data.private === true) === isKept,
    path,
    'private has to be true for what is not published, and for nothing else.',
  );
}

/** Workspaces ask for each other in the very version that is here, or the registry's would be installed. */
function checkWorkspaceRanges(packages) {
  const versions = new Map(packages.map(({ data }) => [data.name, data.version]));
  for (const { path, data } of packages) {
    for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
      for (const [name, range] of Object.entries(data[field] ?? {})) {
        const version = versions.get(name);
        const fits =
          version === undefined ||
          (field === 'peerDependencies' ? semver.satisfies(version, range) : range === version);
        expect(fits, path, `${field}.${name} is ${range}; the workspace has ${version}.`);
      }
    }
  }
}

/** One version of a package for all workspaces, so that its types and its classes are the same everywhere. */
function checkOneRange(packages) {
  const ranges = new Map();
  for (const { path, data } of packages) {
    for (const field of ['dependencies', 'devDependencies']) {
      for (const [name, range] of Object.entries(data[field] ?? {})) {
        const known = ranges.get(name) ?? { range, path };
        ranges.set(name, known);
        expect(known.range === range, path, `${name} is ${range} here and ${known.range} in ${known.path}.`);
      }
    }
  }
}

const root = read('.');
const published = packagesIn('packages', 'strategies');
const templates = packagesIn('templates');
const sdk = published.find(({ data }) => data.name === '@bookrunner/sdk');
const plugins = published.filter(({ path }) => path.startsWith('strategies/') || path.startsWith('packages/plugins-'));
for (const plugin of [...plugins, ...templates]) checkPlugin(plugin, sdk);
for (const one of published) checkPublished(one, root);
const workspaces = [root, ...published, ...(existsSync(join(ROOT, 'bench/package.json')) ? [read('bench')] : [])];
checkWorkspaceRanges(workspaces);
checkOneRange(workspaces);
for (const fault of faults) console.error(fault);
console.log(
  `Packages: ${workspaces.length + templates.length} looked at, ${plugins.length + templates.length} plugins, ${faults.length} faults.`,
);
if (faults.length > 0) process.exitCode = 1;
