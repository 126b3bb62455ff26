import { CONTRIBUTION_KINDS } from '@bookrunner/sdk';
import type {
  BarBuilderContribution,
  ContributionKind,
  ControlSurfaceContribution,
  FeedContribution,
  Plugin,
  RiskPolicyContribution,
  SizerContribution,
  StrategyDefinition,
  VenueContribution,
} from '@bookrunner/sdk';
import { nearMiss } from '../config/near-miss.js';

/** What each kind of contribution is. */
export interface ContributionOf {
  readonly feed: FeedContribution;
  readonly venue: VenueContribution;
  readonly 'bar-builder': BarBuilderContribution;
  readonly strategy: StrategyDefinition;
  readonly sizer: SizerContribution;
  readonly 'risk-policy': RiskPolicyContribution;
  readonly 'control-surface': ControlSurfaceContribution;
}

/** A contribution and the plugin it is of. */
export interface Registered<K extends ContributionKind = ContributionKind> {
  readonly kind: K;
  readonly name: string;
  readonly plugin: Plugin;
  readonly contribution: ContributionOf[K];
}

/** Two plugins that contribute the same name. */
export interface DuplicateContribution {
  readonly kind: ContributionKind;
  readonly name: string;
  readonly first: Plugin;
  readonly second: Plugin;
}

const KINDS = Object.keys(CONTRIBUTION_KINDS) as ContributionKind[];

/** The contributions of all loaded plugins by kind and name. The first plugin that contributes a name has it. */
export class Registry {
  readonly duplicates: readonly DuplicateContribution[];
  readonly #byKind: ReadonlyMap<ContributionKind, ReadonlyMap<string, Registered>>;

  constructor(plugins: readonly Plugin[]) {
    const duplicates: DuplicateContribution[] = [];
    const byKind = new Map(KINDS.map((kind) => [kind, new Map<string, Registered>()]));
    for (const plugin of plugins) {
      for (const [kind, entries] of byKind) {
        for (const [name, contribution] of Object.entries(plugin[CONTRIBUTION_KINDS[kind]])) {
          const known = entries.get(name);
          if (known === undefined) entries.set(name, { kind, name, plugin, contribution });
          else duplicates.push({ kind, name, first: known.plugin, second: plugin });
        }
      }
    }
    this.duplicates = duplicates;
    this.#byKind = byKind;
  }

  /** The contribution of a kind and name; undefined where there is none. */
  find<K extends ContributionKind>(kind: K, name: string): Registered<K> | undefined {
    // The map under a kind was filled with contributions of that kind alone.
    return this.#byKind.get(kind)?.get(name) as Registered<K> | undefined;
  }

  /** Names of a kind, in order of loading. */
  names(kind: ContributionKind): readonly string[] {
    return [...(this.#byKind.get(kind)?.keys() ?? [])];
  }

  /** Everything, kind by kind. */
  entries(): readonly Registered[] {
    return [...this.#byKind.values()].flatMap((entries) => [...entries.values()]);
  }

  /** Name to strategy. */
  strategies(): ReadonlyMap<string, StrategyDefinition> {
    return new Map(this.names('strategy').map((name) => [name, this.find('strategy', name)!.contribution]));
  }

  /** A sentence about a name that a kind does not have: what it is instead, or what was probably meant. */
  explainMissing(kind: ContributionKind, name: string): string {
    const text = `there is no ${kind} '${name}'.`;
    const near = nearMiss(name, this.names(kind));
    if (near !== undefined) return `${text} Did you mean '${near}'?`;
    const others = KINDS.filter((other) => this.find(other, name) !== undefined);
    if (others.length > 0) return `${text} '${name}' is a ${others.join(' and a ')}.`;
    const names = this.names(kind);
    return names.length === 0 ? `${text} No plugin contributes any.` : `${text} Known: ${names.join(', ')}.`;
  }
}

/** Name to strategy, over plugins. */
export function registry(plugins: readonly Plugin[]): ReadonlyMap<string, StrategyDefinition> {
  return new Registry(plugins).strategies();
}
