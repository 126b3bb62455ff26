// What an engine believes, read from its journal while it runs or after it died: the records once more through a fresh kernel.
import { loadDriver } from '../../packages/engine/dist/journal/journal-connection.js';
import { JournalReader } from '../../packages/engine/dist/journal/journal-reader.js';
import { Replay } from '../../packages/engine/dist/journal/replay.js';
import { replayRun } from '../../packages/engine/dist/journal/replay-run.js';
import { prepareReplay } from '../../packages/engine/dist/journal/replay-setup.js';
import { verifySegment } from '../../packages/engine/dist/journal/verify.js';

const driver = await loadDriver();
const CURRENCY = 'USD';

/**
 * The newest run as its journal has it now, and what it believes of one of its venues, the first unless named; `difference` where it is not
 * what the same records come to once more.
 */
export function readEngine(dataDir, venue) {
  return readParts(dataDir, (parts) => believed(parts, venue));
}

/** The same with another look at the kernel's parts. */
export function readParts(dataDir, look) {
  return withReader(dataDir, async (reader) => {
    const segments = reader.segmentsOf('latest');
    const [first] = segments;
    const setup = await prepareReplay({ facts: reader.facts(first), dataDir });
    try {
      const replay = new Replay(setup.assembly, setup);
      takeAll(replay, reader, segments);
      const { difference } = replay.outcome();
      return {
        run: first.run,
        difference: difference === undefined ? '' : JSON.stringify(difference),
        ...look(setup.assembly.kernel.parts),
      };
    } finally {
      await setup.dispose();
    }
  });
}

/** Id of the newest run; undefined where there is none yet. */
export function newestRun(dataDir) {
  return withReader(dataDir, (reader) => reader.segments().at(-1)?.run);
}

/** Whether the newest run is another than this one, and its broker has said what is there. */
export async function isReadyAfter(dataDir, before) {
  const isReady = await withReader(dataDir, (reader) => {
    const last = reader.segments().at(-1);
    return last !== undefined && last.run !== before && hasNotice(reader, last, 'BROKER_READY');
  });
  return isReady === true;
}

/** What the newest run has told so far, oldest first. */
export async function noticesOf(dataDir) {
  const notices = await withReader(dataDir, (reader) => {
    const { run } = reader.segments().at(-1) ?? {};
    const segments = run === undefined ? [] : reader.segmentsOf(run);
    return segments.flatMap((segment) =>
      [...reader.records(segment)].flatMap(({ record }) =>
        record.kind === 'outbox' && record.entry.kind === 'notify' ? [record.entry.notice] : [],
      ),
    );
  });
  return notices ?? [];
}

function hasNotice(reader, segment, code) {
  for (const { record } of reader.records(segment)) {
    if (record.kind === 'outbox' && record.entry.kind === 'notify' && record.entry.notice.code === code) return true;
  }
  return false;
}

/** Undefined while there is no journal. */
async function withReader(dataDir, act) {
  let reader;
  try {
    reader = new JournalReader(dataDir, driver);
    return await act(reader);
  } catch (error) {
    if (error.code === 'JOURNAL_MISSING') return undefined;
    throw error;
  } finally {
    reader?.close();
  }
}

/** Ids of the orders that the newest run and those it went on from have sent, once for each time. */
export function submittedOrders(dataDir) {
  return withReader(dataDir, (reader) =>
    reader
      .segments()
      .flatMap((segment) =>
        [...reader.records(segment)].flatMap(({ record }) =>
          record.kind === 'outbox' && record.entry.kind === 'submit' ? record.entry.orders : [],
        ),
      ),
  );
}

/** What `bookrunner journal verify` finds. */
export function journalFaults(dataDir) {
  return withReader(dataDir, (reader) => {
    const faults = reader.segments().flatMap((segment) => verifySegment(reader, segment).faults);
    return [...reader.fileFaults(), ...faults];
  });
}

/** What `bookrunner replay RUN --verify` finds; empty where nothing. */
export function replayFault(dataDir, run) {
  return withReader(dataDir, async (reader) => {
    const { isSame, difference } = await replayRun({ reader, dataDir, run });
    return isSame ? '' : `run ${run}: ${JSON.stringify(difference)}`;
  });
}

function takeAll(replay, reader, segments) {
  const [first] = segments;
  const start = first.first - 1;
  const snapshots = segments.flatMap((segment) => reader.snapshots(segment));
  if (start > 0) replay.restore(snapshots.find(({ after }) => after === start));
  for (const segment of segments) {
    for (const record of reader.records(segment)) {
      if (replay.difference !== undefined) return;
      replay.take(record);
      for (const snapshot of snapshots) {
        if (snapshot.after === record.sequence && snapshot.after > start) replay.check(snapshot);
      }
    }
  }
}

function believed({ portfolio, desk, execution, reconciler }, venue = reconciler.watches[0].venue) {
  const watch = reconciler.watches.find((candidate) => candidate.venue === venue);
  const [suspense] = watch.accounts;
  const [{ state }] = suspense.book.positions;
  const { account } = suspense;
  const books = portfolio.books.filter((book) => book !== suspense.book && book.account === account);
  const slots = watch.slots.filter((slot) => !suspense.slots.includes(slot));
  const booked = execution.save().booked.filter(([key]) => key.startsWith(`${account}|`));
  return {
    state: watch.state,
    holds: slots.map(({ strategy, holds }) => ({ strategy, holds })),
    liveOrders: [...desk.live()].filter((order) => order.account === account).map(({ clientOrderId }) => clientOrderId),
    executions: booked.map(([key, { signedScaled }]) => ({
      id: key.slice(key.indexOf('|') + 1),
      units: state.units(signedScaled),
    })),
    positions: slots.map(({ strategy, heldScaled }) => ({ strategy, units: state.units(heldScaled) })),
    cash: books.reduce((sum, book) => sum + book.cash(CURRENCY), 0n),
    money: moneyOf([...books, suspense.book], watch.setup.isMarginSettled),
    suspense: {
      cash: suspense.book.cash(CURRENCY),
      units: state.units(suspense.slots[0].heldScaled),
      unexplained: suspense.unexplained.size,
    },
  };
}

/** All that books have, by currency; where positions are not paid for, without what they cost. */
function moneyOf(books, isMarginSettled) {
  const money = new Map();
  for (const book of books) {
    for (const currency of book.currencies()) {
      const amount = book.cash(currency) + (isMarginSettled ? book.costIn(currency) : 0n);
      money.set(currency, (money.get(currency) ?? 0n) + amount);
    }
  }
  return money;
}
