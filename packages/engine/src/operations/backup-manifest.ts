// `manifest.json` of a backup: what is in it, of what, and its sums.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { backupError } from './backup-errors.js';
import { filesBelow, storedFacts } from './stored-file.js';

/** Version of the layout of a backup. */
export const BACKUP_FORMAT = 1;

/** Name of the manifest. */
export const MANIFEST = 'manifest.json';

const manifest = z.strictObject({
  format: z.int(),
  engine: z.string(),
  engineVersion: z.string(),
  /** ISO instant at which the copy began. */
  takenAt: z.iso.datetime(),
  /** Where the data folder was. */
  dataDir: z.string(),
  database: z.enum(['sqlite', 'postgres']),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: z.string().length(64) })),
});

/** What a backup says of itself. */
export type BackupManifest = z.infer<typeof manifest>;

/** Reads the manifest of a backup. Errors: BACKUP_INVALID, BACKUP_VERSION_NEWER. */
export function readManifest(folder: string): BackupManifest {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) throw backupError('BACKUP_INVALID', `${folder} is no backup: it has no ${MANIFEST}.`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw backupError('BACKUP_INVALID', `${path} cannot be read as JSON.`, { cause });
  }
  const format = (document as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > BACKUP_FORMAT) {
    throw backupError('BACKUP_VERSION_NEWER', `The backup has format ${format}; this engine knows ${BACKUP_FORMAT}.`);
  }
  const read = manifest.safeParse(document);
  if (read.success && read.data.files.every(({ path: name }) => isInside(name))) return read.data;
  throw backupError('BACKUP_INVALID', `${path} is not as \`bookrunner backup\` writes it.`, { cause: read.error });
}

/** One sentence for each file that is not as the manifest says; files it does not name are faults too. */
export function fileFaults(folder: string, { files }: BackupManifest): readonly string[] {
  const named = new Set([MANIFEST, ...files.map(({ path }) => path)]);
  const strange = filesBelow(folder).filter((path) => !named.has(path));
  const faults = files.flatMap(({ path, bytes, sha256 }) => {
    const file = join(folder, path);
    if (!existsSync(file)) return [`${path} is missing.`];
    const found = storedFacts(file);
    if (found.bytes !== bytes) return [`${path} has ${found.bytes} bytes; ${bytes} were written.`];
    return found.sha256 === sha256 ? [] : [`${path} is not what was written: its sha256 differs.`];
  });
  return [...faults, ...strange.map((path) => `${path} is not named in ${MANIFEST}.`)];
}

/** A manifest that was tampered with may not write anywhere else. */
function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !/[\\:\0]/.test(path) && !path.split('/').includes('..');
}
