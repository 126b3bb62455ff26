import type { ControlSurface } from '../../interfaces/control-surface.js';
import type { CommandName } from '../../model/command.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import { bindCases, unless } from '../contract.js';
import type { CaseOver, ContractSuite } from '../contract.js';
import { testingError } from '../errors.js';
import { RecordingEngineControl } from './recording-engine-control.js';

/** A person at the surface, as the fixture plays them: typing, tapping or calling. */
export interface SurfacePerson {
  ask(name: CommandName, args?: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Answers the question shown last. */
  answer(isYes: boolean): void | Promise<void>;
}

/** One surface, not yet open, with somebody allowed and somebody not. */
export interface ControlSurfaceFixture {
  readonly surface: ControlSurface;
  readonly person: SurfacePerson;
  /** Somebody not allowed; needed unless the suite declares `strangers: false`. */
  readonly stranger?: SurfacePerson;
  /** Everything the surface has shown so far, oldest first. */
  shown(): readonly string[];
  /** Tokens and passwords the surface was given. */
  readonly secrets: readonly string[];
  /** Resolves when everything asked has been answered. */
  settle(): Promise<void>;
  dispose?(): Promise<void>;
}

/** Options of {@link controlSurfaceContract}: what a surface does not do is declared. */
export interface ControlSurfaceContractOptions {
  create(): ControlSurfaceFixture | Promise<ControlSurfaceFixture>;
  /** False where everybody who reaches the surface is allowed, such as a local file. */
  readonly strangers?: boolean;
  /** False where the surface cannot ask back. */
  readonly confirms?: boolean;
  /** False where the surface shows no notices. */
  readonly notices?: boolean;
}

/** A surface opened on a recording engine. */
class SurfaceSession {
  readonly fixture: ControlSurfaceFixture;
  readonly engine = new RecordingEngineControl();

  constructor(fixture: ControlSurfaceFixture) {
    this.fixture = fixture;
  }

  static async open(fixture: ControlSurfaceFixture): Promise<SurfaceSession> {
    const session = new SurfaceSession(fixture);
    await checkNoThrow(() => fixture.surface.open(session.engine), 'open');
    await fixture.settle();
    return session;
  }

  async ask(name: CommandName, args?: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#act(
      () => (args === undefined ? this.fixture.person.ask(name) : this.fixture.person.ask(name, args)),
      `Asking ${name}`,
    );
  }

  async answer(isYes: boolean): Promise<void> {
    await this.#act(() => this.fixture.person.answer(isYes), 'Answering a question');
  }

  async asStranger(act: (stranger: SurfacePerson) => void | Promise<void>): Promise<void> {
    const { stranger } = this.fixture;
    if (stranger === undefined) {
      throw testingError(
        'CONTRACT_FIXTURE_INCOMPLETE',
        'The fixture has no `stranger`, and the suite does not declare that.',
      );
    }
    await this.#act(() => act(stranger), 'A stranger asking');
  }

  async close(): Promise<void> {
    await checkNoThrow(() => this.fixture.surface.close(), 'close');
    await this.fixture.settle();
  }

  /** What was shown during a call. */
  async shownBy(act: () => Promise<void>): Promise<string> {
    const before = this.fixture.shown().length;
    await act();
    return this.fixture.shown().slice(before).join('\n');
  }

  /** Fails unless these commands arrived, in order. */
  checkCommands(names: readonly CommandName[], when: string): void {
    checkEqual(this.engine.names, names, `Commands ${when}`);
  }

  async #act(act: () => void | Promise<void>, what: string): Promise<void> {
    await checkNoThrow(act, what);
    await this.fixture.settle();
  }
}

async function sendsWhatIsAsked(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  session.checkCommands([], 'before anybody asked');
  await session.ask('status');
  await session.ask('start', { name: 'mr-aapl' });
  session.checkCommands(['status', 'start'], 'after two were asked');
  checkEqual(session.engine.commands[1]?.command.args, { name: 'mr-aapl' }, 'The arguments of start');
  for (const { command } of session.engine.commands) {
    check(typeof command.actor === 'string' && command.actor.trim() !== '', 'A command does not say who asked.');
    check(Number.isFinite(command.ts), `A command has the time ${command.ts}.`);
  }
}

async function showsResults(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  const done = await session.shownBy(() => session.ask('status'));
  check(done !== '', 'Nothing was shown of a command that was done.');
  session.engine.answer = { kind: 'refused', reason: 'NOT_RUNNING', message: 'Strategy mr-aapl is not running.' };
  const refused = await session.shownBy(() => session.ask('stop', { name: 'mr-aapl' }));
  check(refused.includes('not running'), `A refusal has to be shown with its message; shown was '${refused}'.`);
}

async function keepsStrangersOut(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  await session.asStranger((stranger) => stranger.ask('status'));
  await session.asStranger((stranger) => stranger.ask('panic'));
  session.checkCommands([], 'after a stranger asked');
}

async function strangersConfirmNothing(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  await session.ask('panic');
  await session.asStranger((stranger) => stranger.answer(true));
  const confirmed = session.engine.commands.filter((item) => item.confirmation !== undefined);
  check(confirmed.length === 0, "A stranger's yes confirmed somebody else's command.");
}

async function asksBack(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  const question = await session.shownBy(() => session.ask('panic'));
  check(question.includes('Really panic?'), `The question has to be put to the person; shown was '${question}'.`);
  const early = session.engine.commands.filter((item) => item.confirmation !== undefined);
  check(early.length === 0, 'The token went back before anybody said yes.');
}

async function yesConfirmsOnce(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  await session.ask('panic');
  await session.answer(true);
  await session.answer(true);
  const [first, ...others] = session.engine.commands.filter((item) => item.confirmation !== undefined);
  check(first !== undefined, 'A yes sent no token back.');
  checkEqual([first.command.name, first.confirmation], ['panic', 'token-1'], 'The confirmed command and its token');
  check(others.length === 0, 'A second yes confirmed again.');
  checkEqual(first.command.args, session.engine.commands[0]?.command.args, 'The arguments of the confirmed command');
}

async function noConfirmsNothing(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  await session.ask('panic');
  await session.answer(false);
  await session.answer(true);
  const confirmed = session.engine.commands.filter((item) => item.confirmation !== undefined);
  check(confirmed.length === 0, 'A no, or a yes after it, sent the token back.');
}

async function silentOutsideLife(fixture: ControlSurfaceFixture): Promise<void> {
  const session = new SurfaceSession(fixture);
  await checkNoThrow(async () => {
    await fixture.surface.open(session.engine);
    await fixture.settle();
    await fixture.surface.close();
    await fixture.settle();
  }, 'open and close');
  check(session.engine.listeners === 0, `After close ${session.engine.listeners} listeners to notices are left.`);
  const shown = await session.shownBy(async () => {
    // A surface that is gone may refuse the person's call itself: what counts is that no command comes of it.
    await (async () => fixture.person.ask('status'))().catch(() => undefined);
    session.engine.notify();
    await fixture.settle();
  });
  session.checkCommands([], 'after close');
  check(!shown.includes('silent'), `After close it still showed '${shown}'.`);
}

async function closesTwice(fixture: ControlSurfaceFixture): Promise<void> {
  await checkNoThrow(() => fixture.surface.close(), 'close before open');
  const session = await SurfaceSession.open(fixture);
  await session.close();
  await checkNoThrow(() => fixture.surface.close(), 'close, called twice');
}

async function showsFailures(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  session.engine.failure = testingError('TESTING_INPUT_INVALID', 'The engine is restarting.');
  const shown = await session.shownBy(() => session.ask('status'));
  check(shown !== '', 'A failing engine call was not shown.');
  session.engine.failure = undefined;
  const before = session.engine.commands.length;
  await session.ask('pnl');
  check(session.engine.commands.length === before + 1, 'After a failing call it sends no commands any more.');
}

async function keepsSecrets(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  await session.ask('status');
  await session.ask('panic');
  await session.answer(false);
  session.engine.failure = testingError('TESTING_INPUT_INVALID', 'The engine is restarting.');
  await session.ask('status');
  session.engine.notify();
  await fixture.settle();
  await session.close();
  const all = fixture.shown().join('\n');
  for (const secret of fixture.secrets) check(!all.includes(secret), 'One of its secrets appears in what it shows.');
}

async function showsNotices(fixture: ControlSurfaceFixture): Promise<void> {
  const session = await SurfaceSession.open(fixture);
  const shown = await session.shownBy(async () => {
    session.engine.notify({ message: 'The feed ib is silent.' });
    await fixture.settle();
  });
  check(shown.includes('The feed ib is silent.'), `An alarm has to be shown; shown was '${shown}'.`);
  session.checkCommands([], 'after a notice');
}

function cases(options: ControlSurfaceContractOptions): readonly CaseOver<ControlSurfaceFixture>[] {
  const strangers = unless(options.strangers !== false, 'declared: everybody who reaches it is allowed');
  const confirms = unless(options.confirms !== false, 'declared: it cannot ask back');
  const notices = unless(options.notices !== false, 'declared: it shows no notices');
  return [
    { id: 'CTL-010', title: 'sends what a person asks, with who asked, and nothing by itself', run: sendsWhatIsAsked },
    { id: 'CTL-020', title: 'shows results and refusals', run: showsResults },
    { id: 'CTL-030', title: 'sends no command for somebody not allowed', skip: strangers, run: keepsStrangersOut },
    { id: 'CTL-040', title: 'puts a confirmation to the person first', skip: confirms, run: asksBack },
    { id: 'CTL-050', title: 'a yes sends the token back, once', skip: confirms, run: yesConfirmsOnce },
    { id: 'CTL-060', title: 'a no sends nothing', skip: confirms, run: noConfirmsNothing },
    {
      id: 'CTL-070',
      title: 'a stranger’s yes confirms nothing',
      skip: strangers ?? confirms,
      run: strangersConfirmNothing,
    },
    { id: 'CTL-080', title: 'answers nothing after close and leaves no listener', run: silentOutsideLife },
    { id: 'CTL-090', title: 'may be closed twice, and before it was opened', run: closesTwice },
    { id: 'CTL-100', title: 'shows a failing engine call and goes on', run: showsFailures },
    { id: 'CTL-110', title: 'never shows a secret', run: keepsSecrets },
    { id: 'CTL-120', title: 'shows notices', skip: notices, run: showsNotices },
  ];
}

/**
 * The contract of control surfaces against an engine that records; see {@link ControlSurface} for the rules.
 *
 * @example
 * const suite = controlSurfaceContract({ create: createSurfaceFixture });
 */
export function controlSurfaceContract(options: ControlSurfaceContractOptions): ContractSuite {
  return {
    name: 'control surface',
    cases: bindCases(cases(options), {
      create: () => options.create(),
      dispose: async (fixture) => {
        // Whether close behaves is judged by a case of its own.
        await Promise.resolve(fixture.surface.close()).catch(() => undefined);
        await fixture.dispose?.();
      },
    }),
  };
}
