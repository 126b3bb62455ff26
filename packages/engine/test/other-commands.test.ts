import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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

describe('bookrunner check', () => {
  it('says in which modes a sound configuration can run', async () => {
    const { code, stdout } = await project.run(['check', '--json']);
    expect({ code, document: onlyJson(stdout) }).toMatchObject({
      code: 0,
      document: { ok: true, config: 'engine.yaml', failures: [], modes: ['backtest', 'paper'] },
    });
  });

  it('lists every failure of a phase with code, place and remedy', async () => {
    project.write(
      'engine.yaml',
      engineYaml(['flip']).replace('use: csv,', 'use: cvs,').replace('allocation: 0.4', 'params: { lenght: 3 }'),
    );
    const { code, stdout, stderr } = await project.run(['check', '--json']);
    const { failures, ok } = onlyJson(stdout) as { ok: boolean; failures: readonly Record<string, string>[] };
    expect([code, ok, stderr]).toEqual([2, false, '']);
    expect(failures.map((failure) => [failure['phase'], failure['code'], failure['place']])).toEqual([
      ['options', 'CONTRIBUTION_UNKNOWN', 'engine.yaml:6:11'],
      ['options', 'PLUGIN_OPTIONS_INVALID', 'engine.yaml:10:48'],
    ]);
    expect(failures.every(({ remedy }) => remedy !== '')).toBe(true);
    const forPeople = await project.run(['check']);
    expect(forPeople.code).toBe(2);
    expect(forPeople.stdout).toContain("Did you mean 'csv'?");
    expect(forPeople.stdout).toContain("2 problems in phase 'options'");
  });

  it('finds what making the simulated venue finds: a symbol that nobody declares', async () => {
    const venue = 'venues.paper={ use: simulated, options: { instruments: { AAB: {} } } }';
    const { code, stdout } = await project.run(['check', '--json', '--set', venue]);
    const message = expect.stringContaining("names 'AAB', which is not an instrument (did you mean 'AAA'?)");
    const remedy = expect.stringContaining('options of the simulated venue, the instruments or the accounts');
    const failure = { code: 'PLUGIN_CREATE_FAILED', path: 'venues.paper', message, remedy };
    expect([code, onlyJson(stdout)]).toMatchObject([2, { failures: [failure] }]);
  });

  it('shows where the currency stands to which nothing leads', async () => {
    const { code, stdout } = await project.run(['check', '--json', '--set', 'engine.baseCurrency=DOLLAR']);
    const path = 'engine.baseCurrency';
    const failure = { code: 'RUN_CURRENCY_NOT_CONVERTIBLE', path, place: '--set', remedy: expect.stringMatching(/./) };
    expect([code, onlyJson(stdout)]).toMatchObject([2, { failures: [failure] }]);
    const shown = engineYaml(['flip']).replace('name: test', 'name: test, baseCurrency: DOLLAR');
    project.write('engine.yaml', shown);
    const backtest = await project.run(['backtest']);
    expect(backtest.code).toBe(2);
    expect(backtest.stderr).toMatch(/engine\.yaml:1:\d+ engine\.baseCurrency: DOLLAR .* from USD, in which 'AAA'/);
  });

  it('finds a symbol that strategies trade on two feeds', async () => {
    const yaml = engineYaml(['flip'])
      .replace('  bars: {', '  more: { use: csv, options: { path: bars.csv, kind: bars, seconds: 60 } }\n  bars: {')
      .replace('symbols: [AAA],', 'symbols: [AAA], feed: bars,');
    project.write('engine.yaml', `${yaml}  second: { use: flip, symbols: [AAA], feed: more, allocation: 0.4 }\n`);
    const { code, stdout } = await project.run(['check', '--json']);
    expect([code, onlyJson(stdout)]).toMatchObject([2, { failures: [{ code: 'RUN_SYMBOL_TWO_FEEDS' }] }]);
  });

  it.each([
    ['a missing file, with the near miss', { csv: 'path: bras.csv, kind: bars, seconds: 60' }, 'DATA_FILE_MISSING'],
    ['a folder in place of a file', { csv: 'path: ., kind: bars, seconds: 60' }, 'DATA_FILE_UNREADABLE'],
    ['a column that is not there', { text: 'ts,open,high,low,volume\n1,2,3,4,5\n' }, 'DATA_COLUMN_MISSING'],
    ['a file without a line', { text: '' }, 'DATA_HEADER_INVALID'],
    ['a header that is none, without its line end', { text: 'no data' }, 'DATA_COLUMN_MISSING'],
    ['a row that is none', { text: barsCsv(['1704153600000,abc,3,1,2,5']) }, 'DATA_BAD_ROW'],
    ['a file with nothing but its header', { text: barsCsv([]).trimEnd() }, 'DATA_NO_USABLE_ROWS'],
    [
      'a file of bad rows that are left out',
      { csv: 'path: bars.csv, onBadRow: skip', text: barsCsv(['1704153600000,2,1,3,2,5']) },
      'DATA_NO_USABLE_ROWS',
    ],
    [
      'a file of other symbols',
      { csv: 'path: bars.csv, columns: { symbol: name }', text: 'ts,open,high,low,close,name\n1,2,3,1,2,BBB\n' },
      'DATA_NO_USABLE_ROWS',
    ],
    ['another unit of time', { text: barsCsv(['04.01.2024,2,3,1,2,5']) }, 'DATA_BAD_ROW'],
  ])('finds %s', async (_what, { csv, text }: { csv?: string; text?: string }, code) => {
    project.write('engine.yaml', engineYaml(['flip'], csv)).write('bars.csv', text ?? barsCsv(sawBars(20)));
    const checked = await project.run(['check', '--json']);
    const { failures, ok } = onlyJson(checked.stdout) as { ok: boolean; failures: readonly Record<string, string>[] };
    expect({ code: checked.code, ok, stderr: checked.stderr }).toEqual({ code: 2, ok: false, stderr: '' });
    const isPath = ['DATA_FILE_MISSING', 'DATA_FILE_UNREADABLE', 'DATA_NO_USABLE_ROWS'].includes(code);
    const path = `feeds.bars.options${isPath ? '.path' : ''}`;
    expect(failures).toMatchObject([
      { phase: 'data', code, path, place: expect.stringMatching(/^engine\.yaml:6:\d+$/) },
    ]);
    expect(failures[0]?.['remedy']).not.toBe('');
    const forPeople = await project.run(['check']);
    expect(forPeople.stdout).toContain("1 problem in phase 'data'");
    if (code === 'DATA_FILE_MISSING') expect(forPeople.stdout).toContain("Did you mean 'bars.csv'?");
  });

  it('reads compressed and Parquet files too, and leaves out what no strategy needs', async () => {
    const packed = (text: string): Buffer => gzipSync(Buffer.from(text));
    project.write('engine.yaml', engineYaml(['flip'], 'path: bars.csv.gz, kind: bars, seconds: 60'));
    writeFileSync(join(project.folder, 'bars.csv.gz'), packed(barsCsv(sawBars(20))));
    expect((await project.run(['check'])).code).toBe(0);
    writeFileSync(join(project.folder, 'bars.csv.gz'), packed('ts,open\n'));
    expect((await project.run(['check'])).stdout).toContain('DATA_COLUMN_MISSING');
    writeFileSync(join(project.folder, 'bars.csv.gz'), packed(barsCsv(sawBars(20))).subarray(0, 60));
    expect((await project.run(['check'])).stdout).toContain('DATA_FILE_UNREADABLE');

    const parquet = engineYaml(['flip'], 'path: bars.parquet, kind: bars, seconds: 60').replace(
      'use: csv',
      'use: parquet',
    );
    project.write('engine.yaml', parquet).write('bars.parquet', 'no such thing');
    expect((await project.run(['check'])).stdout).toContain('DATA_FILE_UNREADABLE');

    project.write('engine.yaml', engineYaml(['flip'], "path: 'bars-*.csv', kind: bars, seconds: 60"));
    project.write('bars-1.csv', barsCsv([])).write('bars-2.csv', barsCsv([]));
    expect((await project.run(['check'])).stdout).toContain('bars-1.csv and 1 more have no rows');
    project.write('bars-2.csv', barsCsv(sawBars(20)));
    expect((await project.run(['check'])).code).toBe(0);

    const idle = engineYaml(['flip']).replace('books:', '  idle: { use: csv, options: { path: none.csv } }\nbooks:');
    project.write('engine.yaml', idle.replace('{ use: flip,', '{ use: flip, feed: bars,'));
    expect((await project.run(['check'])).code).toBe(0);
  });

  it('asks for one mode where it is named', async () => {
    const { code, stdout } = await project.run(['check', '--mode', 'backtest']);
    expect([code, stdout.trim().endsWith('It can run as: backtest.')]).toEqual([0, true]);
  });
});

describe('bookrunner data', () => {
  it('imports, lists, verifies and exports; a backtest reads what was imported', async () => {
    const imported = await project.run(['data', 'import', 'bars.csv', '--symbol', 'AAA', '--json']);
    expect([imported.code, onlyJson(imported.stdout)]).toMatchObject([
      0,
      { dataset: 'AAA 1m', rows: 200, rejected: 0 },
    ]);
    const again = await project.run(['data', 'import', 'bars.csv', '--symbol', 'AAA', '--json']);
    expect([again.code, onlyJson(again.stdout)]).toMatchObject([2, { error: { code: 'DATA_OVERLAP' } }]);

    const listed = await project.run(['data', 'list']);
    expect(listed.stdout).toMatch(/^AAA +bars +1m +200 +2024-01-02 00:00/m);
    const verified = await project.run(['data', 'verify', '--json']);
    expect([verified.code, onlyJson(verified.stdout)]).toMatchObject([0, { isSound: true, datasets: [{ rows: 200 }] }]);
    const exported = await project.run(['data', 'export', 'out.csv', '--symbol', 'AAA', '--from', '2024-01-02T01:00']);
    expect([exported.code, exported.stdout]).toEqual([0, expect.stringContaining('140 rows')]);
    expect(readFileSync(join(project.folder, 'out.csv'), 'utf8').trim().split('\n')).toHaveLength(141);

    const direct = await project.run(['backtest', '--json', '--report', 'none']);
    project.write('engine.yaml', engineYaml(['flip']).replace(/bars: \{ use: csv.*\}/, 'bars: { use: catalog }'));
    const cataloged = await project.run(['backtest', '--json', '--report', 'none']);
    expect(onlyJson(cataloged.stdout)['decisionHash']).toBe(onlyJson(direct.stdout)['decisionHash']);

    await project.run(['data', 'export', 'out.parquet', '--symbol', 'AAA']);
    const back = await project.run(['data', 'import', 'out.parquet', '--symbol', 'AAA', '--overlap', 'replace']);
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('200 rows')]);
    const parquet = engineYaml(['flip'], 'path: out.parquet').replace('use: csv', 'use: parquet');
    project.write('engine.yaml', parquet);
    const exportedRun = await project.run(['backtest', '--json', '--report', 'none']);
    expect(onlyJson(exportedRun.stdout)['decisionHash']).toBe(onlyJson(direct.stdout)['decisionHash']);
  });

  it('says where engine.yaml does not know the symbol, and fails where nothing could be imported', async () => {
    const known = await project.run(['data', 'import', 'bars.csv', '--symbol', 'AAA']);
    expect([known.code, known.stderr]).toEqual([0, '']);
    const other = await project.run(['data', 'import', 'bars.csv', '--symbol', 'AAB']);
    expect([other.code, other.stderr.trim()]).toEqual([
      0,
      "warning: engine.yaml has no instrument 'AAB', so no strategy of it can use these rows. Did you mean 'AAA'?",
    ]);
    project.write('bad.csv', barsCsv(['1704153600000,2,1,3,2,5']));
    const bad = await project.run(['data', 'import', 'bad.csv', '--symbol', 'AAA', '--on-bad-row', 'skip']);
    expect([bad.code, bad.stdout, bad.stderr]).toEqual([1, '', expect.stringContaining('DATA_NO_USABLE_ROWS: ')]);
    project.write('none.csv', barsCsv([]).trimEnd());
    const none = await project.run(['data', 'import', 'none.csv', '--symbol', 'AAA']);
    expect([none.code, none.stdout.trim()]).toEqual([0, 'AAA 1m: nothing was imported; the file has no rows.']);
    const later = await project.run(['data', 'import', 'bars.csv', '--symbol', 'AAA', '--from', '2030-01-01']);
    expect(later.stdout.trim()).toBe('AAA 1m: nothing was imported; the file has no rows in the range asked for.');
  });

  it('asks for the symbol', async () => {
    const { code, stderr } = await project.run(['data', 'import', 'bars.csv']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('CLI_USAGE_INVALID: Which symbol?')]);
  });
});

describe('bookrunner report', () => {
  it('says of a run that was killed that it did not end, and where it is', async () => {
    project.write('var/runs/20240102-000000-111111/config.yaml', 'engine: { name: test }');
    for (const named of ['var/runs/20240102-000000-111111', '20240102', 'latest']) {
      const { code, stderr } = await project.run(['report', named]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/REPORT_RUN_UNFINISHED: .*111111 .*journal show 20240102-000000-111111`/),
      ]);
    }
    expect((await project.run(['backtest', '--no-report'])).code).toBe(0);
    project.write('var/runs/99990102-000000-111111/config.yaml', 'engine: { name: test }');
    const latest = await project.run(['report', 'latest']);
    expect([latest.code, latest.stderr]).toEqual([0, expect.stringContaining('99990102-000000-111111, has not ended')]);
  });
});

describe('bookrunner plugins', () => {
  it('lists contributions with who brings them', async () => {
    const { code, stdout } = await project.run(['plugins']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^strategy +flip +flip +1 /m);
    expect(stdout).toMatch(/^venue +simulated +built-in +1 /m);
  });

  it('runs the contract suites of the configured plugins, or of those named', async () => {
    const sound = await project.run(['plugins', 'check', '--json']);
    expect(sound.code).toBe(0);
    const { checked } = onlyJson(sound.stdout) as { checked: readonly { name: string; result: { passed: number } }[] };
    expect(checked.map(({ name }) => name)).toEqual(['flip']);
    expect(checked[0]?.result.passed).toBeGreaterThan(5);

    project.write('wild.mjs', strategyModule('wild', 'return Math.random();'));
    const broken = await project.run(['plugins', 'check', './wild.mjs']);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^failed: wild wild: SIG-\d+ /m);
    expect(broken.stdout).toMatch(/^skipped: wild wild: onStop is not declared: SIG-140 [^;]+; SIG-145 [^;]+$/m);
  });
});

describe('bookrunner doctor', () => {
  it('looks at everything and says what to do about what is wrong', async () => {
    const { code, stdout } = await project.run(['doctor', '--json']);
    const { ok, findings } = onlyJson(stdout) as {
      ok: boolean;
      findings: readonly { what: string; level: string; remedy: string }[];
    };
    expect(code).toBe(ok ? 0 : 1);
    const names = findings.map(({ what }) => what);
    for (const what of [
      'Node',
      'npm',
      'better-sqlite3',
      '@duckdb/node-api',
      'Configuration',
      'Data folder',
      'Disk',
      'Clock',
      'Calendars',
    ]) {
      expect(names).toContain(what);
    }
    for (const { level, remedy } of findings) expect(remedy === '').toBe(level === 'ok');
  });

  it('fails where engine.yaml is wrong or the data folder cannot be written', async () => {
    project.write('engine.yaml', engineYaml(['flip']).replace('books:', 'boks:'));
    const { code, stdout } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail +Configuration +engine\.yaml: CONFIG_INVALID/m);
    project
      .write('file', '')
      .write('engine.yaml', engineYaml(['flip']).replace('name: test', 'name: test, dataDir: ./file/var'));
    const blocked = await project.run(['doctor']);
    expect(blocked.code).toBe(1);
    expect(blocked.stdout).toMatch(/^fail +Data folder/m);
  });
});
