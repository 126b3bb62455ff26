// The only file that knows the container: what an engine is made of, and who gets what. Explicit tokens, no decorators.
import 'reflect-metadata';
import {
  SystemClock,
  marketCalendar,
  type Clock,
  type Feed,
  type Logger,
  type MarketCalendar,
  type Venue,
} from '@bookrunner/sdk';
import { container, instanceCachingFactory, type DependencyContainer, type InjectionToken } from 'tsyringe';
import { BUILT_IN_PLUGIN } from './builtin-plugin.js';
import { engineLog, type EngineLog, type LogOptions } from './cli/log/engine-log.js';
import type { EngineConfig } from './config/index.js';
import {
  createFeed,
  createParts,
  createVenue,
  prepareEngine,
  type CreatedParts,
  type CreateOptions,
  type PreparedEngine,
  type RunMode,
} from './plugins/index.js';

/** What {@link composeEngine} takes. */
export interface ComposeOptions {
  readonly config: EngineConfig;
  readonly mode: RunMode;
  readonly log: LogOptions;
  /** Makes what the mode would leave out, too: to see whether it can be made. */
  readonly isCheck?: boolean;
  /** Makes no feeds, venues and controls: a replay has its events from the journal. */
  readonly isReplay?: boolean;
  /** The machine's clock unless given. */
  readonly clock?: Clock;
}

/** The parts of one engine, made and not yet opened. */
export interface EngineComposition {
  readonly prepared: PreparedEngine;
  readonly parts: CreatedParts;
  /** Makes a feed, or a venue, of this name once more: one that could not be opened, or was closed, may not be opened again. */
  readonly anew: { readonly feed: (name: string) => Feed; readonly venue: (name: string) => Venue };
  readonly clock: Clock;
  readonly log: Logger;
  readonly calendar: (id: string) => MarketCalendar;
  /** Forgets everything the container holds. Opened parts are closed by who opened them. */
  dispose(): Promise<void>;
}

type Calendars = (id: string) => MarketCalendar;

const CONFIG: InjectionToken<EngineConfig> = Symbol('config');
const CLOCK: InjectionToken<Clock> = Symbol('clock');
const LOG: InjectionToken<EngineLog> = Symbol('log');
const CALENDARS: InjectionToken<Calendars> = Symbol('calendars');
const PREPARED: InjectionToken<PreparedEngine> = Symbol('prepared engine');
const PARTS: InjectionToken<CreatedParts> = Symbol('parts');
/** Within the scope of one plugin part: its name, and a logger that says it. */
const PART_NAME: InjectionToken<string> = Symbol('part name');
const PART_LOGGER: InjectionToken<Logger> = Symbol('part logger');

/**
 * Loads the plugins of a configuration, checks every option and makes the parts that a run of this mode needs: a backtest gets
 * no controls and no broker venues, paper no broker venues. Connects nothing.
 * Errors: PLUGIN_BOOT_FAILED with every failure of the first phase that has any.
 */
export async function composeEngine(options: ComposeOptions): Promise<EngineComposition> {
  const { config, mode } = options;
  const prepared = await prepareEngine(config, { builtIn: [BUILT_IN_PLUGIN], mode });
  const engine = container.createChildContainer();
  engine.register(CONFIG, { useValue: config });
  engine.register(PREPARED, { useValue: prepared });
  engine.register(CLOCK, { useFactory: instanceCachingFactory(() => options.clock ?? new SystemClock()) });
  engine.register(LOG, { useFactory: instanceCachingFactory(() => makeLog(engine, options.log)) });
  engine.register(CALENDARS, { useFactory: instanceCachingFactory(calendars) });
  engine.register(PART_LOGGER, { useFactory: (scope) => scope.resolve(LOG).forPart(scope.resolve(PART_NAME)) });
  engine.register(PARTS, {
    useFactory: instanceCachingFactory((scope) => {
      return createParts(scope.resolve(PREPARED), { ...partOptions(scope), ...LEFT_OUT[partsMode(options)] });
    }),
  });
  return {
    prepared,
    parts: engine.resolve(PARTS),
    anew: {
      feed: (name) => createFeed(prepared, partOptions(engine), name),
      venue: (name) => createVenue(prepared, partOptions(engine), name),
    },
    clock: engine.resolve(CLOCK),
    log: engine.resolve(LOG),
    calendar: engine.resolve(CALENDARS),
    dispose: async () => {
      await engine.dispose();
    },
  };
}

function partsMode({ mode, isCheck, isReplay }: ComposeOptions): RunMode | 'replay' {
  if (isReplay === true) return 'replay';
  return isCheck === true ? 'live' : mode;
}

function makeLog(engine: DependencyContainer, options: LogOptions): EngineLog {
  const { source } = engine.resolve(CONFIG);
  return engineLog({ mask: (text) => source.mask(text), ...options });
}

function calendars(engine: DependencyContainer): Calendars {
  const declared = engine.resolve(CONFIG).calendars;
  return (id) => marketCalendar(id, declared);
}

/** What a mode leaves out, by kind. */
const LEFT_OUT = {
  backtest: { venues: [], controls: [] },
  paper: { venues: [] },
  live: {},
  replay: { feeds: [], venues: [], controls: [] },
} as const;

function partOptions(engine: DependencyContainer): Pick<CreateOptions, 'clock' | 'calendar' | 'logger'> {
  return {
    clock: engine.resolve(CLOCK),
    calendar: engine.resolve(CALENDARS),
    logger: (part) => {
      const scope = engine.createChildContainer();
      scope.register(PART_NAME, { useValue: part });
      return scope.resolve(PART_LOGGER);
    },
  };
}
