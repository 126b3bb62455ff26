import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, CommandName, EngineNotice } from '@bookrunner/sdk';
import { AuditLog } from './audit-log.js';
import { checkCommand } from './check-command.js';
import { CONFIRMATION_MS, Confirmations } from './confirmations.js';
import { type CommandOutcome, RunControl } from './engine-control.js';
import type { EngineSnapshot } from './engine-snapshot.js';
import { HaltLatch } from './halt-latch.js';
import { PanicFile } from './panic-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-control-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SCOPE = {
  strategies: ['alpha', 'beta'],
  books: ['CORE'],
  symbols: ['EURUSD'],
  accounts: ['main'],
  venues: ['sim'],
};

function say(name: string, args: Command['args'] = {}, actor = 'ann'): Command {
  return { ts: 0, name: name as CommandName, args, actor };
}

describe('HaltLatch', () => {
  it('keeps why new risk is stopped until it is released, by book or as a whole', () => {
    const latch = new HaltLatch(join(folder, 'var'));
    expect(latch.read()).toEqual([]);
    const all = { level: 'panic', reason: 'loss', actor: 'ann', at: 5 } as const;
    const core = { level: 'halt', book: 'CORE', reason: 'news', actor: 'bob', at: 6 } as const;
    latch.add(all);
    latch.add(core);
    latch.add({ ...core, reason: 'more news' });
    expect(new HaltLatch(join(folder, 'var')).read()).toEqual([all, { ...core, reason: 'more news' }]);
    latch.release({});
    expect(latch.read()).toMatchObject([{ book: 'CORE' }]);
    latch.release({ book: 'CORE' });
    expect(existsSync(latch.path)).toBe(false);
  });

  it.each(['', 'maintenance', '{"halted":[]}', '{"halted":[{"level":"slow"}]}', '[1]'])(
    'takes a file %j as a halt',
    (text) => {
      writeFileSync(join(folder, 'HALTED'), text);
      expect(new HaltLatch(folder).read()).toMatchObject([{ level: 'halt', actor: 'file HALTED' }]);
    },
  );

  it('takes a file that cannot be read as a halt', () => {
    mkdirSync(join(folder, 'HALTED'));
    expect(new HaltLatch(folder).read()).toMatchObject([{ level: 'halt' }]);
  });
});

describe('PanicFile', () => {
  it('calls once for each file, and takes it away afterwards', () => {
    const seen: boolean[] = [];
    const file: PanicFile = new PanicFile({
      dataDir: folder,
      onFound: () => seen.push(existsSync(file.path)),
      isKept: () => true,
    });
    file.look();
    writeFileSync(file.path, '');
    file.look();
    file.look();
    expect(seen).toEqual([true]);
    expect(existsSync(file.path)).toBe(false);
  });
});

describe('Confirmations', () => {
  function scene() {
    const clock = { now: 0 };
    let count = 0;
    const confirmations = new Confirmations({ now: () => clock.now, token: () => `t${(count += 1)}` });
    return { clock, confirmations };
  }

  it('are good once', () => {
    const { confirmations } = scene();
    const token = confirmations.ask(say('panic'));
    expect(confirmations.confirm(say('panic'), token)).toBe(true);
    expect(confirmations.confirm(say('panic'), token)).toBe(false);
  });

  it.each([say('shutdown'), say('panic', { book: 'CORE' }), say('panic', {}, 'bob')])(
    'are for one wish of one person',
    (other) => {
      const { confirmations } = scene();
      const token = confirmations.ask(say('panic'));
      expect(confirmations.confirm(other, token)).toBe(false);
      expect(confirmations.confirm(say('panic'), token)).toBe(false);
    },
  );

  it('end after a minute', () => {
    const { clock, confirmations } = scene();
    const [late, early] = [confirmations.ask(say('panic')), confirmations.ask(say('panic'))];
    clock.now = CONFIRMATION_MS - 1;
    expect(confirmations.confirm(say('panic'), early)).toBe(true);
    clock.now = CONFIRMATION_MS;
    expect(confirmations.confirm(say('panic'), late)).toBe(false);
  });
});

describe('checkCommand', () => {
  it.each([
    say('status'),
    say('start', { name: 'alpha' }),
    say('stop', { name: '*' }),
    say('alloc', { name: 'beta', weight: 0 }),
    say('halt', { book: 'CORE', reason: 'news' }),
    say('orders', { limit: 3 }),
  ])('takes %j', (command) => expect(checkCommand(command, SCOPE)).toBeUndefined());

  it.each([
    [say('pancake'), 'COMMAND_UNKNOWN', 'no command'],
    [say('toString'), 'COMMAND_UNKNOWN', 'no command'],
    [say('start'), 'COMMAND_INVALID', 'not named'],
    [say('start', { name: 'alpah' }), 'COMMAND_INVALID', "did you mean 'alpha'"],
    [say('alloc', { name: 'gamma', weight: 2 }), 'COMMAND_INVALID', 'weight has to be'],
    [say('alloc', { name: 'gamma', weight: Number.NaN }), 'COMMAND_INVALID', "no strategy is named 'gamma'"],
    [say('halt', { bok: 'CORE' }), 'COMMAND_INVALID', "did you mean 'book'"],
    [say('orders', { limit: 0 }), 'COMMAND_INVALID', 'above 0'],
    [say('status', {}, ''), 'COMMAND_INVALID', 'nobody'],
    [say('risk', { name: 'alpha', bps: 0 }), 'COMMAND_INVALID', 'bps has to be a number above 0'],
    [say('alloc', { name: 'alpha', weight: '0.2' }), 'COMMAND_INVALID', 'from 0 to 1; it is the text "0.2"'],
    [say('alloc', { name: 'alpha' }), 'COMMAND_INVALID', 'from 0 to 1; it is missing'],
  ] as const)('refuses %j as %s', (command, reason, words) => {
    const refused = checkCommand(command, SCOPE);
    expect(refused).toMatchObject({ kind: 'refused', reason });
    expect(refused?.message).toContain(words);
  });
});

describe('RunControl', () => {
  function scene(answer: CommandOutcome | undefined, snapshot?: Partial<EngineSnapshot>) {
    const posted: Command[] = [];
    const lates: ((outcome: CommandOutcome) => void)[] = [];
    const notices: EngineNotice[] = [];
    const latch = new HaltLatch(folder);
    const control = new RunControl({
      link: {
        snapshot: () =>
          Promise.resolve(snapshot === undefined ? undefined : { snapshot: snapshot as EngineSnapshot, isFresh: true }),
        post: (command, late) => {
          if (late !== undefined) lates.push(late);
          // The latch is on disk before the engine hears of it.
          posted.push({ ...command, args: { ...command.args, latched: latch.read().length } });
          return Promise.resolve(answer);
        },
        stop: () => {},
      },
      latch,
      audit: new AuditLog({ folder, now: () => 7, mask: (text) => text.replaceAll('hunter2', '***') }),
      scope: SCOPE,
      limits: {},
      now: () => 7,
    });
    control.onNotice((notice) => notices.push(notice));
    return { control, posted, lates, latch, notices };
  }

  it('latches before it hands over, also where the engine does not answer', async () => {
    const { control, posted, latch } = scene(undefined);
    expect(await control.command(say('halt'))).toMatchObject({
      ...{ kind: 'refused', reason: 'ENGINE_LATE', message: expect.stringContaining('this is latched') },
    });
    expect(posted).toMatchObject([{ args: { latched: 1 } }]);
    expect(latch.read()).toMatchObject([{ level: 'halt', actor: 'ann', at: 7 }]);
  });

  it('keeps the latch where a resume was refused', async () => {
    const { control, latch } = scene({ kind: 'refused', reason: 'COMMAND_REFUSED', message: 'no' });
    latch.add({ level: 'halt', reason: 'news', actor: 'bob', at: 4 });
    expect(await control.command(say('resume'))).toMatchObject({ kind: 'refused', message: 'no' });
    expect(latch.read()).toHaveLength(1);
  });

  it('keeps no halt that the engine refused, and those that it could not take', async () => {
    const refused = (reason: string): CommandOutcome => ({ kind: 'refused', reason, message: 'no' });
    const { control, latch } = scene(refused('COMMAND_REFUSED'));
    latch.add({ level: 'halt', venue: 'sim', reason: 'news', actor: 'bob', at: 4 });
    await control.act(say('panic', { venue: 'sim' }));
    await control.act(say('panic'));
    expect(latch.read()).toMatchObject([{ level: 'halt', venue: 'sim' }]);
    const late = scene(undefined);
    await late.control.act(say('panic', { venue: 'sim' }));
    expect(latch.read()).toHaveLength(2);
    late.lates[0]?.(refused('COMMAND_REFUSED'));
    expect(latch.read()).toHaveLength(1);
    await scene(refused('ENGINE_ENDED')).control.act(say('panic', { venue: 'sim' }));
    expect(latch.read()).toHaveLength(2);
  });

  it('takes back what was said before a resume that is answered late, and nothing that was said since', async () => {
    const { control, lates, latch } = scene(undefined);
    latch.add({ level: 'panic', reason: 'loss', actor: 'ann', at: 3 });
    latch.add({ level: 'halt', reason: 'news', actor: 'bob', at: 4 });
    expect(await control.act(say('resume'))).toMatchObject({ reason: 'ENGINE_LATE' });
    expect(latch.read()).toHaveLength(2);
    const again = { level: 'panic', reason: 'again', actor: 'ann', at: 5 } as const;
    latch.add(again);
    lates[0]?.({ kind: 'done', at: 9 });
    expect(latch.read()).toEqual([again]);
    await control.act(say('resume'));
    lates[1]?.({ kind: 'refused', reason: 'COMMAND_REFUSED', message: 'no' });
    expect(latch.read()).toEqual([again]);
    lates[1]?.({ kind: 'done', at: 9 });
    expect(latch.read()).toEqual([]);
  });

  it('counts a panic from the time of its latch', async () => {
    const { control, posted, latch } = scene({ kind: 'done', at: 9 });
    await control.act({ ...say('panic'), ts: 1 });
    expect([posted[0]?.ts, latch.read()[0]?.at]).toEqual([7, 7]);
  });

  it('asks before it takes a panic back, and says what else goes with it', async () => {
    const { control, latch } = scene({ kind: 'done', at: 9 });
    latch.add({ level: 'halt', reason: 'It hung.', actor: 'watchdog', at: 3 });
    latch.add({ level: 'halt', book: 'CORE', reason: 'news', actor: 'bob', at: 3 });
    await control.act(say('panic', { reason: 'loss' }));
    const asked = await control.command(say('resume'));
    const also = 'This also takes away: halt of everything by watchdog: It hung.';
    const asks = 'Resume everything after a panic by ann (loss)?';
    const question = expect.stringMatching(/\? It is not complete: .*, nothing more of it is done, .* This also takes/);
    expect(asked).toMatchObject({ kind: 'confirm', question });
    control.notePanic({ ts: 9, level: 'info', code: 'PANIC_COMPLETE', message: '', details: { askedAt: 7 } });
    expect(await control.command(say('resume'))).toMatchObject({ kind: 'confirm', question: `${asks} ${also}` });
    await control.command(say('resume'), (asked as { readonly token: string }).token);
    expect(latch.read()).toMatchObject([{ book: 'CORE' }]);
  });

  it('takes nothing of the latch back with a resume of one strategy', async () => {
    const { control, latch } = scene({ kind: 'done', at: 9 });
    await control.act(say('panic'));
    expect(await control.command(say('resume', { name: 'alpha' }))).toMatchObject({ kind: 'done' });
    expect(latch.read()).toMatchObject([{ level: 'panic' }]);
  });

  it('says the same of a halt in the latch and among the halts, with a reason and without', async () => {
    const halts = [{ scope: 'book', name: 'CORE', reason: 'halt by ann', until: null }];
    const shown = { halts, strategies: [], books: [] } as unknown as Partial<EngineSnapshot>;
    const { control } = scene({ kind: 'done', at: 3 }, shown);
    const reasons = async (reason?: string): Promise<unknown> => {
      await control.act(say('halt', { book: 'CORE', ...(reason === undefined ? {} : { reason }) }));
      const answer = await control.command(say('risk'));
      const { latched, halts } = (answer as unknown as { readonly data: Record<string, { reason: string }[]> }).data;
      return [latched?.[0]?.reason, halts?.[0]?.reason];
    };
    expect(await reasons()).toEqual(['halt by ann', 'halt by ann']);
    expect(await reasons('news')).toEqual(['news', 'halt by ann: news']);
    expect(await reasons('  ')).toEqual(['halt by ann', 'halt by ann']);
  });

  it('answers resume and start with what still holds, and how to end it', async () => {
    const halted = {
      halts: [
        { scope: 'book', name: 'CORE', reason: 'halt by ann', until: null },
        { scope: 'strategy', name: 'beta', reason: 'Lost too much.', until: 86_400_000 },
      ],
      strategies: [
        { name: 'alpha', book: 'CORE', venue: 'sim', feed: 'data', positions: [] },
        { name: 'beta', book: 'SIDE', venue: 'other', feed: 'more', positions: [] },
      ],
      venues: [
        { name: 'sim', isReconciled: false },
        { name: 'other', isReconciled: true },
      ],
      feeds: [
        { name: 'data', state: 'live' },
        { name: 'more', state: 'disconnected' },
      ],
    } as unknown as Partial<EngineSnapshot>;
    const core = 'Book CORE is still halted (halt by ann: roll-over): resume it with book=CORE.';
    const { control, latch } = scene({ kind: 'done', at: 3 }, halted);
    latch.add({ level: 'halt', book: 'CORE', reason: 'roll-over.', actor: 'ann', at: 5 });
    latch.add({ level: 'halt', book: 'SIDE', reason: 'news', actor: 'bob', at: 6 });
    const held = async (command: Command): Promise<unknown> => {
      const answer = await control.command(command);
      return answer.kind === 'done' && (answer.data as { readonly stillHeld: unknown }).stillHeld;
    };
    expect(await held(say('resume'))).toEqual([
      core,
      'Strategy beta is still halted (Lost too much), until 1970-01-02T00:00:00.000Z at the latest: resume it with name=beta.',
      'The file HALTED still has a halt of book SIDE by bob (news): the next start begins with it.',
    ]);
    const away = 'Venue sim has not said what is there: nothing is sent to it until then.';
    const silent = 'Feed more is disconnected: no strategy is asked about what it would bring.';
    expect(await held(say('start', { name: 'alpha' }))).toEqual([core, away]);
    expect(await held(say('start', { name: 'beta' }))).toEqual([
      expect.stringContaining('beta is still halted'),
      silent,
    ]);
    latch.clear();
    const free = scene({ kind: 'done', at: 3 }, { halts: [], strategies: [], venues: [], feeds: [] });
    expect(await free.control.command(say('resume'))).toEqual({
      kind: 'done',
      data: { at: 3, wasHalted: false, stillHeld: [] },
      text: 'Nothing was halted.\n',
    });
  });

  it('tells of a resume without a halt that nothing was halted, and of any other what the engine says', async () => {
    const [none, book] = [[], [{ scope: 'book', name: 'CORE', reason: 'halt by ann', until: null }]];
    const resumed = (scope: string, name: string, subject: string): EngineNotice => {
      const message = `${subject}: Resumed by command.`;
      return { ts: 9, level: 'info', code: 'RISK_RESUMED', message, details: { scope, name } };
    };
    const free = (halts: readonly object[]) =>
      scene({ kind: 'done', at: 3 }, { halts, strategies: [], venues: [], feeds: [] } as unknown as EngineSnapshot);
    const told = async (halts: readonly object[], args: Command['args'], notice: EngineNotice) => {
      const { control } = free(halts);
      await control.command(say('resume', args));
      return [control.told(notice).message, control.told(notice).message];
    };
    const all = resumed('global', '', 'global');
    const core = resumed('book', 'CORE', 'book CORE');
    const [said, saidOfCore] = [all.message, core.message];
    expect(await told(none, {}, all)).toEqual(['global: Nothing was halted.', said]);
    expect(await told(book, {}, all)).toEqual(['global: Nothing was halted as a whole.', said]);
    expect(await told(book, { book: 'CORE' }, core)).toEqual([saidOfCore, saidOfCore]);
    expect(await told(none, { book: 'CORE' }, core)).toEqual(['book CORE: It was not halted.', saidOfCore]);
    // Halted by a limit between the look and the command.
    const { control } = free(none);
    await control.command(say('resume'));
    control.told({ ...all, code: 'RISK_LOSS_DAY', details: { ...all.details, halt: { reason: 'loss', until: null } } });
    expect(control.told(all).message).toBe(said);
    // In the latch alone: that is something to take away.
    const latched = free(none);
    latched.latch.add({ level: 'halt', reason: 'news', actor: 'bob', at: 4 });
    expect(await latched.control.command(say('resume'))).toMatchObject({ data: { wasHalted: true } });
    expect(latched.control.told(all).message).toBe(said);
  });

  it('looks before a resume, and keeps commands in their order', async () => {
    const order: string[] = [];
    const { latch } = scene(undefined);
    const control = new RunControl({
      link: {
        snapshot: () => {
          order.push('look');
          return new Promise(() => {});
        },
        post: ({ name }) => {
          order.push(name);
          return Promise.resolve(undefined);
        },
        stop: () => {},
      },
      ...{ latch, audit: new AuditLog({ folder, now: () => 7, mask: String }), scope: SCOPE, limits: {}, now: () => 7 },
    });
    await Promise.all([control.command(say('resume')), control.command(say('halt'))]);
    expect(order).toEqual(['look', 'resume', 'halt']);
  });

  it('answers resume and start with the wishes that were refused meanwhile, and wait', async () => {
    const waiting = { symbol: 'AAPL', qty: 0, target: 70, awaitsOtherAnswer: true };
    const positions = [waiting, { ...waiting, awaitsOtherAnswer: false }, { ...waiting, qty: 70 }];
    const shown = {
      ...{ halts: [], venues: [], feeds: [] },
      strategies: [
        { name: 'alpha', book: 'CORE', positions },
        { name: 'beta', book: 'CORE', positions: [] },
      ],
    } as unknown as Partial<EngineSnapshot>;
    const { control } = scene({ kind: 'done', at: 3 }, shown);
    const text =
      'Strategy alpha wants 70 AAPL and has 0: that was refused or has ended, and it waits for another answer of the strategy.';
    expect(await control.command(say('resume'))).toMatchObject({ data: { stillHeld: [text] } });
    expect(await control.command(say('start', { name: 'alpha' }))).toMatchObject({ data: { stillHeld: [text] } });
    expect(await control.command(say('start', { name: 'beta' }))).toMatchObject({ data: { stillHeld: [] } });
  });

  it('asks for no confirmation of what cannot be done: nothing is frozen there', async () => {
    const frozen = [{ account: 'main', symbol: 'EURUSD', qty: 5, closable: 3, isClosing: false, action: '' }];
    const shown = (rows: readonly object[]): Partial<EngineSnapshot> =>
      ({ reconciliation: [{ venue: 'sim', frozen: rows, undecided: [] }] }) as unknown as Partial<EngineSnapshot>;
    for (const name of ['adopt', 'flatten', 'ignore']) {
      const command = say(name, { symbol: 'EURUSD' });
      const { control, posted } = scene({ kind: 'done', at: 3 }, shown([]));
      expect(await control.command(command)).toMatchObject({
        ...{ kind: 'refused', reason: 'COMMAND_REFUSED', message: 'Nothing in EURUSD is frozen or in suspense.' },
      });
      expect(posted).toEqual([]);
      expect(await scene({ kind: 'done', at: 3 }, shown(frozen)).control.command(command)).toMatchObject({
        kind: 'confirm',
      });
      const simulated = scene({ kind: 'done', at: 3 }, { reconciliation: [] });
      expect(await simulated.control.command(command)).toMatchObject({ kind: 'refused' });
      // Nothing fresh is shown: the engine itself finds out.
      expect(await scene({ kind: 'done', at: 3 }).control.command(command)).toMatchObject({ kind: 'confirm' });
    }
  });

  it('asks about a position with its quantity, and with what of it can be closed', async () => {
    const row = { account: 'main', symbol: 'EURUSD', qty: 5, action: '' };
    const question = async (rows: { readonly frozen: object[]; readonly undecided: object[] }, name: string) => {
      const shown = { reconciliation: [{ venue: 'sim', ...rows }] } as unknown as Partial<EngineSnapshot>;
      return scene({ kind: 'done', at: 3 }, shown).control.command(say(name, { symbol: 'EURUSD' }));
    };
    const frozen = { frozen: [{ ...row, closable: 3 }], undecided: [] };
    const undecided = { frozen: [], undecided: [{ ...row, closable: 5 }] };
    expect(await question(frozen, 'flatten')).toMatchObject({
      question: 'Close 5 EURUSD on main that no book explains, as far as the broker has it (3), at the market?',
    });
    expect(await question(undecided, 'flatten')).toMatchObject({
      question: 'Close 5 EURUSD on main that no book explains at the market?',
    });
    const none = { frozen: [{ ...row, closable: 0 }], undecided: [] };
    expect(await question(none, 'flatten')).toMatchObject({
      kind: 'refused',
      message: 'Of 5 EURUSD on main that no book explains the broker has none to close. Adopt or ignore it.',
    });
    expect(await question(none, 'adopt')).toMatchObject({ kind: 'confirm' });
    expect(await question(undecided, 'ignore')).toMatchObject({
      question: expect.stringContaining('5 EURUSD on main'),
    });
    expect(await question(undecided, 'adopt')).toMatchObject({ question: expect.stringContaining('5 EURUSD on main') });
  });

  it('writes one line for each command, without what is secret', async () => {
    const { control } = scene({ kind: 'done', at: 3 });
    await control.command(say('halt', { reason: 'hunter2' }));
    await control.command(say('start', { name: 'nobody' }));
    const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { at: 7, actor: 'ann', command: 'halt', args: { reason: '***' }, outcome: 'done' },
      { command: 'start', outcome: 'refused', reason: 'COMMAND_INVALID' },
    ]);
  });

  it('panics although the disk fails, and says what is missing', async () => {
    const { control, posted, notices } = scene({ kind: 'done', at: 3 });
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(await control.act(say('panic'))).toMatchObject({ kind: 'done' });
    expect(posted).toHaveLength(1);
    expect(notices.map(({ level, code }) => [level, code])).toEqual([
      ['alarm', 'HALT_LATCH_UNWRITABLE'],
      ['alarm', 'AUDIT_UNWRITABLE'],
    ]);
    // The next start cannot know of it, so whoever said it has to hear that.
    await control.tellOpenPanics(new Error('over'));
    expect(notices.at(-1)).toMatchObject({ code: 'PANIC_UNFINISHED', details: { isLatched: false } });
  });

  it('tells every listener, also after one that throws, and none that has gone', () => {
    const { control, notices } = scene(undefined);
    const leave = control.onNotice(() => {
      throw new Error('shown to nobody');
    });
    const later: EngineNotice[] = [];
    control.onNotice((notice) => later.push(notice));
    const notice: EngineNotice = { ts: 1, level: 'info', code: 'X', message: 'x', details: {} };
    control.tell(notice);
    leave();
    control.close();
    control.tell(notice);
    expect([notices, later]).toEqual([[notice], [notice]]);
  });

  it('tells a status once that comes again and again, and counts every one', async () => {
    const { control, notices } = scene(undefined);
    const details = { venue: 'ib', state: 'disconnected' };
    const notice: EngineNotice = { ts: 1, level: 'warning', code: 'VENUE_STATUS', message: 'refused', details };
    for (let k = 0; k < 5; k += 1) control.tell(notice);
    expect(notices).toEqual([notice]);
    expect(await control.metrics()).toContain('bookrunner_notices_total{code="VENUE_STATUS",level="warning"} 5');
  });

  it('measures before the engine shows anything, after it has ended, and what was told', async () => {
    const { control } = scene({ kind: 'done', at: 7 });
    control.tell({ ts: 1, level: 'warning', code: 'ORDER_REJECTED', message: '', details: {} });
    const text = await control.metrics();
    expect(text).toContain('\nbookrunner_order_rejections_total 1\n');
    expect(text).toContain('bookrunner_state{state="starting"} 1');
    control.close();
    expect(await control.metrics()).toContain('bookrunner_responding 0');
  });
});
