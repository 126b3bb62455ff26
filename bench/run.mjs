// npm run bench -- WORKLOAD [options]: measures a workload in fresh processes and prints what it found.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { summarise } from './lib/summary.mjs';
import { asText } from './lib/text.mjs';
import { WORKLOADS } from './workloads/index.mjs';

const PROCESSES = 3;
const ROUNDS = 7;
const MEASURE = new URL('lib/measure.mjs', import.meta.url).pathname;

const USAGE = `npm run bench -- WORKLOAD [options]

${Object.entries(WORKLOADS)
  .map(([name, { describe }]) => `  ${name.padEnd(9)} ${describe}`)
  .join('\n')}
  all       every workload above, one after the other

  --json            one JSON document on standard output (a list for all)
  --rounds N        rounds in each process [${ROUNDS}]
  --processes N     fresh processes [${PROCESSES}]
  --n N             rows of data, in place of the workload's own
  --runs N          runs of the workload memory [2000]
  --minutes N       minutes of the workload durable [10]; may be a fraction
  --full            the large sizes too: w2 with 50,000,000 quotes, data with all published sizes
  --list            this list

Exit code: 0 measured, whether or not targets are met; 1 where a published result is not reproduced; 2 bad usage.
`;

/** @returns what was asked for, or the text of a fault */
function request() {
  const options = {
    json: { type: 'boolean' },
    list: { type: 'boolean' },
    full: { type: 'boolean' },
    rounds: { type: 'string' },
    processes: { type: 'string' },
    n: { type: 'string' },
    runs: { type: 'string' },
    minutes: { type: 'string' },
  };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    for (const name of ['rounds', 'processes', 'n', 'runs']) {
      if (values[name] !== undefined) values[name] = count(name, values[name]);
    }
    if (values.minutes !== undefined) values.minutes = minutesOf(values.minutes);
    const names = positionals.includes('all') ? Object.keys(WORKLOADS) : positionals;
    const unknown = names.find((name) => !Object.hasOwn(WORKLOADS, name));
    if (unknown !== undefined) throw new Error(`There is no workload '${unknown}'.`);
    return { values, names };
  } catch (error) {
    return error.message;
  }
}

function count(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} has to be a whole number above 0.`);
  return value;
}

function minutesOf(text) {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error('--minutes has to be a number above 0.');
  return value;
}

/** Runs one fresh process and gives its document. */
function measureIn(name, options) {
  const { nodeOptions = [] } = WORKLOADS[name];
  const child = spawn(process.execPath, [...nodeOptions, MEASURE, name, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`The process of workload '${name}' ended with ${code}.`));
    });
  });
}

async function bench(name, values) {
  const workload = WORKLOADS[name];
  const settings = {
    rounds: values.rounds ?? workload.rounds ?? ROUNDS,
    processCount: values.processes ?? workload.processes ?? PROCESSES,
  };
  const isFull = values.full === true;
  const rows = values.n ?? (isFull ? workload.fullRows : undefined) ?? workload.rows;
  const options = {
    rows,
    rounds: settings.rounds,
    isFull,
    ...(values.runs === undefined ? {} : { runs: values.runs }),
    ...(values.minutes === undefined ? {} : { minutes: values.minutes }),
  };
  const processes = [];
  // One after the other: they would disturb each other.
  for (let i = 0; i < settings.processCount; i++) processes.push(await measureIn(name, options));
  return summarise({ name, workload, processes, settings });
}

async function main() {
  const asked = request();
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const { values, names } = asked;
  if (values.list === true || names.length === 0) {
    process.stdout.write(USAGE);
    if (values.list !== true) process.exitCode = 2;
    return;
  }
  const documents = [];
  for (const name of names) {
    const document = await bench(name, values);
    documents.push(document);
    if (values.json !== true) process.stdout.write(asText(document));
    if (document.checks.failed.length > 0 || document.checks.disagreements > 0) process.exitCode = 1;
  }
  if (values.json !== true) return;
  process.stdout.write(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, undefined, 2)}\n`);
}

await main();
