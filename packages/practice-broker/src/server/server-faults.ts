import type { VenueSnapshot } from '@bookrunner/sdk';
import { brokerFault } from '../broker/broker-fault.js';
import { Chance } from '../broker/chance.js';
import type { PracticeBroker } from '../broker/practice-broker.js';
import { FaultScript } from './fault-script.js';
import type { Session } from './session.js';

/** The faults of the broker as a whole; those on the way of a message are in {@link Session}. */
export class ServerFaults {
  readonly script: FaultScript;
  /** No ticks and no reports; connections and answers stay. What was to be pushed is lost. */
  isSilent = false;
  refusesLogins = false;
  readonly #broker: PracticeBroker;
  readonly #sessions: ReadonlySet<Session>;

  constructor(broker: PracticeBroker, sessions: ReadonlySet<Session>) {
    this.#broker = broker;
    this.#sessions = sessions;
    this.script = new FaultScript(new Chance(broker.settings.seed));
  }

  clear(): void {
    this.script.clear();
    this.isSilent = false;
    this.refusesLogins = false;
    this.#broker.skewClock(0);
  }

  /** Cuts every connection but those of control. */
  cutAll(): void {
    for (const session of this.#sessions) if (session.role !== 'control') session.cut();
  }

  refusesLogin(role: string): boolean {
    return this.script.strike('refuse-login', role) !== undefined || this.refusesLogins;
  }

  /** What a broker gets wrong after a new session began. */
  afterLogin(session: Session): void {
    if (session.role !== 'venue') return;
    session.write({ event: 'account', account: this.#broker.accountState(session.account) }, 'account');
    const roll = this.script.strike('roll-ids-back', 'venue');
    if (roll !== undefined) this.#broker.rollIdsBack(roll.count);
    const replay = this.script.strike('replay-executions', 'venue');
    if (replay === undefined) return;
    for (const report of this.#broker.replayExecutions(session.account, replay.count)) session.report(report);
  }

  /** A snapshot as the faults leave it: a part that is incomplete misses its last item, and says so. */
  spoil(snapshot: VenueSnapshot): VenueSnapshot {
    if (this.script.strike('snapshot-fail', 'snapshot') !== undefined)
      throw brokerFault('snapshot-failed', 'The broker cannot answer now.');
    const parts = this.script.strike('snapshot-incomplete', 'snapshot')?.parts ?? [];
    const spoiled = parts.map((name) => [
      name,
      { ...snapshot[name], complete: false, items: snapshot[name].items.slice(0, -1) },
    ]);
    return { ...snapshot, ...Object.fromEntries(spoiled) } as VenueSnapshot;
  }

  /** Sends a tick of this symbol that nobody can use. */
  damageTick(symbol: string): void {
    for (const session of this.#sessions)
      if (session.symbols.has(symbol)) session.writeDamaged(`{"event":"tick","tick":{"symbol":"${symbol}"`);
  }
}
