// `bookrunner doctor`: looks, changes nothing, and says what to do.
import { resolve } from 'node:path';
import { isTradingError } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { configPath, hasConfig, readConfig } from '../read-config.js';
import { textTable } from '../text-table.js';
import { fail, ok, warn, type Finding } from './finding.js';
import { calendarFindings, clockFinding, dataDirFinding, diskFinding } from './machine-findings.js';
import { duckdbFinding, nodeFinding, npmFinding, sqliteFinding } from './runtime-findings.js';

const DEFAULT_DATA_DIR = './var';

/** Runs the command. */
export async function runDoctorCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const { finding, config } = configFinding(args, io);
  const dataDir = config?.engine.dataDir ?? resolve(DEFAULT_DATA_DIR);
  const findings = [
    nodeFinding(),
    await npmFinding(),
    sqliteFinding(),
    await duckdbFinding(),
    finding,
    dataDirFinding(dataDir),
    diskFinding(dataDir),
    clockFinding(io.now()),
    ...calendarFindings(config, io.now()),
  ];
  const isSound = findings.every(({ level }) => level !== 'fail');
  io.output.result({ ok: isSound, findings }, () => findingsText(findings));
  return isSound ? EXIT.done : EXIT.failed;
}

function configFinding(
  args: CommandArguments,
  io: CommandIo,
): { readonly finding: Finding; readonly config?: EngineConfig } {
  const path = configPath(args);
  const what = 'Configuration';
  if (args.text('config') === undefined && !hasConfig(args)) {
    return {
      finding: warn(
        what,
        `there is no ${path} in this folder`,
        'Name the file: `bookrunner doctor path/to/engine.yaml`.',
      ),
    };
  }
  try {
    const config = readConfig(args, io);
    return { finding: ok(what, `${path} can be read`), config };
  } catch (error) {
    if (!isTradingError(error)) throw error;
    return {
      finding: fail(
        what,
        `${path}: ${error.code}`,
        'See `bookrunner check` for every problem and what to do about it.',
      ),
    };
  }
}

function findingsText(findings: readonly Finding[]): string {
  const table = textTable([
    ['', 'What', 'Found'],
    ...findings.map(({ level, what, message }) => [level, what, message]),
  ]);
  const remedies = findings
    .filter(({ remedy }) => remedy !== '')
    .map(({ level, what, remedy }) => `${level} ${what}: ${remedy}`);
  return remedies.length === 0 ? table : `${table}\n${remedies.join('\n')}`;
}
