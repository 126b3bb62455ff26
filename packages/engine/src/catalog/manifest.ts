// What the catalog knows of its own files: beside each data set, as JSON that any tool can read.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BarSpec, EpochMs } from '@bookrunner/sdk';
import { z } from 'zod';

/** One month's file as it was written. */
export interface ManifestFile {
  readonly rows: number;
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly bytes: number;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
}

/** The record of a data set. */
export interface Manifest {
  readonly version: 1;
  /** How the bars were made; absent for ticks. */
  readonly spec?: BarSpec | undefined;
  readonly files: Readonly<Record<string, ManifestFile>>;
}

const NAME = '_manifest.json';

const schema = z.object({
  version: z.literal(1),
  spec: z.object({ use: z.string(), options: z.record(z.string(), z.unknown()) }).optional(),
  files: z.record(
    z.string(),
    z.object({ rows: z.int(), first: z.number(), last: z.number(), bytes: z.int(), sha256: z.string() }),
  ),
});

/** The manifest of a data set; undefined where there is none or it cannot be read. The Parquet files remain the truth. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, NAME);
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the manifest of a data set in one step. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const path = join(folder, NAME);
  const temporary = `${path}.tmp-${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(manifest, null, 2)}\n`);
  putInPlace(temporary, path);
}

/** Makes a finished file durable and gives it its name in one step. */
export function putInPlace(temporary: string, path: string): void {
  const descriptor = openSync(temporary, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

/** SHA-256 of a file in hexadecimal. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
