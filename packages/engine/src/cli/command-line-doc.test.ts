import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLI_ERRORS } from './cli-errors.js';
import { COMMANDS } from './commands.js';
import { COMMON_OPTIONS } from './common-options.js';

const PAGE = readFileSync(new URL('../../../../docs/command-line.md', import.meta.url), 'utf8');

describe('docs/command-line.md', () => {
  it('has a section for every command, and names every option', () => {
    for (const entry of COMMANDS) expect(PAGE).toContain(`\n## ${entry.name}\n`);
    const commands = COMMANDS.flatMap((entry) => ('run' in entry ? [entry] : entry.commands));
    const options = commands.flatMap((command) => Object.keys({ ...command.options, ...COMMON_OPTIONS }));
    const missing = [...new Set(options)].filter((name) => !PAGE.includes(`--${name}`));
    expect(missing).toEqual([]);
  });

  it('lists the codes of the command line and no other', () => {
    const listed = [...PAGE.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(listed.toSorted()).toEqual(Object.keys(CLI_ERRORS).toSorted());
  });
});
