import { checks } from '../lib/check.mjs';
import { CommandLineProject } from '../lib/command-line.mjs';
import { W1 } from '../lib/published.mjs';

export const cli = {
  describe: 'the whole cold process of `bookrunner backtest` over W1 as CSV, without and with its HTML report',
  rows: 1_000_000,
  rounds: 5,
  processes: 1,
  targets: { seconds: { atMost: 0.8 }, secondsWithReport: { atMost: 2 } },

  async measure({ rows, rounds }) {
    const project = new CommandLineProject(rows);
    try {
      const figures = {
        seconds: [],
        secondsWithReport: [],
        runSeconds: [],
        commandCpuSeconds: [],
        commandPeakRssMb: [],
        commandPeakRssWithReportMb: [],
      };
      let last;
      for (let round = 0; round < rounds; round++) {
        last = await project.run({ report: 'none' });
        figures.seconds.push(last.seconds);
        figures.runSeconds.push(last.document.elapsedMs / 1_000);
        figures.secondsWithReport.push((await project.run({ report: 'html' })).seconds);
        // Beside seconds, which say little where others use the machine as well.
        const { cpuMs, peakRssMb } = await project.run({ report: 'none', isUsageMeasured: true });
        figures.commandCpuSeconds.push(cpuMs / 1_000);
        figures.commandPeakRssMb.push(peakRssMb);
      }
      figures.commandPeakRssWithReportMb.push((await project.run({ report: 'html', isUsageMeasured: true })).peakRssMb);
      const { fillsTotal: fills, metrics } = last.document;
      const outcome = { fills, finalEquity: metrics.finalEquity, maxDrawdown: metrics.maxDrawdownValue };
      const { fills: expectedFills, finalEquity, maxDrawdown } = W1[rows] ?? outcome;
      return {
        facts: { n: rows, ...outcome },
        checks: checks('published', { fills: expectedFills, finalEquity, maxDrawdown }, outcome),
        figures,
      };
    } finally {
      project.remove();
    }
  },
};
