// What persons read of commands and halts.
import { describe, expect, it } from '@jest/globals';
import type { Command, CommandName } from '@bookrunner/sdk';
import { checkCommand } from './check-command.js';
import { haltText } from './halt-latch.js';
import { shownMoney } from './shown-money.js';

const SCOPE = { strategies: ['alpha'], books: ['CORE'], symbols: ['EURUSD'], accounts: ['main'], venues: ['sim'] };

function refused(name: CommandName, args: Command['args']): string | undefined {
  return checkCommand({ ts: 0, name, args, actor: 'ann' }, SCOPE)?.message;
}

describe('a refused command', () => {
  it('says in which words what is missing is said', () => {
    expect(refused('stop', { alpha: '' })).toBe(
      "Command stop: it takes no 'alpha', only name; strategy is not named: say name=STRATEGY.",
    );
    expect(refused('start', { nmae: 'alpha' })).toContain("it takes no 'nmae' (did you mean 'name'?), only name;");
    expect(refused('stauts' as CommandName, {})).toMatch(
      /^There is no command 'stauts' \(did you mean 'status'\?\)\. There are status, strategies, .*, shutdown\.$/,
    );
    expect(refused('flatten', {})).toBe('Command flatten: symbol is not named: say symbol=SYMBOL.');
    expect(refused('stop', { name: 5 })).toBe('Command stop: strategy has to be text; it is 5.');
  });
});

describe('haltText', () => {
  it.each(['command', 'it hung.', 'why?'])('is one whole sentence: %s', (reason) => {
    const text = haltText({ level: 'panic', actor: 'ann', reason, at: 0 });
    expect(text).toMatch(/[^.?][.?]$/);
  });
});

describe('shownMoney', () => {
  it.each([
    [994842.3599999999, 994842.36],
    [0.1 + 0.2, 0.3],
    [123456789012.34, 123456789012.34],
    [0.00000001, 0.00000001],
    [-1e-12, 0],
    [null, null],
  ])('%p is shown as %p', (value, shown) => {
    expect(shownMoney(value)).toBe(shown);
  });
});
