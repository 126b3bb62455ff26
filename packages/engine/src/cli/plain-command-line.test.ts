import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CommandArguments } from './command-arguments.js';
import type { CommandDefinition } from './command.js';
import { COMMANDS } from './commands.js';
import { COMMON_OPTIONS } from './common-options.js';
import { parseCommandLine, type Invocation } from './parse-command-line.js';
import { readPlainCommandLine } from './plain-command-line.js';

/** Everything a command can ask of its arguments. */
function said(command: CommandDefinition, args: CommandArguments): unknown {
  const names = [...Object.keys({ ...command.options, ...COMMON_OPTIONS }), ...(command.positionals ?? []).map(nameOf)];
  const text = (name: string): unknown => {
    try {
      return args.text(name);
    } catch {
      return 'refused';
    }
  };
  return [command.name, names.map((name) => [name, args.flag(name), text(name), args.texts(name)])];
}

const nameOf = ({ name }: { readonly name: string }): string => name;

function parsed(words: readonly string[]): Invocation | 'refused' {
  try {
    return parseCommandLine(words, { commands: COMMANDS, version: '1.2.3', columns: 80 });
  } catch {
    return 'refused';
  }
}

const WORD = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('--json', '--set', '--from', '--report', '--no-report', '--on-bad-row') },
  { weight: 3, arbitrary: fc.constantFrom('engine.yaml', '2024-01-01', 'a.b=1', 'none', 'html', 'my file', '007') },
  fc.constantFrom('--set=a=b', '--set=-x', '--from=', '--from="x"', '--json=false', '--no-json', '--report=none'),
  fc.constantFrom('-', '--', '-x', '-1', '', '--help', '--version', '--frm', '"q"', "'q'", 'true', '--from=a=b'),
  fc.string({ maxLength: 6 }),
  fc.string({ maxLength: 6 }).map((text) => `--set=${text}`),
);
const COMMAND = fc.constantFrom(
  'backtest',
  'paper',
  'check',
  'report',
  'doctor',
  'schema',
  'data',
  'plugins',
  'bcktest',
);

describe('readPlainCommandLine', () => {
  it('reads what it reads as the parser does', () => {
    fc.assert(
      fc.property(COMMAND, fc.array(WORD, { maxLength: 6 }), (name, rest) => {
        const words = [name, ...rest];
        const plain = readPlainCommandLine(words, COMMANDS);
        if (plain === undefined) return;
        const asked = parsed(words);
        if (asked === 'refused' || asked.kind !== 'run')
          throw new Error(`The parser answers otherwise: ${String(asked)}`);
        expect(said(plain.command, plain.args)).toEqual(said(asked.command, asked.args));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [['backtest']],
    [['backtest', 'engine.yaml', '--json', '--fills', '0', '--report', 'none']],
    [['backtest', '--no-report', '--set', '-a=1', '--set=b=2', 'other.yaml']],
    [['paper', 'engine.yaml', '--speed', 'max']],
    [['check', 'engine.yaml', '--quiet']],
  ])('reads %j', (words) => {
    expect(readPlainCommandLine(words, COMMANDS)).toBeDefined();
  });

  it.each([
    [[]],
    [['--json', 'backtest']],
    [['backtest', '--help']],
    [['backtest', '--json', 'true']],
    [['backtest', '--fils', '0']],
    [['backtest', '--fills']],
    [['backtest', '--from', '-1']],
    [['backtest', 'one.yaml', 'two.yaml']],
    [['backtest', '--', 'engine.yaml']],
    [['backtest', '--fills', '1', '--fills', '2']],
    [['report']],
    [['plugins', 'list']],
  ])('leaves %j to the parser', (words) => {
    expect(readPlainCommandLine(words, COMMANDS)).toBeUndefined();
  });
});
