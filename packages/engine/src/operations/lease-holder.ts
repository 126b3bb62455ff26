// Who holds a lease: what a person needs to find the engine, and what tells whether it is the same data folder again.
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** An engine, as the lease table names it. */
export interface LeaseHolder {
  readonly host: string;
  readonly pid: number;
  readonly engine: string;
  readonly run: string;
  /**
   * The data folder, on this start of this machine; empty where it cannot be told. Who holds the journal lock of the folder knows
   * that an earlier holder of the same place is gone.
   */
  readonly place: string;
}

/** What {@link thisHolder} needs. */
export interface HolderFacts {
  readonly engine: string;
  readonly run: string;
  readonly dataDir: string;
}

/** This process. */
export function thisHolder({ engine, run, dataDir }: HolderFacts): LeaseHolder {
  return { host: hostname(), pid: process.pid, engine, run, place: placeOf(dataDir) };
}

/**
 * Names of hosts and folders repeat among containers; the kernel's id of its start with device and inode of the folder do not.
 * Source: random(4) of Linux, seen 2026-11. Other systems have no such id: there an old lease is waited for.
 */
function placeOf(dataDir: string): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const { dev, ino } = statSync(dataDir, { bigint: true });
    return `${boot}:${dev}:${ino}`;
  } catch {
    return '';
  }
}
