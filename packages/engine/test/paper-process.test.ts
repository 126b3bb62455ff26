import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { barsCsv, engineYaml, FLIP, onlyJson, Project, sawBars, strategyModule } from './command-line.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

let project: Project;

beforeEach(() => {
  project = new Project()
    .write('flip.mjs', FLIP)
    .write('engine.yaml', engineYaml(['flip']))
    .write('bars.csv', barsCsv(sawBars(200)));
});

afterEach(() => project.remove());

describe('bookrunner paper as a process', () => {
  it('decides over recorded data what a backtest decides, and leaves the same folder', async () => {
    const backtest = onlyJson((await project.run(['backtest', '--json'])).stdout);
    const { code, stdout } = await project.run(['paper', '--speed', 'max', '--json']);
    const paper = onlyJson(stdout) as { runDir: string };
    expect(code).toBe(0);
    expect(paper).toMatchObject({ kind: 'paper', status: 'done', ended: 'data-end', bars: 200 });
    expect(paper).toMatchObject({ decisionHash: backtest['decisionHash'], fills: backtest['fills'] });
    for (const name of ['metrics.json', 'config.yaml', 'fills.parquet', 'report.html']) {
      expect(existsSync(join(paper.runDir, name))).toBe(true);
    }
  });

  it('says before it starts that its folder cannot be made', async () => {
    project.write('var', 'a file in the place of the folder');
    const { code, stdout, stderr } = await project.run(['paper', '--speed', 'max', '--json']);
    expect([code, onlyJson(stdout)]).toMatchObject([1, { error: { code: 'REPORT_WRITE_FAILED' } }]);
    expect(stderr).not.toContain('RISK_HALTED');
  });

  it('ends after its duration, without a failure', async () => {
    const { code, stdout } = await project.run(['paper', '--speed', '600', '--duration', '300ms', '--json']);
    expect([code, onlyJson(stdout)]).toMatchObject([0, { ended: 'duration', status: 'done' }]);
  });

  it('fails with a strategy that throws, and says so as it happens', async () => {
    project
      .write('thrower.mjs', strategyModule('thrower', 'if (context.state.bars === 9) throw new Error("boom");'))
      .write('engine.yaml', engineYaml(['flip', 'thrower']));
    const { code, stdout, stderr } = await project.run(['paper', '--speed', 'max', '--json']);
    expect([code, onlyJson(stdout)]).toMatchObject([1, { status: 'failed', errors: [{ code: 'STRATEGY_THREW' }] }]);
    expect(stderr).toContain('alarm: STRATEGY_THREW');
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    [['--speed', 'fast'], 'CLI_USAGE_INVALID'],
    [['--duration', 'long'], 'CLI_USAGE_INVALID'],
    [['--set', 'strategies.flip.use=flop'], 'CONTRIBUTION_UNKNOWN'],
    [['nope.yaml'], 'CONFIG_FILE_UNREADABLE'],
  ])('refuses %j before it starts', async (words, text) => {
    const { code, stdout, stderr } = await project.run(['paper', '--speed', 'max', '--json', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(onlyJson(stdout)).toHaveProperty('error.remedy');
    expect(stderr).not.toContain('    at ');
  });
});
