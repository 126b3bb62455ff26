// Runs cases of faults and says what became of each.
import { CHANGES_TRADES } from './fault-cases.mjs';
import { runSession } from './fault-session.mjs';

/**
 * Faults by which a report comes again, late, out of order, or of an order that the venue said it had not: an alarm about a report that
 * cannot be right is then the right answer.
 */
const TELLS_TWICE_OR_LATE = new Set([
  'venue.delay-report',
  'venue.duplicate-report',
  'venue.reorder-reports',
  'venue.silent',
  'venue.snapshot-empty:believed',
]);
const EXPLAINED = new Set(['ORDER_NOT_LIVE', 'ORDER_IMPOSSIBLE_REPORT']);

/** Runs each case, and gives its row to `onRow` as soon as it is there. */
export async function runFaults({ cases, seed, onRow }) {
  const reference = await runSession({ kinds: [], seed });
  const rows = [];
  for (const kinds of cases) {
    const row = await rowOf({ kinds, seed, reference });
    rows.push(row);
    onRow?.(row);
  }
  const isReferenceRight = reference.wrong.length === 0 && reference.bugs.length === 0;
  if (!isReferenceRight)
    throw new Error(`The session without faults is wrong: ${[...reference.wrong, ...reference.bugs].join('; ')}`);
  return rows;
}

/** Counts over rows: `sameBooks`, `equalsBroker`, `frozen` and `failed` add up to `cases`; `lost` and `duplicated` are executions and orders. */
export function countsOf(rows) {
  const ended = (outcome) => rows.filter((row) => row.outcome === outcome).length;
  const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
  return {
    cases: rows.length,
    sameBooks: ended('same'),
    equalsBroker: ended('equals broker'),
    frozen: ended('frozen'),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    replayed: rows.filter(({ isReplayed }) => isReplayed).length,
    failed: ended('failed'),
  };
}

async function rowOf({ kinds, seed, reference }) {
  const name = kinds.join('+');
  try {
    const session = await runSession({ kinds, seed });
    const isSame = JSON.stringify(session.books) === JSON.stringify(reference.books);
    const problems = [
      ...session.wrong,
      ...idle(session, kinds),
      ...unexplained(session, kinds),
      ...changed(session, { isSame, kinds, reference }),
    ];
    return {
      ...{ name, seed, problems, log: session.log, happened: session.happened },
      outcome: outcomeOf({ problems, isSame, frozen: session.frozen.length }),
      lost: session.lost.length,
      duplicated: session.invented.length + session.twice.length,
      isReplayed: session.isReplayed,
      alarms: countAlarms(session.notices),
    };
  } catch (error) {
    const nothing = { lost: 0, duplicated: 0, isReplayed: false, alarms: {}, happened: [], log: '' };
    return { name, seed, problems: [`the session broke: ${error.stack ?? error}`], outcome: 'failed', ...nothing };
  }
}

function outcomeOf({ problems, isSame, frozen }) {
  if (problems.length > 0) return 'failed';
  if (frozen > 0) return 'frozen';
  return isSame ? 'same' : 'equals broker';
}

/** A case whose fault never happened shows nothing. */
function idle({ happened }, kinds) {
  return kinds.filter((_, index) => happened[index] === 0).map((kind) => `${kind} has not happened`);
}

function unexplained({ bugs }, kinds) {
  const isToldAgain = kinds.some((kind) => TELLS_TWICE_OR_LATE.has(kind));
  return bugs
    .filter(({ code }) => !(isToldAgain && EXPLAINED.has(code)))
    .map(({ code, message }) => `${code}: ${message}`);
}

/** Other books, although nothing was traded otherwise. */
function changed({ books, frozen }, { isSame, kinds, reference }) {
  if (isSame || frozen.length > 0 || kinds.some((kind) => CHANGES_TRADES.has(kind))) return [];
  return [
    `other books than without a fault: ${JSON.stringify(books)}, and without: ${JSON.stringify(reference.books)}`,
  ];
}

function countAlarms(notices) {
  const counts = {};
  for (const { level, code } of notices) if (level === 'alarm') counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
