import type { ServerMessage } from '../wire/messages.js';
import type { ClientSession } from './client-session.js';
import type { GatewayWorld } from './gateway-world.js';

/** Says a message later, or never, as the rules have it. */
export type Hang = (at: 'accounts' | 'next-valid-id', then: () => void) => void;

const FARM_NOTICES: readonly ServerMessage[] = [
  { kind: 'error', id: -1, code: 2104, message: 'Market data farm connection is OK:usfarm' },
  {
    kind: 'error',
    id: -1,
    code: 2107,
    message: 'HMDS data farm connection is inactive but should be available upon demand.ushmds',
  },
  { kind: 'error', id: -1, code: 2158, message: 'Sec-def data farm connection is OK:secdefil' },
];

/** What the gateway says first, in the order that was recorded: accounts, next order id, farms. */
export class Welcome {
  readonly #world: GatewayWorld;
  readonly #session: ClientSession;
  readonly #hang: Hang;

  constructor(world: GatewayWorld, session: ClientSession, hang: Hang) {
    this.#world = world;
    this.#session = session;
    this.#hang = hang;
  }

  give(): void {
    const { model, rules } = this.#world;
    const openOrders = rules.strike('open-orders-first', 'startApi')?.place;
    const rollBack = rules.strike('roll-ids-back', 'startApi');
    if (rollBack !== undefined) model.rollBackOrderIds?.(this.#session.clientId, rollBack.count);
    // A model that is asked for open orders has to know the client; else its pushes come behind the first messages.
    if (openOrders !== undefined) model.connect(this.#session);
    if (openOrders === 'before-accounts') this.#session.pushOpenOrders();
    this.#hang('accounts', () => {
      this.#session.send({ kind: 'managedAccounts', accounts: model.accounts });
      if (openOrders === 'before-next-valid-id') this.#session.pushOpenOrders();
      this.#hang('next-valid-id', () => this.#ready());
    });
    if (openOrders === undefined) model.connect(this.#session);
  }

  #ready(): void {
    this.#session.send({ kind: 'nextValidId', orderId: this.#world.model.nextOrderId(this.#session.clientId) });
    for (const notice of FARM_NOTICES) this.#session.send(notice);
  }
}
