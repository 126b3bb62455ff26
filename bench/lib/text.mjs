// The document of a benchmark for people.

/** @param {ReturnType<import('./summary.mjs').summarise>} document */
export function asText(document) {
  const { workload, best, targets, checks, machine, processes, ...rest } = document;
  const lines = Object.entries(rest).map(([name, value]) => line(name, value, best[name]));
  const failed = checks.failed.map(({ what, expected, actual }) => `  ${what}: expected ${expected}, was ${actual}`);
  return [
    `${workload}   (median, and least of all rounds where it differs)`,
    ...lines,
    `  checks: ${checks.total - checks.failed.length} of ${checks.total} hold`,
    ...failed,
    ...targets.map(targetLine),
    `  Node ${machine.node}, ${machine.cpus} processors, load ${machine.load1m.toFixed(1)}`,
    ...processes.map(({ cpuMs, peakRssMb }, i) => `  process ${i + 1}: ${cpuMs} ms of CPU time, peak ${peakRssMb} MB`),
    '',
  ].join('\n');
}

function line(name, value, best) {
  const other = best === undefined || best === value ? '' : `   (${text(best)})`;
  return `  ${name.padEnd(28)} ${text(value)}${other}`;
}

function targetLine({ figure, atMost, atLeast, isMet, isMetAtBest }) {
  const limit = atMost === undefined ? `at least ${text(atLeast)}` : `at most ${text(atMost)}`;
  const verdict = isMet ? 'met' : isMetAtBest === true ? 'met at best, not in the median' : 'not met';
  return `  target: ${figure} ${limit}: ${verdict}`;
}

function text(value) {
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 4 }) : String(value);
}
