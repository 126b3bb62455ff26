// Where an engine keeps what backup and restore are about.
import type { EngineConfig } from '../../config/index.js';
import { databaseTarget } from '../../store/open-store.js';

/** Folder and store of one engine. */
export interface DataPlace {
  readonly dataDir: string;
  /** Path of the store's file; undefined where the store is in Postgres. */
  readonly storeFile: string | undefined;
}

/** What Postgres needs in place of a copy. */
export const POSTGRES_NOTE =
  'The store is in Postgres and not part of this: back it up with pg_dump, restore it with pg_restore. It is made from the journal.';

/** The place of an engine's data. Errors: STORE_URL_INVALID. */
export function dataPlace({ database, engine: { dataDir } }: EngineConfig): DataPlace {
  const target = databaseTarget({ database, dataDir });
  return { dataDir, storeFile: target.type === 'sqlite' ? target.file : undefined };
}
