import { isTradingError } from '@bookrunner/sdk';
import { simulatorError } from '../simulator-errors.js';
import { startTwsSimulator } from '../start-tws-simulator.js';
import type { TwsSimulator } from '../start-tws-simulator.js';
import { FAULT_SCRIPTS } from './fault-scripts.js';
import { helpText } from './help-text.js';
import { readInstrumentsFile } from './instruments-file.js';
import { readArguments } from './simulator-arguments.js';
import type { SimulatorArguments } from './simulator-arguments.js';

/** Where the command speaks. */
export interface CommandVoice {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** What became of the command: a simulator that runs, or an exit code. */
export type CommandOutcome =
  | { readonly kind: 'running'; readonly simulator: TwsSimulator }
  | { readonly kind: 'over'; readonly exitCode: number };

/** Runs the command with these words. Never rejects: what a person can mend is said in one line. */
export async function runSimulator(words: readonly string[], voice: CommandVoice): Promise<CommandOutcome> {
  try {
    const asked = readArguments(words);
    if (asked.isHelp) {
      voice.print(helpText());
      return { kind: 'over', exitCode: 0 };
    }
    const simulator = await startAsAsked(asked);
    voice.print(`${readyLine(simulator, asked)}\n`);
    return { kind: 'running', simulator };
  } catch (error) {
    voice.complain(`${isTradingError(error) ? error.toOperatorText() : String(error)}\n`);
    return { kind: 'over', exitCode: isTradingError(error) && error.code === 'SIMULATOR_PORT' ? 1 : 2 };
  }
}

async function startAsAsked(asked: SimulatorArguments): Promise<TwsSimulator> {
  const { host, port, seed, accounts, instrumentsFile, ticksPerSecond } = asked;
  const instruments = instrumentsFile === undefined ? [] : readInstrumentsFile(instrumentsFile);
  const { serverVersion, clientIdLingerMs, isReadOnly } = asked;
  const settings = { serverVersion, clientIdLingerMs, isReadOnly };
  const where = { host, port, seed, settings };
  const simulator = await startTwsSimulator({
    ...where,
    accounts: accounts.map((id) => ({ id })),
    instruments,
    ticksPerSecond,
  }).catch((error: NodeJS.ErrnoException) => {
    throw startFault(error, asked);
  });
  simulator.faults.set(...asked.faults);
  for (const name of asked.scripts) beginScript(simulator, name, asked.scriptAfterMs);
  return simulator;
}

function beginScript({ faults }: TwsSimulator, name: string, afterMs: number): void {
  const script = FAULT_SCRIPTS[name];
  if (script?.begins === 'later') faults.after(afterMs, () => script.run(faults));
  else script?.run(faults);
}

/** A socket that cannot be had, or instruments that a gateway cannot list. */
function startFault(error: NodeJS.ErrnoException, { host, port, instrumentsFile }: SimulatorArguments): Error {
  if (error.code === 'EADDRINUSE') return simulatorError('SIMULATOR_PORT', `${host}:${port} is in use.`);
  if (error.syscall !== undefined) return simulatorError('SIMULATOR_PORT', `${host}:${port}: ${error.message}.`);
  if (instrumentsFile === undefined) return error;
  const reason = error.message.replace(/\.$/, '');
  return simulatorError('SIMULATOR_INSTRUMENTS', `${instrumentsFile}: ${reason}.`, { cause: error });
}

function readyLine({ host, port, model }: TwsSimulator, { isJson, serverVersion }: SimulatorArguments): string {
  const { accounts } = model;
  if (isJson) return JSON.stringify({ host, port, serverVersion, accounts });
  return `TWS simulator listens on ${host}:${port}, server version ${serverVersion}, accounts ${accounts.join(', ')}.`;
}
