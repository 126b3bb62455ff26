// npm run conformance -- PLUGIN [options]: a broker's plugin against its simulator. A plugin takes part by exporting `./conformance`
// with conformanceSuites({ seed, fuzzFrames }), which answers a list of { suite, timeLimitMs }: contract suites of the SDK's test kit;
// and, where not everything can be tried, checkConformanceTarget(), which says where they run or throws an error with a remedy.
import { parseArgs } from 'node:util';
import { isTradingError } from '@bookrunner/sdk';
import { runContract } from '@bookrunner/sdk/testing';

const USAGE = `npm run conformance -- PLUGIN [options]

Runs the acceptance suites of a plugin (ibkr): the SDK's contracts and the behaviours of its broker, against its simulator, with and
without faults of the wire. With IBKR_PAPER=host:port it runs what applies there at a real paper account: see docs/ibkr.md.

  --suite NAME    one suite; may be repeated
  --only ID,...   these cases
  --seed N        other faults [1]
  --fuzz N        damaged frames for each side [100000]
  --list          the names of the suites
  --json          one JSON document on standard output

Exit code: 0 nothing failed; 1 otherwise; 2 bad usage, or a gateway that nothing can be tried at; 3 every case was skipped.
`;

function read() {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ suite: { ...text, multiple: true }, only: text, seed: { ...text, default: '1' }, fuzz: text },
      ...{ json: flag, list: flag, help: flag },
    },
  });
  const [plugin] = positionals;
  if (!values.help && (plugin === undefined || positionals.length > 1)) throw new TypeError('Name one plugin.');
  return {
    ...{ plugin, isJson: values.json, isList: values.list, isHelp: values.help, only: values.only?.split(',') },
    names: values.suite,
    options: {
      seed: countOf('seed', values.seed),
      ...(values.fuzz === undefined ? {} : { fuzzFrames: countOf('fuzz', values.fuzz) }),
    },
  };
}

function countOf(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} has to be a whole number above 0.`);
  return value;
}

function moduleOf(plugin) {
  return import(`@bookrunner/plugins-${plugin}/conformance`).catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    throw new TypeError(`There is no plugin '${plugin}' with conformance suites.`);
  });
}

async function suitesOf({ plugin, names, options }) {
  const { conformanceSuites } = await moduleOf(plugin);
  const all = conformanceSuites(options);
  const missing = names?.find((name) => !all.some(({ suite }) => suite.name === name));
  if (missing !== undefined) {
    throw new TypeError(`No suite '${missing}'; there are ${all.map(({ suite }) => suite.name).join(', ')}.`);
  }
  return names === undefined ? all : all.filter(({ suite }) => names.includes(suite.name));
}

/** Suites may use this process's output; the document is to stand alone there. */
const say = (text) => process.stderr.write(`${text}\n`);

const countsOf = ({ cases, passed, failed, skipped }) =>
  `${cases} cases, ${passed} passed, ${failed} failed, ${skipped} skipped`;

const verdictOf = ({ cases, failed, skipped }) => {
  if (failed > 0) return 'FAILED';
  return skipped === cases ? 'skipped' : 'ok';
};

/** Skipped cases by their reasons. */
function reasonsOf(results) {
  const skips = results.filter(({ status }) => status === 'skipped');
  const reasons = [...new Set(skips.map(({ reason }) => reason))];
  return reasons.map((reason) => [reason, skips.filter((skip) => skip.reason === reason).map(({ id }) => id)]);
}

function show(result, seconds) {
  const { suite, results } = result;
  say(`${verdictOf(result).padEnd(7)} ${suite.padEnd(24)} ${countsOf(result)} (${seconds} s)`);
  for (const [reason, ids] of reasonsOf(results)) say(`        skipped, ${reason}: ${ids.join(', ')}`);
  for (const { id, title, status, reason } of results) {
    if (status === 'failed') say(`        ${id} ${title}\n          ${reason}`);
  }
}

function summaryOf({ results, ...counts }) {
  const withReason = (status) =>
    results.filter((result) => result.status === status).map(({ id, title, reason }) => ({ id, title, reason }));
  return { ...counts, skips: withReason('skipped'), failures: withReason('failed') };
}

async function run({ plugin, only, isJson, ...request }) {
  const results = [];
  const suites = await suitesOf({ plugin, ...request });
  const isAsked = ({ suite }) => only === undefined || suite.cases.some(({ id }) => only.includes(id));
  if (!suites.some(isAsked)) throw new TypeError('No such case.');
  const { checkConformanceTarget } = await moduleOf(plugin);
  if (checkConformanceTarget !== undefined) say(`${plugin}: at ${await checkConformanceTarget(request.options)}`);
  for (const { suite, timeLimitMs } of suites.filter(isAsked)) {
    const start = Date.now();
    // One after the other: each has sockets and a clock of its own, and the machine to itself.
    // oxlint-disable-next-line no-await-in-loop
    const result = await runContract(suite, { ...(timeLimitMs && { timeLimitMs }), ...(only && { only }) });
    show(result, Math.round((Date.now() - start) / 1000));
    results.push(result);
  }
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  const counts = { cases: sum('cases'), passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const document = { suite: plugin, ...counts, suites: results.map(summaryOf) };
  if (isJson) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  else say(`${plugin}: ${countsOf(counts)}${counts.skipped === counts.cases ? '; nothing was tried' : ''}`);
  if (counts.failed > 0) return 1;
  return counts.skipped === counts.cases ? 3 : 0;
}

async function main() {
  const request = read();
  if (request.isHelp) process.stdout.write(USAGE);
  else if (request.isList) for (const { suite } of await suitesOf(request)) process.stdout.write(`${suite.name}\n`);
  else return run(request);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError;
  if (isUsage) process.stderr.write(`${error.message}\n\n${USAGE}`);
  else process.stderr.write(`${isTradingError(error) ? error.toOperatorText() : error.stack}\n`);
  process.exitCode = isUsage || isTradingError(error) ? 2 : 1;
}
