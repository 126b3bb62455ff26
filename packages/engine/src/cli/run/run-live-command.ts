// `bookrunner run`: like paper, but orders of accounts at brokers are real. Says where they go before anything is opened.
import type { EngineConfig } from '../../config/index.js';
import { brokerAccounts, requireBrokers } from '../../runtime/brokers/broker-setup.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import type { ExitCode } from '../exit-code.js';
import { runSession } from '../paper/run-paper-command.js';
import { readConfig } from '../read-config.js';

/** Runs the command. Errors: BROKER_NONE where no order would leave. */
export function runLiveCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const places = placesOf(readConfig(args, io));
  return runSession(args, io, { mode: 'live', greeting: 'Live trading; Ctrl-C ends the session.', places });
}

/** One line for each account that trades: where its orders go. */
export function placesOf(config: EngineConfig): readonly string[] {
  const { accounts, books, source } = config;
  const real = requireBrokers(config).flatMap(({ name, accounts: there }) =>
    there.map((account) => {
      const id = account.id === account.name ? '' : ` (${source.mask(account.id)})`;
      return `REAL ORDERS go to venue '${name}', account '${account.name}'${id}: ${booksOn(books, account.name)}.`;
    }),
  );
  const atBrokers = brokerAccounts(config, 'live');
  const simulated = Object.keys(accounts)
    .filter((name) => !atBrokers.has(name) && Object.values(books).some(({ account }) => account === name))
    .map((name) => `Account '${name}' is simulated: ${booksOn(books, name)}.`);
  return [...real, ...simulated];
}

function booksOn(books: EngineConfig['books'], account: string): string {
  const names = Object.entries(books).flatMap(([name, book]) => (book.account === account ? [name] : []));
  return `${names.length === 1 ? 'book' : 'books'} ${names.join(', ')}`;
}
