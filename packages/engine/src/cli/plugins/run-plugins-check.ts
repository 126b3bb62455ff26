// `bookrunner plugins check`: the contract suites of plugins, offline, as a table.
import { isTradingError, type ContributionKind } from '@bookrunner/sdk';
import { contractSuitesFor, runContract, type ContractResult } from '@bookrunner/sdk/testing';
import { BUILT_IN_PLUGIN } from '../../builtin-plugin.js';
import type { EngineConfig } from '../../config/index.js';
import { loadPlugins, type LoadedPlugin } from '../../plugins/index.js';
import { bootError, type PhaseFailure } from '../../plugins/plugin-errors.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readConfig } from '../read-config.js';
import { textTable } from '../text-table.js';
import { contractFixtures } from './contract-fixtures.js';
import { configOfPlugins } from './config-of-plugins.js';

/** How the suite of one contribution went. */
interface CheckedContribution {
  readonly plugin: string;
  readonly kind: ContributionKind;
  readonly name: string;
  readonly result: ContractResult;
}

/** A contribution whose suite could not run, and why. */
interface SkippedContribution {
  readonly plugin: string;
  readonly kind: ContributionKind;
  readonly name: string;
  readonly reason: string;
}

/** Runs the command: the plugins named, or all of engine.yaml. Exit 1 where a case fails. */
export async function runPluginsCheck(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const named = args.texts('plugins');
  const config = named.length === 0 ? readConfig(args, io) : configOfPlugins(named);
  const loading = loadPlugins(config, { builtIn: [BUILT_IN_PLUGIN], mode: 'paper' });
  const loaded = await (named.length === 0 ? loading : loading.catch(ofArguments));
  const checked: CheckedContribution[] = [];
  const unchecked: SkippedContribution[] = [];
  for (const plugin of loaded.plugins) {
    if (plugin.index === undefined) continue;
    // One after the other: suites measure allocations and time limits.
    // oxlint-disable-next-line no-await-in-loop
    await checkPlugin(plugin, { config, io, checked, unchecked });
  }
  const isSound = checked.every(({ result }) => result.failed === 0);
  io.output.result({ ok: isSound, checked, unchecked }, () => text(checked, unchecked));
  return isSound ? EXIT.done : EXIT.failed;
}

/** What kept plugins that the command line names from loading, without places of an engine.yaml that is not there. */
function ofArguments(error: unknown): never {
  if (!isTradingError(error) || error.code !== 'PLUGIN_BOOT_FAILED') throw error;
  const failures = error.details['failures'] as readonly PhaseFailure[];
  throw bootError(
    failures.map(({ phase, code, message, remedy }) => ({
      phase,
      code,
      path: '',
      message,
      remedy:
        code === 'PLUGIN_NOT_FOUND'
          ? `Correct the argument of the command; paths and packages are looked for from ${process.cwd()} on.`
          : remedy.replace('under `plugins:`', 'on the command line'),
    })),
  );
}

interface Checking {
  readonly config: EngineConfig;
  readonly io: CommandIo;
  readonly checked: CheckedContribution[];
  readonly unchecked: SkippedContribution[];
}

async function checkPlugin(loaded: LoadedPlugin, { config, io, checked, unchecked }: Checking): Promise<void> {
  const { plugin, use } = loaded;
  const { suites, unchecked: left } = contractSuitesFor(plugin, await contractFixtures(use, config));
  unchecked.push(...left.map((contribution) => ({ plugin: plugin.id, ...contribution })));
  for (const { kind, name, suite } of suites) {
    io.output.note(`${plugin.id}: ${kind} ${name}, ${suite.cases.length} cases`);
    // oxlint-disable-next-line no-await-in-loop
    checked.push({ plugin: plugin.id, kind, name, result: await runContract(suite) });
  }
}

function text(checked: readonly CheckedContribution[], unchecked: readonly SkippedContribution[]): string {
  if (checked.length + unchecked.length === 0)
    return 'No plugin is listed under `plugins:`, so there is nothing to check.';
  const rows = checked.map(({ plugin, kind, name, result: { cases, passed, failed, skipped } }) => [
    plugin,
    kind,
    name,
    ...[cases, passed, failed, skipped].map(String),
  ]);
  const table = textTable([['Plugin', 'Kind', 'Name', 'Cases', 'Passed', 'Failed', 'Skipped'], ...rows]);
  const failures = checked.flatMap(({ plugin, name, result }) =>
    result.results
      .filter(({ status }) => status === 'failed')
      .map((failed) => `failed: ${plugin} ${name}: ${failed.id} ${failed.title}: ${failed.reason}`),
  );
  const skips = checked.flatMap(skipTexts);
  const left = unchecked.map(({ plugin, kind, name, reason }) => `not checked: ${plugin}: ${kind} ${name}: ${reason}`);
  return [rows.length === 0 ? '' : table, ...failures, ...skips, ...left].filter((line) => line !== '').join('\n');
}

/** Of each reason the cases that were skipped for it. */
function skipTexts({ plugin, name, result }: CheckedContribution): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, title, status, reason } of result.results) {
    if (status === 'skipped') byReason.set(reason, [...(byReason.get(reason) ?? []), `${id} ${title}`]);
  }
  return [...byReason].map(([reason, cases]) => `skipped: ${plugin} ${name}: ${reason}: ${cases.join('; ')}`);
}
