import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { heldContract } from './contract-details.js';
import type { ContractRegister } from './contract-register.js';
import type { InstrumentDefinition } from './instrument-definition.js';

type Request<K extends ClientRequest['kind']> = Extract<ClientRequest, { readonly kind: K }>;

/** Answers what is asked of contracts. */
export class ContractDesk {
  readonly #contracts: ContractRegister;
  readonly #clock: Clock;

  constructor(contracts: ContractRegister, clock: Clock) {
    this.#contracts = contracts;
    this.#clock = clock;
  }

  details(client: GatewayClient, { requestId, contract, includeExpired }: Request<'requestContractDetails'>): void {
    const rows = this.#contracts.details(contract, { now: this.#clock.nowUtc(), includeExpired });
    if (rows.length === 0) return unknown(client, requestId);
    for (const details of rows) client.send({ kind: 'contractDetails', requestId, details });
    client.send({ kind: 'contractDetailsEnd', requestId });
  }

  marketRule(client: GatewayClient, marketRuleId: number): void {
    const increments = this.#contracts.rules.rule(marketRuleId);
    if (increments !== undefined) return client.send({ kind: 'marketRule', marketRuleId, increments });
    sendError(client, {
      id: -1,
      code: 321,
      message: "Error validating request.-'c5' : cause - Invalid market rule id",
    });
  }

  matchingSymbols(client: GatewayClient, requestId: number, pattern: string): void {
    const contracts = this.#contracts.samples(pattern).map((instrument) => ({
      contract: heldContract(instrument),
      derivativeSecTypes: [...new Set(this.#contracts.derivativesOf(instrument.conId).map(({ secType }) => secType))],
    }));
    client.send({ kind: 'symbolSamples', requestId, contracts });
  }

  optionChain(client: GatewayClient, { requestId, conId, exchange: wanted }: Request<'requestOptionChain'>): void {
    const options = this.#contracts.derivativesOf(conId).filter(({ secType }) => secType === 'OPT');
    const [first] = options;
    for (const exchange of first === undefined || wanted !== '' ? [] : first.exchanges) {
      client.send({
        kind: 'optionChain',
        requestId,
        exchange,
        underlyingConId: conId,
        tradingClass: first!.tradingClass ?? first!.symbol,
        multiplier: String(first!.multiplier ?? 1),
        expirations: distinct(options, ({ expiry }) => expiry ?? '').sort(),
        strikes: distinct(options, ({ strike }) => strike ?? 0).sort((a, b) => a - b),
      });
    }
    client.send({ kind: 'optionChainEnd', requestId });
  }

  /** Which letter stands for which exchange where SMART quotes name several. */
  smartComponents(client: GatewayClient, requestId: number): void {
    const components = SMART_EXCHANGES.map((exchange, bit) => ({
      bit,
      exchange,
      letter: String.fromCharCode(65 + bit),
    }));
    client.send({ kind: 'smartComponents', requestId, components });
  }
}

const SMART_EXCHANGES = ['ARCA', 'NASDAQ', 'NYSE', 'ISLAND', 'IEX', 'DRCTEDGE'];

function distinct<T>(instruments: readonly InstrumentDefinition[], of: (instrument: InstrumentDefinition) => T): T[] {
  return [...new Set(instruments.map(of))];
}

function unknown(client: GatewayClient, id: number): void {
  sendError(client, { id, code: 200, message: 'No security definition has been found for the request' });
}
