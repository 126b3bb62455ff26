// npm run test:faults -- [options]: the live engine under every fault of a venue and a feed, and at every cut of a connection.
import { parseArgs } from 'node:util';
import { allCases, KINDS, parseCase } from './fault-cases.mjs';
import { countsOf, runFaults } from './fault-report.mjs';

const USAGE = `npm run test:faults -- [options]

A scripted session of the live engine, with every fault of the SDK's FaultyVenue and FaultyFeed, alone and in pairs; then a session
at the practice broker, with the connection cut at every message. Each has to end in the books of the session without a fault, in
those of the venue where the fault changes what was traded, or in a frozen symbol with a report.

  --only CASE    one case: venue.drop-after-write+feed.silent, or cut:read:7:before; shows what the faults did
  --alone        no pairs
  --seed N       begins the faults at other moments [1]
  --seeds N      seeds 1 to N, one after the other
  --no-cuts      only the faults
  --only-cuts    only the cuts
  --json         one JSON document on standard output
  --list         the names of all faults

Exit code: 0 nothing failed and nothing is lost; 1 otherwise; 2 bad usage.
`;

function request() {
  const flag = { type: 'boolean', default: false };
  const options = {
    ...{ json: flag, list: flag, alone: flag, 'no-cuts': flag, 'only-cuts': flag, help: flag },
    ...{ only: { type: 'string' }, seed: { type: 'string', default: '1' }, seeds: { type: 'string' } },
  };
  const { values } = parseArgs({ options });
  const seeds = values.seeds === undefined ? [count('seed', values.seed)] : Array.from({ length: count('seeds', values.seeds) }, (_, index) => index + 1);
  const isCut = values.only?.startsWith('cut:') === true;
  const cases = isCut || values['only-cuts'] ? [] : values.only === undefined ? allCases().filter(({ length }) => !values.alone || length === 1) : [parseCase(values.only)];
  return { ...values, seeds, cases };
}

function count(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} has to be a whole number above 0.`);
  return value;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function showRow({ name, outcome, happened, alarms }) {
  const told = Object.entries(alarms).map(([code, times]) => `${code} ${times}`).join(', ');
  say(`${outcome.padEnd(13)} ${name.padEnd(54)} ${happened.join('+').padEnd(8)} ${told}`);
}

function showFailure({ name, seed, problems }) {
  say(`\nFAILED ${name}\n  alone: npm run test:faults -- --only ${name} --seed ${seed}`);
  for (const problem of problems) say(`  ${problem}`);
}

async function main() {
  let asked;
  try {
    asked = request();
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (asked.help) return say(USAGE) ?? 0;
  if (asked.list) return say(KINDS.join('\n')) ?? 0;
  const started = performance.now();
  const rows = [];
  for (const seed of asked.seeds) {
    const onRow = asked.json ? undefined : showRow;
    if (asked.cases.length > 0) rows.push(...(await runFaults({ cases: asked.cases, seed, onRow })));
  }
  const counts = countsOf(rows);
  const failures = rows.filter(({ outcome }) => outcome === 'failed');
  const elapsedMs = Math.round(performance.now() - started);
  if (asked.json) {
    const shown = failures.map(({ name, seed, problems }) => ({ name, seed, problems }));
    say(JSON.stringify({ ...counts, seeds: asked.seeds, elapsedMs, failures: shown }));
  } else {
    if (asked.only !== undefined) rows.forEach(({ log }) => say(log));
    failures.forEach(showFailure);
    say(`\n${JSON.stringify(counts)}`);
  }
  return counts.failed + counts.lost + counts.duplicated === 0 ? 0 : 1;
}

process.exitCode = await main();
