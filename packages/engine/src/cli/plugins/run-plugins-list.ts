// `bookrunner plugins list`: contributions by kind and name, and who brings them.
import { BUILT_IN_PLUGIN } from '../../builtin-plugin.js';
import { loadPlugins, Registry } from '../../plugins/index.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { hasConfig, readConfig } from '../read-config.js';
import { textTable } from '../text-table.js';

/** Runs the command. Without an engine.yaml the built-in contributions are listed. */
export async function runPluginsList(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const registry = await registryOf(args, io);
  const contributions = registry.entries().map(({ kind, name, plugin }) => ({
    kind,
    name,
    plugin: plugin.id,
    apiVersion: plugin.apiVersion,
    sdkVersion: plugin.sdkVersion,
  }));
  io.output.result({ contributions }, () =>
    textTable([
      ['Kind', 'Name', 'Plugin', 'API', 'SDK'],
      ...contributions.map((entry) => [
        entry.kind,
        entry.name,
        entry.plugin,
        String(entry.apiVersion),
        entry.sdkVersion,
      ]),
    ]),
  );
  return EXIT.done;
}

async function registryOf(args: CommandArguments, io: CommandIo): Promise<Registry> {
  if (args.text('config') === undefined && !hasConfig(args)) return new Registry([BUILT_IN_PLUGIN]);
  const loaded = await loadPlugins(readConfig(args, io), { builtIn: [BUILT_IN_PLUGIN], mode: 'paper' });
  return loaded.registry;
}
