// npm run test:faults -- [options]: the live engine under every fault of a venue and a feed, and at every cut of a connection.
import { parseArgs } from 'node:util';
import { allCases, NAMES, parseCase } from './fault-cases.mjs';
import { cutCountsOf, parseCut, runCuts } from './cut-report.mjs';
import { countsOf, runFaults } from './fault-report.mjs';

const USAGE = `npm run test:faults -- [options]

A scripted session of the live engine, with every fault of the SDK's FaultyVenue and FaultyFeed, alone and in pairs; then a session
at the practice broker, with the connection cut at every message. Each has to end in the books of the session without a fault, in
those of the venue where the fault changes what was traded, or in a frozen symbol with a report.

  --only CASE    one case: venue.drop-after-write+feed.silent, or cut:read:before:7; shows what the faults did
  --alone        no pairs
  --seed N       begins the faults at other moments [1]
  --seeds N      seeds 1 to N, one after the other
  --no-cuts      only the faults
  --only-cuts    only the cuts
  --cut-step N   cuts at every N-th message only [1]
  --json         one JSON document on standard output
  --list         the names of all faults

Exit code: 0 nothing failed and nothing is lost; 1 otherwise; 2 bad usage.
`;

function request() {
  const flag = { type: 'boolean', default: false };
  const options = {
    ...{ json: flag, list: flag, alone: flag, 'no-cuts': flag, 'only-cuts': flag, help: flag },
    ...{ only: { type: 'string' }, seed: { type: 'string', default: '1' }, seeds: { type: 'string' } },
    'cut-step': { type: 'string', default: '1' },
  };
  const { values } = parseArgs({ options });
  const last = values.seeds === undefined ? undefined : countOf('seeds', values.seeds);
  const seeds =
    last === undefined ? [countOf('seed', values.seed)] : Array.from({ length: last }, (_, index) => index + 1);
  const isCut = values.only?.startsWith('cut:') === true;
  const hasFaults = !isCut && !values['only-cuts'];
  const hasCuts = isCut || (values.only === undefined && !values['no-cuts']);
  return {
    ...{ isJson: values.json, isList: values.list, isHelp: values.help, isOne: values.only !== undefined, seeds },
    cases: hasFaults ? casesOf(values) : [],
    cuts: hasCuts
      ? { step: countOf('cut-step', values['cut-step']), only: isCut ? parseCut(values.only) : undefined }
      : undefined,
  };
}

function casesOf({ only, alone }) {
  if (only !== undefined) return [parseCase(only)];
  return allCases().filter(({ length }) => !alone || length === 1);
}

function countOf(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} has to be a whole number above 0.`);
  return value;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function showCase({ name, outcome, happened, alarms }) {
  const told = Object.entries(alarms).map(([code, times]) => `${code} ${times}`);
  say(`${outcome.padEnd(13)} ${name.padEnd(54)} ${happened.join('+').padEnd(8)} ${told.join(', ')}`);
}

function showCut({ name, problems }) {
  say(`${problems.length === 0 ? 'same' : 'failed'}          ${name}`);
}

function showFailure({ name, seed, problems }) {
  const how = seed === undefined ? '' : ` --seed ${seed}`;
  say(`\nFAILED ${name}\n  alone: npm run test:faults -- --only ${name}${how}`);
  for (const problem of problems) say(`  ${problem}`);
}

/** Alarms by the fault that was there alone: what an operator is told of it. */
function alarmsByFault(rows) {
  const alone = rows.filter(({ name, alarms }) => !name.includes('+') && Object.keys(alarms).length > 0);
  return Object.fromEntries(alone.map(({ name, alarms }) => [name, alarms]));
}

async function run({ cases, cuts, seeds, isJson, isOne }) {
  const started = performance.now();
  const rows = [];
  for (const seed of cases.length === 0 ? [] : seeds) {
    rows.push(...(await runFaults({ cases, seed, onRow: isJson ? undefined : showCase })));
  }
  const cutRows = cuts === undefined ? [] : await runCuts({ ...cuts, onRow: isJson ? undefined : showCut });
  const counts = {
    ...countsOf(rows),
    connection: cutCountsOf(cutRows),
    seeds,
    elapsedMs: Math.round(performance.now() - started),
  };
  const failures = [
    ...rows.filter(({ outcome }) => outcome === 'failed'),
    ...cutRows.filter(({ problems }) => problems.length > 0),
  ];
  if (isJson) {
    const shown = failures.map(({ name, seed, problems }) => ({ name, seed, problems }));
    say(JSON.stringify({ ...counts, alarms: alarmsByFault(rows), failures: shown }));
  } else {
    if (isOne) for (const { log } of rows) say(`\n${log}`);
    failures.forEach(showFailure);
    say(`\n${JSON.stringify(counts)}`);
  }
  return failures.length + counts.lost + counts.duplicated === 0 ? 0 : 1;
}

function main() {
  let asked;
  try {
    asked = request();
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (!asked.isHelp && !asked.isList) return run(asked);
  say(asked.isHelp ? USAGE : NAMES.join('\n'));
  return 0;
}

process.exitCode = await main();
