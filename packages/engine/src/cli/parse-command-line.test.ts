import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import type { CommandArguments } from './command-arguments.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT } from './exit-code.js';
import { parseCommandLine } from './parse-command-line.js';

const run = (): Promise<0> => Promise.resolve(EXIT.done);
const GO: CommandDefinition = {
  name: 'go',
  describe: 'Goes.',
  positionals: [{ name: 'where', describe: 'Where.' }],
  options: {
    set: { type: 'texts', describe: 'Sets.' },
    speed: { type: 'text', describe: 'Speed.' },
    report: { type: 'text', describe: 'Report.', choices: ['html', 'none'] },
    force: { type: 'flag', describe: 'Forces.' },
  },
  run,
};
const TAKE: CommandDefinition = {
  name: 'take',
  describe: 'Takes.',
  positionals: [{ name: 'what', describe: 'What.', isRequired: true }],
  run,
};
const LOOK: CommandDefinition = { name: 'look', describe: 'Looks.', isDefault: true, run };
const THINGS: CommandGroup = { name: 'things', describe: 'Things.', commands: [TAKE, { ...TAKE, name: 'drop' }] };
const PLACES: CommandGroup = {
  name: 'places',
  describe: 'Places.',
  commands: [LOOK, { ...LOOK, name: 'leave', isDefault: false }],
};

const LINE = { commands: [GO, THINGS, PLACES], version: '1.2.3', columns: 80 };

function parsed(...words: readonly string[]): { readonly name: string; readonly args: CommandArguments } {
  const asked = parseCommandLine(words, LINE);
  if (asked.kind !== 'run') throw new Error(`It gave a text: ${asked.text}`);
  return { name: asked.command.name, args: asked.args };
}

function fault(...words: readonly string[]): string {
  try {
    parseCommandLine(words, LINE);
  } catch (error) {
    if (isTradingError(error)) return error.toOperatorText();
    throw error;
  }
  return 'no fault';
}

describe('parseCommandLine', () => {
  it('gives the command and what it was given', () => {
    const { name, args } = parsed('go', 'there', '--speed', '3', '--force', '--json');
    expect(name).toBe('go');
    expect([args.text('where'), args.text('speed'), args.flag('force'), args.flag('json'), args.flag('quiet')]).toEqual(
      ['there', '3', true, true, false],
    );
  });

  it('leaves numbers and dots as they were written', () => {
    const { args } = parsed('go', '007', '--speed', '1e3', '--set', 'a.b[0].c=1', '--set=d=', '--set', '-e=--f');
    expect([args.text('where'), args.text('speed'), args.texts('set')]).toEqual([
      '007',
      '1e3',
      ['a.b[0].c=1', 'd=', '-e=--f'],
    ]);
  });

  it('does not take the positional for the value of a repeated option', () => {
    const { args } = parsed('go', '--set', 'a=1', 'there');
    expect([args.text('where'), args.texts('set')]).toEqual(['there', ['a=1']]);
  });

  it('knows commands below a command, and what a group does by itself', () => {
    expect(parsed('things', 'take', 'it').name).toBe('take');
    expect(parsed('things', 'drop', 'it').args.text('what')).toBe('it');
    expect(parsed('places').name).toBe('look');
    expect(parsed('places', 'leave').name).toBe('leave');
  });

  it('shows help and version instead of running', () => {
    expect(parseCommandLine(['--version'], LINE)).toEqual({ kind: 'text', text: '1.2.3' });
    const help = parseCommandLine(['go', '--help'], LINE);
    expect(help).toMatchObject({ kind: 'text', text: expect.stringContaining('(html | none)') });
    expect(parseCommandLine(['--help'], LINE)).toMatchObject({ text: expect.stringContaining('Exit codes: 0 done') });
  });

  it.each([
    [['og'], "There is no command 'og'. Did you mean 'go'?"],
    [['thing'], "Did you mean 'things'?"],
    [['things', 'taek', 'it'], "There is no command 'taek'. Did you mean 'take'?"],
    [['go', '--sped', '3'], "There is no option --sped. Did you mean '--speed'?"],
    [['go', '-x'], 'There is no option -x.'],
    [['go', 'a', 'b'], "'b' is one argument too many."],
    [['go', '--speed'], '--speed needs a value.'],
    [['things', 'take'], "'things take' needs what."],
    [['things'], 'Known: take, drop.'],
    [[], 'Name a command. Known: go, things, places.'],
  ])('says what is wrong with %j', (words, text) => {
    expect(fault(...words)).toContain(text);
    expect(fault(...words)).toMatch(/^CLI_USAGE_INVALID: .* See `bookrunner .*--help`\.$/s);
  });
});

describe('a command that there is not', () => {
  it.each([
    [['og', 'there.yaml'], "There is no command 'og'. Did you mean 'go'?"],
    [['og', '--speed', '3', '--force', 'there'], "There is no command 'og'. Did you mean 'go'?"],
    [['og', '--no-report'], "There is no command 'og'. Did you mean 'go'?"],
    [['thngs', 'taek', 'it'], "There is no command 'thngs'. Did you mean 'things'?"],
    [['things', 'taek', 'it', 'now'], "There is no command 'taek'. Did you mean 'take'?"],
    [['places', 'leav', 'it'], "There is no command 'leav'. Did you mean 'leave'?"],
    [['far', 'away'], "There is no command 'far'. Known: go, things, places."],
    [['places', 'there'], "'there' is one argument too many."],
  ])('is all that %j is told', (words, text) => {
    expect(fault(...words)).toMatch(/^CLI_USAGE_INVALID: (.*) See `bookrunner .*--help`\.$/s);
    expect(fault(...words).replace(/^CLI_USAGE_INVALID: (.*) See .*$/s, '$1')).toBe(text);
  });
});

describe('CommandArguments', () => {
  it('takes only the words of a choice, whole numbers, and one value where one is meant', () => {
    const { args } = parsed('go', '--no-report', '--speed', 'max');
    expect([args.choice('report', ['html', 'none']), args.count('speed', 1, 'max')]).toEqual(['none', 'max']);
    expect(() => parsed('go', '--report', 'htm').args.choice('report', ['html', 'none'])).toThrow(
      "Did you mean 'html'?",
    );
    for (const text of ['-1', '1.5', '0', 'maxx', '', '99999999999999999999']) {
      expect(() => parsed('go', `--speed=${text}`).args.count('speed', 1, 'max')).toThrow("from 1 on or 'max'");
    }
    expect(() => parsed('go', '--speed', '1', '--speed', '2').args.text('speed')).toThrow('--speed was given 2 times');
    expect(parsed('go').args.count('speed', 1)).toBeUndefined();
  });
});

describe('the commands of bookrunner', () => {
  it('have names, descriptions and options that the parser can tell apart', () => {
    const commands = COMMANDS.flatMap((entry) => ('run' in entry ? [entry] : entry.commands));
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
    for (const command of commands) {
      expect(command.describe).not.toBe('');
      const names = [...Object.keys(command.options ?? {}), ...(command.positionals ?? []).map(({ name }) => name)];
      expect(new Set(names).size).toBe(names.length);
      for (const option of Object.values(command.options ?? {})) {
        if (option.choices !== undefined && option.default !== undefined)
          expect(option.choices).toContain(option.default);
      }
    }
  });

  it('shows help for each of them', () => {
    for (const entry of COMMANDS) {
      const paths = 'run' in entry ? [[entry.name]] : entry.commands.map(({ name }) => [entry.name, name]);
      for (const path of paths) {
        const asked = parseCommandLine([...path, '--help'], { ...LINE, commands: COMMANDS });
        expect(asked).toMatchObject({ kind: 'text', text: expect.stringContaining(`bookrunner ${path.join(' ')}`) });
      }
    }
  });
});
