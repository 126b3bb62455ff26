import { describe, expect, it } from '@jest/globals';
import type { CommandResult, EngineControl, EngineNotice } from '../../interfaces/control-surface.js';
import type { Command } from '../../model/command.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { controlSurfaceContract } from './control-surface-contract.js';
import type { ControlSurfaceFixture, SurfacePerson } from './control-surface-contract.js';
import { TextSurface } from './text-surface.js';

const SECRET = 'bot:12345';

function personAt(surface: TextSurface, actor: string): SurfacePerson {
  return {
    ask: (name, args = {}) =>
      surface.type(actor, [name, ...Object.entries(args).map(([key, value]) => `${key}=${String(value)}`)].join(' ')),
    answer: (isYes) => surface.type(actor, isYes ? 'yes' : 'no'),
  };
}

type Surface = new (options: ConstructorParameters<typeof TextSurface>[0]) => TextSurface;

function suiteOf(Implementation: Surface = TextSurface): ContractSuite {
  const create = (): ControlSurfaceFixture => {
    const surface = new Implementation({ allow: ['ada'], nowUtc: () => TEST_EPOCH_MS });
    return {
      surface,
      person: personAt(surface, 'ada'),
      stranger: personAt(surface, 'mallory'),
      shown: () => surface.shown,
      secrets: [SECRET],
      settle: () => new Promise((resolve) => setImmediate(resolve)),
    };
  };
  return controlSurfaceContract({ create });
}

/** An engine control with a part replaced. */
function bent(engine: EngineControl, part: Partial<EngineControl>): EngineControl {
  return {
    command: part.command ?? ((command, confirmation) => engine.command(command, confirmation)),
    onNotice: part.onNotice ?? ((listener) => engine.onNotice(listener)),
    metrics: part.metrics ?? (() => engine.metrics()),
  };
}

/** A text surface that sees the engine through a bent control. */
function through(bend: (engine: EngineControl, surface: TextSurface) => Partial<EngineControl>): Surface {
  return class extends TextSurface {
    override open(engine: EngineControl): Promise<void> {
      return super.open(bent(engine, bend(engine, this)));
    }
  };
}

describeContract('TextSurface', suiteOf(), { describe, it });

const broken: readonly BrokenImplementation[] = [
  {
    what: 'commands of its own',
    suite: suiteOf(
      class extends TextSurface {
        override async open(engine: EngineControl): Promise<void> {
          await super.open(engine);
          await engine.command({ ts: 1, name: 'status', args: {}, actor: 'me' });
        }
      },
    ),
    fails: ['CTL-010', 'CTL-030', 'CTL-080', 'CTL-120'],
  },
  {
    what: 'commands of nobody',
    suite: suiteOf(
      through((engine) => ({ command: (command, token) => engine.command({ ...command, actor: '' }, token) })),
    ),
    fails: ['CTL-010'],
  },
  {
    what: 'silence about refusals',
    suite: suiteOf(
      through((engine) => ({
        command: async (command: Command, token?: string): Promise<CommandResult> => {
          const result = await engine.command(command, token);
          return result.kind === 'refused' ? { kind: 'done', data: null } : result;
        },
      })),
    ),
    fails: ['CTL-020'],
  },
  {
    what: 'everybody let in',
    suite: suiteOf(
      class extends TextSurface {
        constructor(options: ConstructorParameters<typeof TextSurface>[0]) {
          super({ ...options, allow: ['ada', 'mallory'] });
        }
      },
    ),
    fails: ['CTL-030'],
  },
  {
    what: 'confirmations nobody is asked for',
    suite: suiteOf(
      through((engine) => ({
        command: async (command: Command): Promise<CommandResult> => {
          const result = await engine.command(command);
          return result.kind === 'confirm' ? engine.command(command, result.token) : result;
        },
      })),
    ),
    fails: ['CTL-040', 'CTL-060', 'CTL-070'],
  },
  {
    what: 'a yes that carries no token',
    suite: suiteOf(through((engine) => ({ command: (command) => engine.command(command) }))),
    fails: ['CTL-050'],
  },
  {
    what: 'a yes of anybody that lasts',
    suite: suiteOf(
      class extends TextSurface {
        #last: { readonly command: Command; readonly token: string } | undefined;
        #control: EngineControl | undefined;
        override open(engine: EngineControl): Promise<void> {
          this.#control = engine;
          const command = async (given: Command, token?: string): Promise<CommandResult> => {
            const result = await engine.command(given, token);
            if (result.kind === 'confirm') this.#last = { command: given, token: result.token };
            return result;
          };
          return super.open(bent(engine, { command }));
        }
        override async type(actor: string, line: string): Promise<void> {
          if (line !== 'yes' || this.#last === undefined) return super.type(actor, line);
          await this.#control?.command(this.#last.command, this.#last.token);
        }
      },
    ),
    fails: ['CTL-050', 'CTL-060', 'CTL-070'],
  },
  {
    what: 'notices after close',
    suite: suiteOf(
      through((engine, surface) => ({
        onNotice: (listener: (notice: EngineNotice) => void) => {
          engine.onNotice((notice) => void surface.shown.push(notice.message));
          return engine.onNotice(listener);
        },
      })),
    ),
    fails: ['CTL-080'],
  },
  {
    what: 'a close that wants to be first',
    suite: suiteOf(
      class extends TextSurface {
        #isOpen = false;
        override open(engine: EngineControl): Promise<void> {
          this.#isOpen = true;
          return super.open(engine);
        }
        override async close(): Promise<void> {
          if (!this.#isOpen) throw new Error('not open');
          this.#isOpen = false;
          await super.close();
        }
      },
    ),
    fails: ['CTL-090'],
  },
  {
    what: 'failures thrown at the person',
    suite: suiteOf(
      class extends TextSurface {
        override async type(actor: string, line: string): Promise<void> {
          const before = this.shown.length;
          await super.type(actor, line);
          if (this.shown.slice(before).some((text) => text.includes('failed')))
            throw new Error('the engine call failed');
        }
      },
    ),
    fails: ['CTL-100', 'CTL-110'],
  },
  {
    what: 'a secret in what it shows',
    suite: suiteOf(
      through((engine, surface) => ({
        command: async (command: Command, token?: string): Promise<CommandResult> => {
          try {
            return await engine.command(command, token);
          } catch (error) {
            surface.shown.push(`https://chat.example/${SECRET}/send`);
            throw error;
          }
        },
      })),
    ),
    fails: ['CTL-110'],
  },
  {
    what: 'alarms kept to itself',
    suite: suiteOf(through(() => ({ onNotice: () => () => {} }))),
    fails: ['CTL-120'],
  },
];

describeBroken('control surface', [suiteOf()], broken);

describe('controlSurfaceContract', () => {
  it('skips what is declared as not done', () => {
    const create = (): Promise<never> => Promise.reject(new Error('not needed'));
    const suite = controlSurfaceContract({ create, strangers: false, confirms: false, notices: false });
    const skipped = suite.cases.filter((item) => item.skip !== undefined).map((item) => item.id);
    expect(skipped).toEqual(['CTL-030', 'CTL-040', 'CTL-050', 'CTL-060', 'CTL-070', 'CTL-120']);
  });
});
