// Whether what a plugin expects beside itself is there.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { satisfies, validRange } from 'semver';
import { isRecord } from '../config/plain-value.js';
import { readPackageFile } from './package-file.js';
import type { PackageFile } from './package-file.js';
import type { FailureText } from './plugin-errors.js';

/** Peer dependencies that are missing or of a version the plugin does not accept. */
export function peerFailures(file: PackageFile): readonly FailureText[] {
  const peers = file.data['peerDependencies'];
  if (!isRecord(peers)) return [];
  return Object.entries(peers).flatMap(([name, range]): readonly FailureText[] => {
    if (typeof range !== 'string' || isOptional(file, name)) return [];
    const version = installedVersion(file.directory, name);
    if (version === undefined) {
      const message = `it needs ${name} ${range} beside it, and there is none.`;
      return [
        { code: 'PLUGIN_PEER_MISSING', message, remedy: `Run \`npm install ${name}\` where the plugin is installed.` },
      ];
    }
    // Ranges that npm alone understands (workspace:, file:) say nothing about versions.
    if (validRange(range) === null || satisfies(version, range, { includePrerelease: true })) return [];
    return [{ code: 'PLUGIN_PEER_MISMATCH', message: `it needs ${name} ${range}; installed is ${version}.` }];
  });
}

function isOptional(file: PackageFile, name: string): boolean {
  const meta = file.data['peerDependenciesMeta'];
  const entry = isRecord(meta) ? meta[name] : undefined;
  return isRecord(entry) && entry['optional'] === true;
}

/** Version of a package as seen from a folder; undefined where there is none. */
export function installedVersion(directory: string, name: string): string | undefined {
  const folders = createRequire(join(directory, 'package.json')).resolve.paths(name) ?? [];
  const folder = folders.map((parent) => join(parent, name)).find((path) => existsSync(join(path, 'package.json')));
  const file = folder === undefined ? undefined : readPackageFile(folder);
  const version = typeof file === 'object' ? file.data['version'] : undefined;
  return typeof version === 'string' ? version : undefined;
}
