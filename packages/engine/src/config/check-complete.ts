// What can be judged only once everything is filled in.
import type { ConfigIssue } from './config-errors.js';
import type { EngineConfig } from './engine-config.js';
import { hintFor } from './near-miss.js';

type Complete = Omit<EngineConfig, 'warnings'>;

/** Allocations may add up to this much more than 1 by rounding. */
const ROUNDING = 1e-9;

/** Strategies for which their book has nothing left. */
export function allocationIssues(config: Complete): readonly ConfigIssue[] {
  return Object.entries(config.strategies)
    .filter(([, strategy]) => !(strategy.allocation > 0))
    .map(([name, { book }]) =>
      config.source.issue(
        ['strategies', name, 'allocation'],
        `is missing, and the other strategies of book '${book}' leave nothing.`,
        { remedy: 'Give every strategy of the book an allocation.' },
      ),
    );
}

/** Books whose allocations add up to more than the book. */
export function allocationWarnings(config: Complete): readonly ConfigIssue[] {
  return Object.keys(config.books).flatMap((book) => {
    const strategies = Object.values(config.strategies).filter((strategy) => strategy.book === book);
    const sum = strategies.reduce((total, strategy) => total + strategy.allocation, 0);
    if (sum <= 1 + ROUNDING) return [];
    const message = `the allocations of its strategies add up to ${Number(sum.toFixed(6))}, more than 1.`;
    return [config.source.issue(['books', book], message, { code: 'CONFIG_ALLOCATION_ABOVE_ONE' })];
  });
}

/** Instruments that describe themselves to a venue or feed nobody declared: probably a mistyped name. */
export function venueNameWarnings(config: Complete): readonly ConfigIssue[] {
  const known = [...new Set([...Object.keys(config.venues), ...Object.keys(config.feeds)])];
  return Object.entries(config.instruments).flatMap(([symbol, instrument]) =>
    Object.keys(instrument.venues)
      .filter((venue) => !known.includes(venue))
      .map((venue) =>
        config.source.issue(
          ['instruments', symbol, 'venues', venue],
          `there is no venue or feed '${venue}', so nobody reads this.${hintFor(venue, known)}`,
          { code: 'CONFIG_VENUE_NAME_UNUSED' },
        ),
      ),
  );
}
