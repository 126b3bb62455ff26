// Phase options: every `use:` of engine.yaml finds its contribution, and its options pass the contribution's schema.
import type { ContributionKind, StrategyDefinition } from '@bookrunner/sdk';
import type { OptionsByPath } from '../config/effective-config.js';
import { formatPath } from '../config/config-errors.js';
import type { ConfigPath } from '../config/config-errors.js';
import type { EngineConfig, StrategyConfig, UseConfig } from '../config/engine-config.js';
import { checkOptions } from './contribution-options.js';
import type { LoadedPlugins } from './load-plugins.js';
import { failureAt, stopOnFailures } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import type { ContributionOf, Registered } from './registry.js';

/** A contribution with its parsed options, as one place of engine.yaml uses it. */
export interface ResolvedUse<K extends ContributionKind = ContributionKind> {
  /** The name in engine.yaml: of the feed, venue or control surface, else of the strategy or book it belongs to. */
  readonly name: string;
  readonly use: string;
  /** Where it stands in engine.yaml. */
  readonly path: ConfigPath;
  readonly contribution: ContributionOf[K];
  readonly options: unknown;
  /** Parsed options of the plugin as a whole; an empty object where it takes none. */
  readonly pluginOptions: unknown;
  /** Whether the engine runs without it. */
  readonly isOptional: boolean;
}

/** A strategy with everything it uses. */
export interface ResolvedStrategy {
  readonly name: string;
  readonly config: StrategyConfig;
  readonly definition: StrategyDefinition;
  readonly params: unknown;
  /** Timeframes, the first is the primary one. */
  readonly bars: readonly ResolvedUse<'bar-builder'>[];
  readonly sizing: ResolvedUse<'sizer'>;
  readonly risk: ResolvedUse<'risk-policy'> | undefined;
}

/** Everything engine.yaml uses, resolved. */
export interface ResolvedUses {
  readonly feeds: ReadonlyMap<string, ResolvedUse<'feed'>>;
  readonly venues: ReadonlyMap<string, ResolvedUse<'venue'>>;
  readonly controls: ReadonlyMap<string, ResolvedUse<'control-surface'>>;
  readonly strategies: ReadonlyMap<string, ResolvedStrategy>;
  readonly risk: ResolvedUse<'risk-policy'>;
  readonly bookRisk: ReadonlyMap<string, ResolvedUse<'risk-policy'>>;
  /** Parsed options by path, for `effectiveConfig`. */
  readonly optionsByPath: OptionsByPath;
  readonly warnings: readonly PhaseFailure[];
}

/**
 * Resolves every `use:`.
 * Errors: PLUGIN_BOOT_FAILED with CONTRIBUTION_UNKNOWN, PLUGIN_OPTIONS_INVALID and SECRET_MISSING, all at once.
 */
export function resolveUses(config: EngineConfig, loaded: LoadedPlugins): ResolvedUses {
  return new Resolver(config, loaded).run();
}

class Resolver {
  readonly #config: EngineConfig;
  readonly #loaded: LoadedPlugins;
  readonly #failures: PhaseFailure[] = [];
  readonly #warnings: PhaseFailure[] = [];
  readonly #options = new Map<string, unknown>();
  readonly #pluginOptions = new Map<string, unknown>();

  constructor(config: EngineConfig, loaded: LoadedPlugins) {
    this.#config = config;
    this.#loaded = loaded;
  }

  run(): ResolvedUses {
    this.#plugins();
    const feeds = this.#all('feed', 'feeds');
    const venues = this.#all('venue', 'venues');
    const controls = this.#all('control-surface', 'controls');
    const strategies = this.#strategies();
    const bookRisk = this.#bookRisk();
    const risk = this.#use('risk-policy', this.#config.risk, { name: '', path: ['risk'] });
    stopOnFailures(this.#failures);
    return {
      feeds,
      venues,
      controls,
      strategies,
      // Without failures nothing is undefined.
      risk: risk!,
      bookRisk,
      optionsByPath: this.#options,
      warnings: this.#warnings,
    };
  }

  #plugins(): void {
    for (const { plugin, index, use } of this.#loaded.plugins) {
      if (index === undefined) continue;
      const path = ['plugins', index, 'options'];
      const raw = this.#config.plugins[index]?.options;
      const checked = checkOptions(plugin, raw, { what: `plugin '${use}'`, path, source: this.#config.source });
      if (checked.kind === 'faulty') this.#failures.push(...checked.failures);
      else {
        this.#options.set(formatPath(path), checked.options);
        this.#pluginOptions.set(plugin.id, checked.options);
      }
    }
  }

  #all<K extends 'feed' | 'venue' | 'control-surface'>(
    kind: K,
    section: 'feeds' | 'venues' | 'controls',
  ): ReadonlyMap<string, ResolvedUse<K>> {
    return collect(Object.entries(this.#config[section]), (block, name) =>
      this.#use(kind, block, { name, path: [section, name] }),
    );
  }

  #bookRisk(): ReadonlyMap<string, ResolvedUse<'risk-policy'>> {
    return collect(Object.entries(this.#config.books), ({ risk }, name) =>
      risk === undefined ? undefined : this.#use('risk-policy', risk, { name, path: ['books', name, 'risk'] }),
    );
  }

  #strategies(): ReadonlyMap<string, ResolvedStrategy> {
    return collect(Object.entries(this.#config.strategies), (config, name) => this.#strategy(name, config));
  }

  #strategy(name: string, config: StrategyConfig): ResolvedStrategy | undefined {
    const path = ['strategies', name];
    const registered = this.#find('strategy', config.use, path);
    const bars = config.bars.map((block, index) => this.#bars(block, { name, path, index }));
    const { sizing, risk } = config;
    const resolvedSizing = this.#use('sizer', sizing, { name, path: [...path, 'sizing'] });
    const resolvedRisk = risk && this.#use('risk-policy', risk, { name, path: [...path, 'risk'] });
    if (registered === undefined) return undefined;
    const definition = registered.contribution;
    const params = this.#parse({ options: definition.params }, config.params, {
      what: `strategy '${config.use}'`,
      path: [...path, 'params'],
    });
    return {
      name,
      config,
      definition,
      params,
      bars: bars.filter((use) => use !== undefined),
      // Undefined only along with a failure, which ends the phase.
      sizing: resolvedSizing!,
      risk: resolvedRisk,
    };
  }

  /** One block and a list of one look the same in the configuration, and different in the file. */
  #bars(
    block: UseConfig,
    at: { readonly name: string; readonly path: ConfigPath; readonly index: number },
  ): ResolvedUse<'bar-builder'> | undefined {
    const barsPath = [...at.path, 'bars'];
    const path = this.#config.source.isList(barsPath) ? [...barsPath, at.index] : barsPath;
    return this.#use('bar-builder', block, { name: at.name, path, shownAt: [...barsPath, at.index] });
  }

  #use<K extends Exclude<ContributionKind, 'strategy'>>(
    kind: K,
    block: UseConfig,
    at: { readonly name: string; readonly path: ConfigPath; readonly shownAt?: ConfigPath },
  ): ResolvedUse<K> | undefined {
    const registered = this.#find(kind, block.use, at.path);
    if (registered === undefined) return undefined;
    const { plugin, contribution } = registered;
    const owner = this.#loaded.plugins.find((loaded) => loaded.plugin === plugin);
    const options = this.#parse(contribution as { options?: unknown }, block.options, {
      what: `${kind} '${block.use}'`,
      path: [...at.path, 'options'],
      shownAt: [...(at.shownAt ?? at.path), 'options'],
    });
    return {
      name: at.name,
      use: block.use,
      path: at.path,
      contribution,
      options,
      pluginOptions: this.#pluginOptions.get(plugin.id) ?? Object.freeze({}),
      isOptional: owner?.required === false,
    };
  }

  #find<K extends ContributionKind>(kind: K, use: string, path: ConfigPath): Registered<K> | undefined {
    const registered = this.#loaded.registry.find(kind, use);
    if (registered !== undefined) return registered;
    const message = this.#loaded.registry.explainMissing(kind, use);
    const where = { phase: 'options', source: this.#config.source } as const;
    const failure = failureAt(where, [...path, 'use'], { code: 'CONTRIBUTION_UNKNOWN', message });
    // It may be of the plugin that is missing and may be; nothing else can be left out.
    const isForgiven = kind === 'control-surface' && this.#loaded.isIncomplete;
    (isForgiven ? this.#warnings : this.#failures).push(failure);
    return undefined;
  }

  #parse(
    contribution: { readonly options?: unknown },
    raw: unknown,
    at: { readonly what: string; readonly path: ConfigPath; readonly shownAt?: ConfigPath },
  ): unknown {
    const checked = checkOptions(contribution, raw, { what: at.what, path: at.path, source: this.#config.source });
    if (checked.kind === 'faulty') {
      this.#failures.push(...checked.failures);
      return undefined;
    }
    this.#options.set(formatPath(at.shownAt ?? at.path), checked.options);
    return checked.options;
  }
}

function collect<From, To>(
  entries: readonly (readonly [string, From])[],
  resolve: (value: From, name: string) => To | undefined,
): ReadonlyMap<string, To> {
  const resolved = new Map<string, To>();
  for (const [name, value] of entries) {
    const result = resolve(value, name);
    if (result !== undefined) resolved.set(name, result);
  }
  return resolved;
}
