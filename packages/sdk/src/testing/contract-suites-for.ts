import type { z } from 'zod';
import type { ContributionKind, Plugin } from '../plugin/define-plugin.js';
import { barBuilderContract } from './bar-builder-contract/bar-builder-contract.js';
import type { ContractSuite } from './contract.js';
import { controlSurfaceContract } from './control-surface-contract/control-surface-contract.js';
import type { ControlSurfaceContractOptions } from './control-surface-contract/control-surface-contract.js';
import { feedContract } from './feed-contract/feed-contract.js';
import type { FeedContractOptions } from './feed-contract/feed-fixture.js';
import { riskPolicyContract } from './risk-policy-contract/risk-policy-contract.js';
import { signalContract } from './signal-contract/signal-contract.js';
import { venueContract } from './venue-contract/venue-contract.js';
import type { VenueContractOptions } from './venue-contract/venue-fixture.js';

/**
 * What a plugin's package may offer so that all of it can be checked offline: the export `contractFixtures` of its `./contract`
 * entry, or an argument of {@link contractSuitesFor}. Keys are names of contributions.
 */
export interface ContractFixtures {
  /** Options of bar builders, risk policies and strategies (`params`) whose schema has no complete defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Bar builders that fill gaps with these options. */
  readonly fillsGaps?: readonly string[];
  /** What makes a fixture; with what it can do to its source where that is more than nothing. */
  readonly feeds?: Readonly<Record<string, FeedContractOptions['create'] | Omit<FeedContractOptions, 'capabilities'>>>;
  readonly venues?: Readonly<Record<string, Omit<VenueContractOptions, 'capabilities'>>>;
  readonly controls?: Readonly<Record<string, ControlSurfaceContractOptions>>;
}

/** A suite of one contribution. */
export interface ContributionSuite {
  readonly kind: ContributionKind;
  readonly name: string;
  readonly suite: ContractSuite;
}

/** A contribution that cannot be checked as things are, and why. */
export interface UncheckedContribution {
  readonly kind: ContributionKind;
  readonly name: string;
  readonly reason: string;
}

/** What can be checked of a plugin offline, and what cannot. */
export interface PluginSuites {
  readonly suites: readonly ContributionSuite[];
  readonly unchecked: readonly UncheckedContribution[];
}

/**
 * The contract suites of a plugin that run offline: strategies, bar builders and risk policies with default options or those given;
 * feeds, venues and control surfaces where a fixture is given. Nothing is left out in silence: the rest is in `unchecked`.
 */
export function contractSuitesFor(plugin: Plugin, fixtures: ContractFixtures = {}): PluginSuites {
  const collected = new Collection(fixtures);
  collectPure(plugin, collected);
  collectConnected(plugin, collected);
  return { suites: collected.suites, unchecked: collected.unchecked };
}

class Collection {
  readonly fixtures: ContractFixtures;
  readonly suites: ContributionSuite[] = [];
  readonly unchecked: UncheckedContribution[] = [];

  constructor(fixtures: ContractFixtures) {
    this.fixtures = fixtures;
  }

  add(kind: ContributionKind, name: string, suite: ContractSuite): void {
    this.suites.push({ kind, name, suite });
  }

  leave(kind: ContributionKind, name: string, reason: string): void {
    this.unchecked.push({ kind, name, reason });
  }

  /** Adds the suite of a contribution whose options parse; else says what is missing. */
  withOptions(
    at: { readonly kind: ContributionKind; readonly name: string; readonly schema: z.ZodType },
    make: (options: unknown) => ContractSuite,
  ): void {
    const { kind, name, schema } = at;
    const given = this.fixtures.options?.[name] ?? {};
    const parsed = schema.safeParse(given);
    if (!parsed.success) return this.leave(kind, name, `its options do not fit: ${issuesOf(parsed.error)}`);
    try {
      this.add(kind, name, make(parsed.data));
    } catch (error) {
      this.leave(kind, name, `it could not be created: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Adds the suite of a contribution for which a fixture is given. */
  withFixture<F>(
    at: { readonly kind: ContributionKind; readonly name: string },
    fixture: F | undefined,
    make: (fixture: F) => ContractSuite,
  ): void {
    if (fixture === undefined)
      this.leave(at.kind, at.name, 'it needs a fixture: a source, a market or a person to drive it');
    else this.add(at.kind, at.name, make(fixture));
  }
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; ');
}

function collectPure(plugin: Plugin, collected: Collection): void {
  const { fixtures } = collected;
  for (const [name, definition] of Object.entries(plugin.strategies)) {
    const params = (fixtures.options?.[name] ?? {}) as Readonly<Record<string, unknown>>;
    collected.withOptions({ kind: 'strategy', name, schema: definition.params }, () =>
      signalContract(definition, { params }),
    );
  }
  for (const [name, contribution] of Object.entries(plugin.barBuilders)) {
    const fillsGaps = fixtures.fillsGaps?.includes(name) === true;
    collected.withOptions({ kind: 'bar-builder', name, schema: contribution.options }, (options) =>
      barBuilderContract({ create: (context) => contribution.create(options, context), fillsGaps }),
    );
  }
  for (const [name, contribution] of Object.entries(plugin.riskPolicies)) {
    collected.withOptions({ kind: 'risk-policy', name, schema: contribution.options }, (options) =>
      riskPolicyContract({ create: () => contribution.create(options) }),
    );
  }
  for (const name of Object.keys(plugin.sizers)) collected.leave('sizer', name, 'sizers have no contract suite');
}

function collectConnected(plugin: Plugin, collected: Collection): void {
  const { fixtures } = collected;
  for (const [name, { capabilities }] of Object.entries(plugin.feeds)) {
    collected.withFixture({ kind: 'feed', name }, fixtures.feeds?.[name], (fixture) =>
      feedContract({ ...(typeof fixture === 'function' ? { create: fixture } : fixture), capabilities }),
    );
  }
  for (const [name, { capabilities }] of Object.entries(plugin.venues)) {
    collected.withFixture({ kind: 'venue', name }, fixtures.venues?.[name], (fixture) =>
      venueContract({ ...fixture, capabilities }),
    );
  }
  for (const name of Object.keys(plugin.controls)) {
    collected.withFixture({ kind: 'control-surface', name }, fixtures.controls?.[name], controlSurfaceContract);
  }
}
