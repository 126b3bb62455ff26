import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { barsCsv, engineYaml, FLIP, onlyJson, Project, sawBars, strategyModule } from './command-line.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

let project: Project;

/** When the n-th of the bars closed. */
const at = (bars: number): string => new Date(Date.UTC(2024, 0, 2) + bars * 60_000).toISOString();

beforeEach(() => {
  project = new Project()
    .write('flip.mjs', FLIP)
    .write('engine.yaml', engineYaml(['flip']))
    .write('bars.csv', barsCsv(sawBars(100)));
});

afterEach(() => project.remove());

interface Expected {
  readonly exit: number;
  readonly code: string;
  /** What the message has to name. */
  readonly says: readonly string[];
  /** What the remedy has to name. */
  readonly remedy: string;
}

interface ErrorShape {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Runs the backtest for people and for programs: both say what is wrong and what to do, and neither shows a stack. */
async function expectRefusal(words: readonly string[], expected: Expected): Promise<void> {
  const forPeople = await project.run(['backtest', ...words]);
  const forPrograms = await project.run(['backtest', '--json', ...words]);
  for (const { code, stdout, stderr } of [forPeople, forPrograms]) {
    expect(code).toBe(expected.exit);
    for (const text of [expected.code, ...expected.says, expected.remedy]) expect(stderr).toContain(text);
    expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at /m);
  }
  const document = onlyJson(forPrograms.stdout) as { error?: ErrorShape; errors?: readonly ErrorShape[] };
  const error = document.error ?? document.errors?.[0];
  expect(error).toBeDefined();
  const issues = JSON.stringify(document);
  expect(issues).toContain(expected.code);
  expect(error?.remedy).not.toBe('');
}

describe('bad input of a backtest', () => {
  it('names an engine.yaml that is not there', async () => {
    await expectRefusal(['nope.yaml'], {
      exit: 2,
      code: 'CONFIG_FILE_UNREADABLE',
      says: ['nope.yaml'],
      remedy: 'Give the path of an engine.yaml',
    });
  });

  it('names a data file that is not there, and the one that was probably meant', async () => {
    project.write('engine.yaml', engineYaml(['flip'], 'path: bar.csv, kind: bars, seconds: 60'));
    await expectRefusal([], {
      exit: 2,
      code: 'DATA_FILE_MISSING',
      says: ['bar.csv does not exist', "Did you mean 'bars.csv'?"],
      remedy: 'Correct the path',
    });
  });

  it('stops at a broken row with its line, or leaves it out where it is told to', async () => {
    const rows = sawBars(100);
    project.write('bars.csv', barsCsv([...rows.slice(0, 3), '1704153780000,100,101', ...rows.slice(4)]));
    const expected = { exit: 1, code: 'DATA_BAD_ROW', says: ['bars.csv:5:', 'columns'], remedy: '--on-bad-row skip' };
    await expectRefusal([], expected);

    const skipped = await project.run(['backtest', '--json', '--on-bad-row', 'skip']);
    expect(skipped.code).toBe(0);
    const document = onlyJson(skipped.stdout);
    expect(document).toMatchObject({ status: 'done', bars: 99, rejectedRows: 1, errors: [] });
    expect(JSON.stringify(document['rejected'])).toContain('"line":5');

    const told = await project.run(['backtest', '--on-bad-row', 'skip']);
    expect(told.code).toBe(0);
    expect(told.stderr).toContain('1 row of data was left out');
  });

  it('stops at a price that is no number', async () => {
    const rows = sawBars(100);
    project.write('bars.csv', barsCsv([...rows.slice(0, 3), '1704153780000,100,101,99,NaN,5', ...rows.slice(4)]));
    await expectRefusal([], {
      exit: 1,
      code: 'DATA_BAD_ROW',
      says: ['bars.csv:5:'],
      remedy: 'Correct the row',
    });
  });

  it('stops where time runs backwards', async () => {
    const rows = sawBars(100);
    project.write('bars.csv', barsCsv([...rows.slice(0, 10), rows[2] as string, ...rows.slice(11)]));
    await expectRefusal([], {
      exit: 1,
      code: 'DATA_BAD_ROW',
      says: ['bars.csv:12:'],
      remedy: 'Correct the row',
    });
  });

  it('stops at quotes that cross', async () => {
    const quotes = Array.from({ length: 60 }, (_, i) => `${Date.UTC(2024, 0, 2) + i * 1000},100,100.5`);
    quotes[7] = `${Date.UTC(2024, 0, 2) + 7000},101,100.5`;
    project
      .write('quotes.csv', `ts,bid,ask\n${quotes.join('\n')}\n`)
      .write(
        'engine.yaml',
        engineYaml(['flip'], 'path: quotes.csv, kind: ticks').replace(
          'symbols: [AAA]',
          'symbols: [AAA], bars: { use: time, options: { seconds: 10, price: mid } }',
        ),
      );
    await expectRefusal([], { exit: 1, code: 'DATA_BAD_ROW', says: ['quotes.csv:9:'], remedy: 'Correct the row' });
  });

  it('names an unknown key of engine.yaml with its place and the near miss', async () => {
    project.write('engine.yaml', engineYaml(['flip']).replace('allocation:', 'alocation:'));
    await expectRefusal([], {
      exit: 2,
      code: 'CONFIG_INVALID',
      says: ['engine.yaml:10:', 'strategies.flip.alocation', "Did you mean 'allocation'?"],
      remedy: 'Rename or remove it',
    });
  });

  it('refuses a plugin of another API before running it', async () => {
    const manifest = { bookrunner: { plugin: { id: 'flip', apiVersion: 99, provides: ['strategy'] } } };
    project
      .write(
        'old/package.json',
        JSON.stringify({ name: 'old', version: '1.0.0', type: 'module', exports: './index.js', ...manifest }),
      )
      .write('old/index.js', 'throw new Error("its code ran");')
      .write('engine.yaml', engineYaml(['flip']).replace('./flip.mjs', './old'));
    await expectRefusal([], {
      exit: 2,
      code: 'PLUGIN_API_MISMATCH',
      says: ['plugin API 99', 'engine.yaml:2:'],
      remedy: 'Install versions of plugin and engine that fit',
    });
  });

  it('stops a strategy that throws, lets the others go on, and fails', async () => {
    project
      .write('thrower.mjs', strategyModule('thrower', 'if (context.state.bars === 9) throw new Error("boom at nine");'))
      .write('engine.yaml', engineYaml(['flip', 'thrower']));
    await expectRefusal([], {
      exit: 1,
      code: 'STRATEGY_THREW',
      says: ["'thrower'", 'boom at nine', `It was at ${at(9)}, with AAA, at thrower.mjs:`],
      remedy: 'Correct the strategy',
    });
    const { stdout } = await project.run(['backtest', '--json']);
    const document = onlyJson(stdout) as {
      status: string;
      bars: number;
      strategies: Record<string, { fills: number }>;
    };
    expect(document).toMatchObject({ status: 'failed', bars: 100 });
    expect(document.strategies['flip']?.fills).toBeGreaterThan(5);
    expect(document.strategies['thrower']?.fills).toBe(0);
  });

  it('stops a strategy that answers NaN', async () => {
    project
      .write('nan.mjs', strategyModule('nan', 'return context.state.bars > 5 ? Number.NaN : 0;'))
      .write('engine.yaml', engineYaml(['nan']));
    await expectRefusal([], {
      exit: 1,
      code: 'STRATEGY_ANSWER_INVALID',
      says: ["'nan'", 'NaN', `It was at ${at(6)}, with AAA.`],
      remedy: 'finite number',
    });
  });

  it('takes no option it does not know', async () => {
    await expectRefusal(['--fils', '3'], {
      exit: 2,
      code: 'CLI_USAGE_INVALID',
      says: ["Did you mean '--fills'?"],
      remedy: 'bookrunner backtest --help',
    });
  });
});
