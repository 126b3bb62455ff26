// Phase create: contributions become objects. Nothing connects here.
import {
  isTradingError,
  type BarBuilderContext,
  type Clock,
  type ControlSurface,
  type Feed,
  type Instrument,
  type Logger,
  type MarketCalendar,
  type PluginContext,
  type RiskPolicy,
  type Sizer,
  type Venue,
} from '@bookrunner/sdk';
import type { ConfigPath } from '../config/config-errors.js';
import type { EngineConfig } from '../config/engine-config.js';
import type { PreparedEngine } from './prepare-engine.js';
import { failureAt, firstLine, stopOnFailures } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import type { ResolvedStrategy, ResolvedUse } from './resolve-uses.js';
import { sentence } from '../sentence.js';

/** What plugins are given, and which of them are made. */
export interface CreateOptions {
  readonly clock: Clock;
  /** Logger of one part, by its kind and name: `feed ib`. */
  readonly logger: (part: string) => Logger;
  readonly calendar: (id: string) => MarketCalendar;
  /** Names to make; all of engine.yaml unless given. A backtest makes no controls, paper no broker venues. */
  readonly feeds?: readonly string[];
  readonly venues?: readonly string[];
  readonly controls?: readonly string[];
}

/** What the plugin context holds besides what the SDK promises. */
export interface EnginePluginContext extends PluginContext {
  /** Parsed options of the plugin as a whole. */
  readonly pluginOptions: unknown;
}

/** The made parts, by name. */
export interface CreatedParts {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly venues: ReadonlyMap<string, Venue>;
  readonly controls: ReadonlyMap<string, ControlSurface>;
  /** Sizers by strategy. */
  readonly sizers: ReadonlyMap<string, Sizer>;
  readonly risk: RiskPolicy;
  readonly bookRisk: ReadonlyMap<string, RiskPolicy>;
  readonly strategyRisk: ReadonlyMap<string, RiskPolicy>;
  /** Control surfaces that failed and that the engine runs without. */
  readonly warnings: readonly PhaseFailure[];
}

/**
 * Makes the parts. Bar builders and features are made once for every strategy and dropped, so that what is wrong with them shows
 * here and not at the first tick.
 * Errors: PLUGIN_BOOT_FAILED with PLUGIN_CREATE_FAILED, all at once.
 */
export function createParts(prepared: PreparedEngine, options: CreateOptions): CreatedParts {
  return new PartCreator(prepared, options).run();
}

/** Makes one feed once more. Errors: PLUGIN_BOOT_FAILED with PLUGIN_CREATE_FAILED. */
export function createFeed(prepared: PreparedEngine, options: CreateOptions, name: string): Feed {
  return new PartCreator(prepared, { ...options, feeds: [name] }).feed(name);
}

/** The same of a venue. */
export function createVenue(prepared: PreparedEngine, options: CreateOptions, name: string): Venue {
  return new PartCreator(prepared, { ...options, venues: [name] }).venue(name);
}

class PartCreator {
  readonly #config: EngineConfig;
  readonly #prepared: PreparedEngine;
  readonly #options: CreateOptions;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #failures: PhaseFailure[] = [];
  readonly #warnings: PhaseFailure[] = [];

  constructor(prepared: PreparedEngine, options: CreateOptions) {
    this.#config = prepared.config;
    this.#prepared = prepared;
    this.#options = options;
    this.#instruments = new Map(Object.entries(prepared.config.instruments));
  }

  run(): CreatedParts {
    const { controls, strategies, risk, bookRisk } = this.#prepared;
    const all = [...strategies.values()];
    const parts = {
      feeds: this.#feeds(),
      venues: this.#venues(),
      controls: this.#each(selected(controls, this.#options.controls), (use) =>
        use.contribution.create(this.#context('control surface', use)),
      ),
      sizers: this.#each(
        all.map((strategy) => strategy.sizing),
        (use) => use.contribution.create(use.options),
      ),
      bookRisk: this.#each([...bookRisk.values()], (use) => use.contribution.create(use.options)),
      strategyRisk: this.#each(
        defined(all, (strategy) => strategy.risk),
        (use) => use.contribution.create(use.options),
      ),
    };
    const global = this.#each([risk], (use) => use.contribution.create(use.options));
    for (const strategy of all) this.#tryStrategy(strategy);
    stopOnFailures(this.#failures);
    return { ...parts, risk: global.get(risk.name)!, warnings: this.#warnings };
  }

  #feeds(): ReadonlyMap<string, Feed> {
    return this.#each(selected(this.#prepared.feeds, this.#options.feeds), (use) =>
      use.contribution.create(this.#context('feed', use)),
    );
  }

  #venues(): ReadonlyMap<string, Venue> {
    return this.#each(selected(this.#prepared.venues, this.#options.venues), (use) =>
      use.contribution.create(this.#context('venue', use)),
    );
  }

  feed(name: string): Feed {
    return this.#one(this.#feeds(), name);
  }

  venue(name: string): Venue {
    return this.#one(this.#venues(), name);
  }

  #one<Part>(made: ReadonlyMap<string, Part>, name: string): Part {
    stopOnFailures(this.#failures);
    return made.get(name) as Part;
  }

  #each<Use extends ResolvedUse, Part>(uses: readonly Use[], create: (use: Use) => Part): ReadonlyMap<string, Part> {
    const made = new Map<string, Part>();
    for (const use of uses) {
      const part = this.#attempt({ path: use.path, what: `'${use.use}'`, isOptional: use.isOptional }, () =>
        create(use),
      );
      if (part !== undefined) made.set(use.name, part);
    }
    return made;
  }

  #tryStrategy(strategy: ResolvedStrategy): void {
    const { definition, params, name } = strategy;
    const path = ['strategies', name];
    this.#attempt({ path: [...path, 'params'], what: `strategy '${strategy.config.use}'` }, () => [
      definition.features(params),
      definition.warmup(params),
      definition.lookback(params),
      definition.state(params),
    ]);
    const { sizing } = strategy;
    if (sizing.contribution.features !== undefined) {
      this.#attempt(
        { path: sizing.path, what: `'${sizing.use}'` },
        () => sizing.contribution.features?.(sizing.options) ?? {},
      );
    }
    for (const bars of strategy.bars) {
      for (const symbol of strategy.config.symbols) {
        this.#attempt({ path: bars.path, what: `bars '${bars.use}' of ${symbol}` }, () =>
          bars.contribution.create(bars.options, this.#barContext(symbol)),
        );
      }
    }
  }

  #barContext(symbol: string): BarBuilderContext {
    const instrument = this.#config.instruments[symbol]!;
    return { instrument, calendar: this.#options.calendar(instrument.calendar) };
  }

  #context(kind: string, use: ResolvedUse): EnginePluginContext {
    return Object.freeze({
      name: use.name,
      options: use.options,
      pluginOptions: use.pluginOptions,
      clock: this.#options.clock,
      logger: this.#options.logger(`${kind} ${use.name}`),
      configDir: this.#config.source.directory,
      dataDir: this.#config.engine.dataDir,
      instruments: this.#instruments,
      calendar: this.#options.calendar,
    });
  }

  #attempt<Part>(
    at: { readonly path: ConfigPath; readonly what: string; readonly isOptional?: boolean },
    create: () => Part,
  ): Part | undefined {
    try {
      const part = create();
      if (part !== undefined && part !== null) return part;
      this.#fail(at, `${at.what} gave nothing.`);
    } catch (cause) {
      const remedy = isTradingError(cause) ? cause.remedy : undefined;
      this.#fail(at, sentence(`${at.what} fails: ${firstLine(cause)}`), remedy);
    }
    return undefined;
  }

  /** With the remedy of what was thrown, where it has one: its author knows it better than the table. */
  #fail(at: { readonly path: ConfigPath; readonly isOptional?: boolean }, message: string, remedy?: string): void {
    const where = { phase: 'create', source: this.#config.source } as const;
    const own = remedy === undefined ? {} : { remedy: this.#config.source.mask(remedy) };
    const failure = failureAt(where, at.path, { code: 'PLUGIN_CREATE_FAILED', message, ...own });
    (at.isOptional === true ? this.#warnings : this.#failures).push(failure);
  }
}

function selected<Use>(uses: ReadonlyMap<string, Use>, names: readonly string[] | undefined): readonly Use[] {
  return [...uses].filter(([name]) => names?.includes(name) ?? true).map(([, use]) => use);
}

function defined<From, To>(values: readonly From[], pick: (value: From) => To | undefined): readonly To[] {
  return values.map(pick).filter((value) => value !== undefined);
}
