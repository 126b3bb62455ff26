// Where the engine is killed: places it comes to, in order, and instants that nobody chose.

/** Places of a run that begins, goes on from a killed one and asks its broker, and how often it comes there. */
const STARTING = [
  ['read', 2],
  ['segment', 1],
  ['snapshot', 1],
  ['succeed', 1],
  ['begin', 5],
  ['block', 5],
  ['line', 5],
  ['commit', 6],
  ['wire-snapshot', 3],
];
/** Places of a run that trades. */
const TRADING = [
  ['begin', 3],
  ['block', 4],
  ['line', 4],
  ['commit', 6],
  ['wire-submit', 6],
  ['wire-cancel', 4],
  ['wire-replace', 2],
  ['fill', 6],
  ['snapshot', 3],
];
const SNAPSHOT_EVERY_MS = 250;
/** System calls that write the journal while it is opened, gone on from and written: a kill between two leaves a torn write. */
const MOST_WRITES = 150;
const LONGEST_START_MS = 1_500;
const LONGEST_TRADING_MS = 500;

/** Every place once, in this order. */
export const PLACES = [...places(STARTING, 'start'), ...places(TRADING, 'trading')];

/** Places are taken in strides, so that a few plans are of all kinds already; prime to their number, so that each comes. */
const STRIDE = 37;

/** So many plans, every other one an instant that nobody chose; `random` gives numbers from 0 to 1. */
export function makePlans(count, random) {
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? PLACES[((i / 2) * STRIDE) % PLACES.length] : anyInstant(random),
  );
}

/** How a plan is named in what is printed. */
export function nameOf(plan) {
  if (plan.kind === 'place') return `${plan.phase}: ${plan.when} ${plan.point}`;
  return plan.kind === 'write' ? 'in the middle of a write' : `${plan.phase}: any instant`;
}

function places(list, phase) {
  return list.flatMap(([point, times]) =>
    Array.from({ length: times }, (_, i) =>
      ['before', 'after'].map((when) => {
        const place = { kind: 'place', phase, point, when, nth: i + 1 };
        return point === 'snapshot' && phase === 'trading' ? { ...place, snapshotEveryMs: SNAPSHOT_EVERY_MS } : place;
      }),
    ).flat(),
  );
}

function anyInstant(random) {
  const kind = random();
  if (kind < 0.25) return { kind: 'write', phase: 'start', nth: 1 + Math.floor(random() * MOST_WRITES) };
  if (kind < 0.5) return { kind: 'instant', phase: 'start', afterMs: random() * LONGEST_START_MS };
  return { kind: 'instant', phase: 'trading', afterMs: random() * LONGEST_TRADING_MS };
}
