import { beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER, type VenueSnapshot } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName, type Contract, type Execution } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import type { ContractBook } from '../contracts/qualified-contract.js';
import { AccountWatch } from './account-watch.js';
import { GatewayLists } from './gateway-lists.js';
import { OpenFees } from './open-fees.js';
import { OrderRegister } from './order-register.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';
import { VenueSnapshots } from './venue-snapshots.js';

const STOCK = aStock();
const FUTURE = aStock({
  conId: 7,
  contract: { conId: 7, symbol: 'ES', secType: 'FUT' as never, currency: 'USD' },
  secType: 'FUT',
});
const KNOWN = [STOCK, FUTURE];
const BOOK: ContractBook = {
  ...bookOf(STOCK),
  byConId: (conId) => KNOWN.find((one) => one.conId === conId),
  find: ({ conId }) => KNOWN.find((one) => one.conId === conId),
};

let gateway: FakeGateway;
let snapshots: VenueSnapshots;
let accounts: readonly string[];

beforeEach(() => {
  const clock = new FakeClock();
  gateway = new FakeGateway();
  gateway.state = 'up';
  accounts = ['DU1'];
  const isOurs = (account: string): boolean => accounts.includes(account);
  const lists = new GatewayLists({ gateway, clock, limitMs: 5_000 });
  const wording = new OrderWording(BOOK, 'UTC');
  const register = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000, isOurs, wording },
    report: () => undefined,
    ask: () => undefined,
    cancelRest: () => undefined,
    alarm: () => undefined,
  });
  const watch = new AccountWatch({
    ...{ gateway, clock, limitMs: 5_000, accounts: () => accounts },
    positions: () => snapshots.declaredPositions,
    push: () => undefined,
  });
  watch.open();
  snapshots = new VenueSnapshots({
    ...{ clock, lists, register, wording, isOurs, accounts: watch, openFees: new OpenFees(), logger: SILENT_LOGGER },
    ...{ openOrders: () => lists.openOrders(), session: () => 1, zone: 'UTC', commissionWaitMs: 0 },
    offsetMs: () => undefined,
  });
  gateway.answer('reqExecutions', (id: never) => gateway.emit(EventName.execDetailsEnd, id));
  gateway.answer('reqAllOpenOrders', () => gateway.emit(EventName.openOrderEnd));
  positions();
  worth({ DU1: [['NetLiquidation', 'USD', '1000.00'], CASH] });
});

const CASH = ['CashBalance', 'USD', '1000.00'] as const;

/** What the gateway tells of positions: account, contract, units, average cost. */
function positions(...rows: readonly (readonly unknown[])[]): void {
  gateway.answer('reqPositions', () => {
    for (const row of rows) gateway.emit(EventName.position, ...row);
    gateway.emit(EventName.positionEnd);
  });
}

/** What the gateway tells of accounts: key, currency, value. */
function worth(rows: Readonly<Record<string, readonly (readonly [string, string, string])[]>>): void {
  gateway.answer('reqAccountUpdatesMulti', (id: never, account: never) => {
    for (const [key, currency, value] of rows[account] ?? [])
      gateway.emit(EventName.accountUpdateMulti, id, account, '', key, value, currency);
    gateway.emit(EventName.accountUpdateMultiEnd, id);
  });
}

async function taken(): Promise<VenueSnapshot> {
  return await snapshots.take();
}

describe('Positions', () => {
  it('of which a number is missing are not whole: nobody is flat for want of one', async () => {
    positions(['DU1', STOCK.contract, undefined, 10]);
    expect((await taken()).positions).toMatchObject({ complete: false, items: [] });
    positions(['DU1', STOCK.contract, Number.NaN, 10]);
    expect((await taken()).positions.complete).toBe(false);
    positions(['DU2', STOCK.contract, undefined, 10], ['DU1', STOCK.contract, 3, 10]);
    expect((await taken()).positions).toMatchObject({ complete: true, items: [{ qty: 3 }] });
  });
});

describe('Executions', () => {
  const UNREADABLE = { execId: 'x.01', acctNumber: 'DU1', side: 'EXP', shares: 1, price: 0 };
  const executed = (contract: Contract, told: Execution): void =>
    gateway.answer('reqExecutions', (id: never) => {
      gateway.emit(EventName.execDetails, id, contract, told);
      gateway.emit(EventName.execDetailsEnd, id);
    });

  it('are not whole where one cannot be read that is ours, or may be', async () => {
    executed(STOCK.contract, UNREADABLE);
    expect((await taken()).executions).toMatchObject({ complete: false, items: [] });
    executed(STOCK.contract, { ...UNREADABLE, acctNumber: '' });
    expect((await taken()).executions.complete).toBe(false);
  });

  it('are whole where one cannot be read that is of no concern', async () => {
    executed(STOCK.contract, { ...UNREADABLE, acctNumber: 'DU2' });
    expect((await taken()).executions.complete).toBe(true);
    executed({ ...STOCK.contract, secType: 'BAG' as never }, UNREADABLE);
    expect((await taken()).executions.complete).toBe(true);
  });
});

describe('What accounts are worth', () => {
  it('is not whole where one of them is not told', async () => {
    accounts = ['DU1', 'DU2'];
    expect((await taken()).accounts.complete).toBe(false);
    worth({
      DU1: [['NetLiquidation', 'USD', '1'], CASH],
      DU2: [
        ['NetLiquidation', 'EUR', '1'],
        ['CashBalance', 'EUR', '1'],
      ],
    });
    expect((await taken()).accounts.complete).toBe(true);
  });

  it('is no cash of zero where cash is not told, or is no number', async () => {
    worth({ DU1: [['NetLiquidation', 'USD', '1000.00']] });
    expect((await taken()).accounts).toMatchObject({ complete: false, items: [] });
    worth({
      DU1: [
        ['NetLiquidation', 'USD', '1000.00'],
        ['CashBalance', 'BASE', '900.00'],
      ],
    });
    expect((await taken()).accounts).toMatchObject({ complete: false, items: [] });
    worth({
      DU1: [
        ['NetLiquidation', 'USD', '1000.00'],
        ['CashBalance', 'USD', 'n/a'],
      ],
    });
    expect((await taken()).accounts.items).toMatchObject([{ currency: 'USD', cash: Number.NaN }]);
    worth({
      DU1: [
        ['NetLiquidation', 'USD', '1000.00'],
        ['CashBalance', 'BASE', '900.00'],
        ['CashBalance', 'EUR', '800'],
      ],
    });
    const { items } = (await taken()).accounts;
    expect(items.map(({ currency, cash }) => [currency, cash])).toEqual([
      ['USD', 0],
      ['EUR', 800],
    ]);
  });

  it('is told by the step of its currency', async () => {
    worth({
      DU1: [
        ['NetLiquidation', 'USD', '1000'],
        ['CashBalance', 'USD', '1,000.50'],
        ['CashBalance', 'JPY', '5000'],
        ['CashBalance', 'KWD', '12.345'],
      ],
    });
    const { items } = (await taken()).accounts;
    expect(items.map(({ cash, cashStep }) => [cash, cashStep])).toEqual([
      [1_000.5, 0.01],
      [5_000, 1],
      [12.345, 0.001],
    ]);
  });

  it('is not known where the cost of a future is not: it would have to be taken off', async () => {
    positions(['DU1', FUTURE.contract, 2, undefined]);
    const { positions: held, accounts: told } = await taken();
    expect(held.items).toMatchObject([{ qty: 2 }]);
    expect(told.items).toMatchObject([{ currency: 'USD', cash: Number.NaN }]);
  });
});
