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

/** First moment of a fault that happens at several in a row. */
const IN_ROW_FROM = 40;

/** Settings other than a kind's own: no venue trades less than a lot. */
const SETTINGS = { 'venue.split-fill': { lotStep: 1_000 } };

/** Kinds in another of their shapes, which come alone and in no pair: what a silence held back is lost, a venue lies once, or for long. */
const SHAPES = {
  'venue.silent:lost': { like: 'venue.silent', settings: { keeps: false } },
  'venue.silent:heartbeats': {
    like: 'venue.silent',
    settings: { heartbeats: true, limitMs: Number.POSITIVE_INFINITY },
  },
  'venue.snapshot-empty:complete': { like: 'venue.snapshot-empty', settings: { claimsComplete: true }, every: 2 },
  'venue.snapshot-empty:believed': { like: 'venue.snapshot-empty', settings: { claimsComplete: true }, inRow: 6 },
  'feed.silent:lost': { like: 'feed.silent', settings: { keeps: false } },
};

/**
 * Faults by which other things are really traded: a venue withholds what it then rejects; one that twice says it has nothing, and
 * that this is all, is believed.
 */
export const CHANGES_TRADES = new Set(['venue.reject-after-accept', 'venue.snapshot-empty:believed']);

/** `venue.disconnect`, `feed.silent`, … */
export const KINDS = [...VENUE_FAULTS.map((kind) => `venue.${kind}`), ...FEED_FAULTS.map((kind) => `feed.${kind}`)];

/** The same, and kinds in other shapes: what a case may name. */
export const NAMES = [...KINDS, ...Object.keys(SHAPES)];

/** All cases, each the list of its names: alone, then in pairs. */
export function allCases() {
  const pairs = KINDS.flatMap((first, index) => KINDS.slice(index + 1).map((second) => [first, second]));
  return [...NAMES.map((name) => [name]), ...pairs];
}

/** Errors: a RangeError for a name that is none. */
export function parseCase(name) {
  const kinds = name.split('+');
  const unknown = kinds.find((kind) => !NAMES.includes(kind));
  if (unknown !== undefined) throw new RangeError(`There is no fault '${unknown}'. There are ${NAMES.join(', ')}.`);
  return kinds;
}

/** Side and kind of a name: `['venue', 'silent']` of `venue.silent:lost`. */
export function partsOf(name) {
  const [side, kind] = (SHAPES[name]?.like ?? name).split('.');
  return [side, kind];
}

/** Scripts of both wrappers. Another seed begins at another moment. */
export function scriptsOf(names, seed) {
  const of = (side) =>
    names
      .filter((name) => partsOf(name)[0] === side)
      .map((name) => ({
        kind: partsOf(name)[1],
        when: hits(name, seed),
        ...SETTINGS[name],
        ...SHAPES[name]?.settings,
      }));
  return { venue: of('venue'), feed: of('feed') };
}

/** Every n-th moment that a kind can happen to, whatever sort of moment it is. */
function hits(name, seed) {
  const { like = name, every = EVERY[like], inRow } = SHAPES[name] ?? {};
  if (inRow !== undefined) return hitsInRow(IN_ROW_FROM + seed * 7, inRow);
  let seen = (seed * 7 + KINDS.indexOf(like) * 3) % every;
  return () => {
    seen += 1;
    return seen % every === 0;
  };
}

/** So many moments one after the other, and no more. */
function hitsInRow(from, count) {
  let seen = 0;
  return () => {
    seen += 1;
    return seen >= from && seen < from + count;
  };
}
