// Cuts the connection at message 1, 2, 3, … of a session, until it has no more messages.
import { CUT_PLACES, runCutSession } from './cut-session.mjs';

/** `cut:read:before:7`: the place and the message. Errors: a RangeError for a name that is none. */
export function parseCut(name) {
  const [, direction, side, text] = name.split(':');
  const place = CUT_PLACES.find((candidate) => candidate.name === `${direction}:${side}`);
  const nth = Number(text);
  if (place === undefined || !Number.isInteger(nth) || nth < 1) {
    throw new RangeError(`'${name}' is no cut: ${CUT_PLACES.map((one) => `cut:${one.name}:N`).join(', ')}, N from 1.`);
  }
  return { ...place, nth };
}

/** Runs one cut, or each `step`-th message of all places, and gives each row to `onRow` as soon as it is there. */
export async function runCuts({ only, step, onRow }) {
  const reference = await runCutSession();
  if (reference.wrong.length + reference.bugs.length > 0)
    throw new Error(`The uncut session is wrong: ${reference.wrong.join('; ')}`);
  const rows = [];
  const run = async (cut) => {
    const row = await rowOf(cut, reference);
    if (row.isCut) {
      rows.push(row);
      onRow?.(row);
    }
    return row.isCut;
  };
  if (only !== undefined) {
    if (!(await run(only))) throw new Error(`The session has no message ${only.nth} there.`);
    return rows;
  }
  for (const place of CUT_PLACES) {
    let nth = 1;
    while (await run({ ...place, nth })) nth += step;
  }
  return rows;
}

/** Counts over rows: `same` and `failed` add up to `cuts`. */
export function cutCountsOf(rows) {
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  return { cuts: rows.length, same: rows.length - failed, failed };
}

async function rowOf(cut, reference) {
  const name = `cut:${cut.name}:${cut.nth}`;
  try {
    const { isCut, books, wrong, bugs } = await runCutSession(cut);
    const isSame = JSON.stringify(books) === JSON.stringify(reference.books);
    const other = `other books than uncut: ${JSON.stringify(books)}, and uncut: ${JSON.stringify(reference.books)}`;
    const problems = [...wrong, ...bugs.map(({ code, message }) => `${code}: ${message}`), ...(isSame ? [] : [other])];
    return { name, isCut, problems };
  } catch (error) {
    return { name, isCut: true, problems: [`the session broke: ${error.stack ?? error}`] };
  }
}
