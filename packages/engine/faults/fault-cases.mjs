// Every fault of the SDK's FaultyVenue and FaultyFeed, alone and in pairs.
import { FEED_FAULTS, VENUE_FAULTS } from '@bookrunner/sdk/testing';

/** At every how many moments a kind happens: often enough for each to happen several times in a session. */
const EVERY = {
  'venue.lose-report': 5,
  'venue.delay-report': 5,
  'venue.duplicate-report': 3,
  'venue.reorder-reports': 5,
  'venue.split-fill': 2,
  'venue.reject-after-accept': 7,
  'venue.fill-after-cancel': 1,
  'venue.drop-before-write': 11,
  'venue.drop-after-write': 13,
  'venue.disconnect': 31,
  'venue.silent': 61,
  'venue.roll-ids-back': 31,
  'venue.replay-executions': 31,
  'venue.skew-clock': 41,
  'venue.snapshot-incomplete': 5,
  'venue.snapshot-empty': 7,
  'venue.snapshot-stale': 9,
  'venue.snapshot-late': 4,
  'venue.snapshot-fail': 11,
  'feed.lose-tick': 7,
  'feed.delay-tick': 7,
  'feed.duplicate-tick': 5,
  'feed.reorder-ticks': 7,
  'feed.silent': 97,
  'feed.disconnect': 61,
  'feed.skew-clock': 97,
  'feed.crossed-quote': 7,
  'feed.nan-quote': 7,
};

/** Settings other than a kind's own: no venue trades less than a lot. */
const SETTINGS = { 'venue.split-fill': { lotStep: 1_000 } };

/** A venue that withholds what it then rejects really trades otherwise: the order was never there. */
export const CHANGES_TRADES = new Set(['venue.reject-after-accept']);

/** `venue.disconnect`, `feed.silent`, … */
export const KINDS = [...VENUE_FAULTS.map((kind) => `venue.${kind}`), ...FEED_FAULTS.map((kind) => `feed.${kind}`)];

/** All cases, each the list of its kinds: alone, then in pairs. */
export function allCases() {
  const pairs = KINDS.flatMap((first, index) => KINDS.slice(index + 1).map((second) => [first, second]));
  return [...KINDS.map((kind) => [kind]), ...pairs];
}

/** Errors: a RangeError for a name that is none. */
export function parseCase(name) {
  const kinds = name.split('+');
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown !== undefined) throw new RangeError(`There is no fault '${unknown}'. There are ${KINDS.join(', ')}.`);
  return kinds;
}

/** Scripts of both wrappers. Another seed begins at another moment. */
export function scriptsOf(kinds, seed) {
  const of = (side) =>
    kinds
      .filter((kind) => kind.startsWith(`${side}.`))
      .map((kind) => ({ kind: kind.slice(side.length + 1), when: hits(kind, seed), ...SETTINGS[kind] }));
  return { venue: of('venue'), feed: of('feed') };
}

/** Every n-th moment that a kind can happen to, whatever sort of moment it is. */
function hits(kind, seed) {
  const every = EVERY[kind];
  let seen = (seed * 7 + KINDS.indexOf(kind) * 3) % every;
  return () => {
    seen += 1;
    return seen % every === 0;
  };
}
