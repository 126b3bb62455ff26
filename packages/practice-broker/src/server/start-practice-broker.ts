import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { SystemClock } from '@bookrunner/sdk';
import type { Clock, VenueReport } from '@bookrunner/sdk';
import { readBrokerOptions } from '../broker/broker-options.js';
import type { BrokerOptions } from '../broker/broker-options.js';
import type { BrokerTruth } from '../broker/order-register.js';
import { PracticeBroker } from '../broker/practice-broker.js';
import { DeskClerk } from './desk-clerk.js';
import type { Fault } from './fault-script.js';
import { ServerFaults } from './server-faults.js';
import { Session } from './session.js';

/** A running broker. */
export interface PracticeBrokerHandle {
  readonly port: number;
  /** The core, to be driven from the same process. */
  readonly broker: PracticeBroker;
  readonly faults: ServerFaults;
  truth(): BrokerTruth;
  /** Adds faults to the script. */
  setFaults(...faults: readonly Fault[]): void;
  /** Cuts all connections and frees the port; safe to call twice. */
  close(): Promise<void>;
}

const CHANGES_MONEY: ReadonlySet<VenueReport['kind']> = new Set(['filled', 'corrected', 'busted']);

/** Starts a broker in this process. Errors: INSTRUMENT_INVALID, and those of the socket. */
export async function startPracticeBroker(
  options: BrokerOptions & { readonly clock?: Clock } = {},
): Promise<PracticeBrokerHandle> {
  const { clock = new SystemClock(), ...rest } = options;
  const settings = readBrokerOptions(rest);
  const sessions = new Set<Session>();
  const broker: PracticeBroker = new PracticeBroker(settings, clock, {
    report: (account, report) => {
      if (faults.isSilent) return;
      for (const session of sessions)
        if (session.role === 'venue' && session.account === account) tell(session, report);
    },
    tick: (market) => {
      if (faults.isSilent) return;
      const { symbol } = market.instrument;
      const message = { event: 'tick', tick: market.tick(broker.now()) };
      for (const session of sessions) if (session.symbols.has(symbol)) session.write(message, 'tick');
    },
  });
  const tell = (session: Session, report: VenueReport): void => {
    session.report(report);
    if (CHANGES_MONEY.has(report.kind))
      session.write({ event: 'account', account: broker.accountState(session.account) }, 'account');
  };
  const faults = new ServerFaults(broker, sessions);
  const clerk = new DeskClerk(broker, faults);
  const server = createServer((socket) => {
    const session = new Session({ socket, faults: faults.script, clock });
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
    session.listen((op, request) => clerk.handle(session, op, request));
  });
  const port = await listen(server, settings.host, settings.port);
  const stopTicks = tickEvery(settings.tickEveryMs, () => broker.tick());
  return {
    port,
    broker,
    faults,
    truth: () => broker.truth(),
    setFaults: (...list) => faults.script.set(list),
    close: () => {
      stopTicks();
      for (const session of sessions) session.cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Real time on purpose: the market goes on whatever a test does with its clock. */
function tickEvery(everyMs: number, tick: () => void): () => void {
  if (everyMs === 0) return () => undefined;
  const timer = setInterval(tick, everyMs);
  return () => clearInterval(timer);
}
