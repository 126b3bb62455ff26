// From what the processes measured to the one document that is printed.
import { machine } from './machine.mjs';
import { median, rounded } from './statistics.mjs';

/** Times per row and the rates they stand for. */
const RATES = {
  nsPerBar: 'barsPerSecond',
  nsPerQuote: 'quotesPerSecond',
  cpuNsPerBar: 'barsPerCpuSecond',
  cpuNsPerQuote: 'quotesPerCpuSecond',
};

/**
 * @param {{ name: string, workload: import('../workloads/index.mjs').Workload, processes: readonly object[], settings: object }} input
 */
export function summarise({ name, workload, processes, settings }) {
  const [first] = processes;
  const figures = withRates(medians(processes));
  const best = withRates(minima(processes));
  const peakRssMb = Math.max(...processes.map((one) => one.peakRssMb));
  const checks = processes.flatMap((one) => one.checks);
  const disagreements = processes.filter((one) => JSON.stringify(one.facts) !== JSON.stringify(first.facts)).length;
  return {
    workload: name,
    ...first.facts,
    ...figures,
    peakRssMb,
    best,
    targets: targets(workload, { ...figures, peakRssMb }, best),
    checks: { total: checks.length, failed: checks.filter((check) => !check.isEqual), disagreements },
    ...settings,
    machine: machine(),
    processes: processes.map(({ facts: _facts, checks: _checks, figures: all, ...rest }) => ({
      ...rest,
      medians: withRates(Object.fromEntries(Object.entries(all).map(([figure, values]) => [figure, median(values)]))),
    })),
  };
}

/** Median over the processes of the median over the rounds of each. */
function medians(processes) {
  return eachFigure(processes, (perProcess) => median(perProcess.map((values) => median(values))));
}

/** Least of all rounds: what the machine does when nobody else uses it. */
function minima(processes) {
  return eachFigure(processes, (perProcess) => Math.min(...perProcess.flat()));
}

function eachFigure(processes, combine) {
  const names = Object.keys(processes[0].figures);
  return Object.fromEntries(names.map((name) => [name, combine(processes.map(({ figures }) => figures[name]))]));
}

function withRates(figures) {
  const entries = Object.entries(figures).flatMap(([name, value]) => {
    const rate = RATES[name];
    return rate === undefined
      ? [[name, rounded(value)]]
      : [
          [rate, Math.round(1e9 / value)],
          [name, rounded(value)],
        ];
  });
  return Object.fromEntries(entries);
}

function targets({ targets: wanted }, figures, best) {
  return Object.entries(wanted).map(
    ([figure, { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }]) => {
      const isMet = (value) => value <= atMost && value >= atLeast;
      const limit = Number.isFinite(atMost) ? { atMost } : { atLeast };
      const inBest = best[figure] === undefined ? {} : { best: best[figure], isMetAtBest: isMet(best[figure]) };
      return { figure, ...limit, median: figures[figure], isMet: isMet(figures[figure]), ...inBest };
    },
  );
}
