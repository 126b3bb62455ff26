// What was told since the start, counted: by code, and the last state each venue had. Bounded, whatever plugins tell.
import type { EngineNotice } from '@bookrunner/sdk';

/** Most codes that are counted by name; later ones are counted together. */
const CODES = 200;
const VENUES = 50;
const OTHER = 'OTHER';

/** Notices of one code and level. */
export interface NoticeCount {
  readonly code: string;
  readonly level: EngineNotice['level'];
  readonly count: number;
}

/** Counts notices. */
export class NoticeCounts {
  readonly #codes = new Set<string>();
  readonly #counts = new Map<string, NoticeCount>();
  readonly #venues = new Map<string, string>();

  /** By code and level, in the order they came first. */
  get counts(): readonly NoticeCount[] {
    return [...this.#counts.values()];
  }

  /** State of each venue, as its last `VENUE_STATUS` said. */
  get venues(): ReadonlyMap<string, string> {
    return this.#venues;
  }

  /** Alarms of all codes. */
  get alarms(): number {
    return this.counts.filter(({ level }) => level === 'alarm').reduce((sum, { count }) => sum + count, 0);
  }

  /** How often a code came. */
  total(code: string): number {
    return this.counts.filter((entry) => entry.code === code).reduce((sum, { count }) => sum + count, 0);
  }

  add({ code: told, level, details }: EngineNotice): void {
    if (this.#codes.size < CODES) this.#codes.add(told);
    const code = this.#codes.has(told) ? told : OTHER;
    const key = `${code} ${level}`;
    this.#counts.set(key, { code, level, count: (this.#counts.get(key)?.count ?? 0) + 1 });
    if (told === 'VENUE_STATUS') this.#venue(details);
  }

  #venue({ venue, state }: EngineNotice['details']): void {
    if (typeof venue !== 'string' || typeof state !== 'string') return;
    if (this.#venues.has(venue) || this.#venues.size < VENUES) this.#venues.set(venue, state);
  }
}
