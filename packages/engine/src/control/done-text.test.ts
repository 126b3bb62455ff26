import { describe, expect, it } from '@jest/globals';
import type { Command, CommandName } from '@bookrunner/sdk';
import { RunControl } from './engine-control.js';
import type { EngineSnapshot } from './engine-snapshot.js';
import { letGoText } from './idle-resume.js';

const SCOPE = { strategies: ['alpha'], books: ['CORE'], symbols: ['EURUSD'], accounts: ['main'], venues: ['sim'] };

function say(name: CommandName, args: Command['args'] = {}): Command {
  return { ts: 0, name, args, actor: 'ann' };
}

async function answer(command: Command, isFresh = true): Promise<unknown> {
  const snapshot = { halts: [], strategies: [], venues: [], feeds: [] } as unknown as EngineSnapshot;
  const control = new RunControl({
    link: {
      snapshot: () => Promise.resolve({ snapshot, isFresh }),
      post: () => Promise.resolve({ kind: 'done', at: 9 }),
      stop: () => {},
    },
    latch: { read: () => [], add: () => {}, path: '' } as never,
    audit: { record: () => {} } as never,
    ...{ scope: SCOPE, limits: {}, now: () => 7 },
  });
  const result = await control.act(command);
  return result.kind === 'done' ? result.text : result;
}

describe('the answer to a command', () => {
  it.each<[CommandName, Command['args'], string]>([
    ['halt', {}, 'Halted: everything. No new risk is taken; entries at work and protection stay. `resume` ends it.\n'],
    ['halt', { book: 'CORE' }, 'Halted: book CORE. '],
    ['reduce-only', { venue: 'sim' }, '`resume venue=sim` ends it.\n'],
    ['panic', { book: 'CORE' }, 'Panic: book CORE. Orders are being cancelled and positions closed; that is done when'],
    ['stop', { name: 'alpha' }, 'Stopped: strategy alpha. '],
    ['stop', { name: '*' }, 'Stopped: all strategies. '],
    ['start', { name: '*' }, 'Started: all strategies.\n'],
    ['alloc', { name: 'alpha', weight: 0.5 }, 'Weight of strategy alpha: 0.5. '],
    ['risk', { name: 'alpha', bps: 50 }, 'Loss limit of strategy alpha: 50 basis points of a day. '],
    [
      'flatten',
      { symbol: 'EURUSD', account: 'main' },
      'what no book explains of EURUSD on main: `reconcile` shows when',
    ],
    ['ignore', { symbol: 'EURUSD' }, 'Left in the suspense book: what no book explains of EURUSD.\n'],
    ['adopt', { symbol: 'EURUSD', strategy: 'alpha' }, 'Given to strategy alpha: what no book explains of EURUSD.\n'],
    ['shutdown', {}, 'The engine is being stopped. Positions stay, and orders as `engine.onStop` has it.\n'],
  ])('%s %j says what was done, and to what', async (name, args, text) => {
    expect(await answer(say(name, args))).toContain(text);
  });

  it('says so where what still holds is not shown', async () => {
    expect(await answer(say('start', { name: 'alpha' }), false)).toBe(
      'Started: strategy alpha.\nThe engine does not show how it is now: ask `status` what is still halted.\n',
    );
    expect(letGoText(say('resume'), undefined, [])).toBe('Resumed: everything.\n');
  });
});
