import type { Order, OrderChange } from '@bookrunner/sdk';
import { brokerFault } from '../broker/broker-fault.js';
import type { ExternalFill, PracticeBroker } from '../broker/practice-broker.js';
import type { Message } from '../wire/line-codec.js';
import type { Fault } from './fault-script.js';
import { CLIENT_REQUESTS, CONTROL_REQUESTS } from './requests.js';
import type { ServerFaults } from './server-faults.js';
import type { Session } from './session.js';

/** Answers the requests of one kind of session each. */
export class DeskClerk {
  readonly #broker: PracticeBroker;
  readonly #faults: ServerFaults;

  constructor(broker: PracticeBroker, faults: ServerFaults) {
    this.#broker = broker;
    this.#faults = faults;
  }

  /** The answer to a request. Throws what the session sends back as an error. */
  handle(session: Session, op: string, request: Message): Message {
    if (op === 'login') return this.#login(session, request);
    if (op === 'ping') return { ts: this.#broker.now() };
    if (session.role === 'venue') return this.#ofVenue(session, op, request);
    if (session.role === 'feed') return this.#ofFeed(session, op, request);
    if (session.role === 'control') return this.#ofControl(op, request);
    throw brokerFault('not-logged-in', 'Log in first.');
  }

  #login(session: Session, request: Message): Message {
    const { role, account } = CLIENT_REQUESTS.login.parse(request);
    if (role === 'control') session.role = role;
    else {
      if (this.#faults.refusesLogin(role)) throw brokerFault('login-refused', 'The broker takes no logins now.');
      if (role === 'venue') this.#broker.accountState(account);
      Object.assign(session, { role, account });
      this.#faults.afterLogin(session);
    }
    return { ts: this.#broker.now() };
  }

  #ofVenue(session: Session, op: string, request: Message): Message {
    const { account } = session;
    switch (op) {
      case 'submit':
        this.#broker.submit(account, CLIENT_REQUESTS.submit.parse(request).orders as readonly Order[]);
        return {};
      case 'cancel':
        this.#broker.cancel(account, CLIENT_REQUESTS.cancel.parse(request));
        return {};
      case 'replace': {
        const { change, ...ref } = CLIENT_REQUESTS.replace.parse(request);
        this.#broker.replace(account, ref, change as OrderChange);
        return {};
      }
      case 'snapshot':
        return { snapshot: this.#faults.spoil(this.#broker.snapshot(account)) };
      default:
        return this.#ofFeed(session, op, request);
    }
  }

  #ofFeed(session: Session, op: string, request: Message): Message {
    switch (op) {
      case 'instrument': {
        const { symbol } = CLIENT_REQUESTS.instrument.parse(request);
        return { instrument: this.#instrument(symbol) };
      }
      case 'subscribe': {
        const { symbols } = CLIENT_REQUESTS.subscribe.parse(request);
        for (const symbol of symbols) this.#instrument(symbol);
        session.symbols.clear();
        for (const symbol of symbols) session.symbols.add(symbol);
        return {};
      }
      default:
        throw brokerFault('unknown-op', `There is no '${op}'.`);
    }
  }

  #ofControl(op: string, request: Message): Message {
    if (!Object.hasOwn(CONTROL_REQUESTS, op)) throw brokerFault('unknown-op', `There is no '${op}'.`);
    return this.#commands[op as keyof typeof CONTROL_REQUESTS](request);
  }

  /** One row a command. */
  readonly #commands: Readonly<Record<keyof typeof CONTROL_REQUESTS, (request: Message) => Message>> = {
    truth: () => ({ truth: this.#broker.truth() }),
    tick: (request) => {
      for (let n = CONTROL_REQUESTS.tick.parse(request).count; n > 0; n -= 1) this.#broker.tick();
      return {};
    },
    quote: (request) => {
      const { symbol, ...quote } = CONTROL_REQUESTS.quote.parse(request);
      return this.#done(this.#broker.quote(symbol, quote));
    },
    script: (request) => {
      const { symbol, quotes } = CONTROL_REQUESTS.script.parse(request);
      return this.#done(this.#broker.script(symbol, quotes));
    },
    'external-order': (request) => {
      const { account, order } = CONTROL_REQUESTS['external-order'].parse(request);
      const fields = order as Partial<Order> & Pick<Order, 'symbol' | 'side' | 'qty'>;
      return { venueOrderId: this.#broker.externalOrder(account, fields).venueOrderId };
    },
    'external-fill': (request) => {
      const { account, fill } = CONTROL_REQUESTS['external-fill'].parse(request);
      return { executionId: this.#broker.externalFill(account, fill as ExternalFill) };
    },
    bust: (request) => this.#done(this.#broker.bust(CONTROL_REQUESTS.bust.parse(request).executionId)),
    correct: (request) => {
      const { executionId, ...change } = CONTROL_REQUESTS.correct.parse(request);
      return this.#done(this.#broker.correct(executionId, change as { qty?: number; price?: number }));
    },
    deposit: (request) => {
      const { account, amount } = CONTROL_REQUESTS.deposit.parse(request);
      return this.#done(this.#broker.deposit(account, amount));
    },
    faults: (request) => this.#done(this.#faults.script.set(CONTROL_REQUESTS.faults.parse(request).faults as Fault[])),
    'clear-faults': () => this.#done(this.#faults.clear()),
    cut: () => this.#done(this.#faults.cutAll()),
    silent: (request) => {
      this.#faults.isSilent = CONTROL_REQUESTS.silent.parse(request).silent;
      return {};
    },
    'refuse-logins': (request) => {
      this.#faults.refusesLogins = CONTROL_REQUESTS['refuse-logins'].parse(request).refuse;
      return {};
    },
    'skew-clock': (request) => this.#done(this.#broker.skewClock(CONTROL_REQUESTS['skew-clock'].parse(request).skewMs)),
    'damaged-tick': (request) => {
      const { symbol } = CONTROL_REQUESTS['damaged-tick'].parse(request);
      return this.#done(this.#faults.damageTick(symbol));
    },
  };

  #done(_nothing: void): Message {
    return {};
  }

  #instrument(symbol: string): object {
    const instrument = this.#broker.instruments.get(symbol);
    if (instrument === undefined) throw brokerFault('unknown-symbol', `'${symbol}' is not traded here.`);
    return instrument;
  }
}
