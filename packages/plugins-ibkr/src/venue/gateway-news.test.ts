import { expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { listenForOrders } from './gateway-news.js';
import { OpenFees } from './open-fees.js';
import { OrderRegister } from './order-register.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';

const STOCK = aStock();
const BOOK = bookOf(STOCK);

/** Ids of executions of which it was said that nobody can read them. */
function unreadable(...executions: readonly (readonly [secType: string, told: object])[]): readonly unknown[] {
  const clock = new FakeClock();
  const gateway = new FakeGateway();
  const isOurs = (account: string): boolean => account === 'DU1';
  const wording = new OrderWording(BOOK, 'UTC');
  const register = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000, isOurs, wording },
    ...{ report: () => undefined, ask: () => undefined, cancelRest: () => undefined, alarm: () => undefined },
  });
  const ids: unknown[] = [];
  const stop = listenForOrders({
    ...{ gateway, register, clock, isOurs, zone: 'UTC', openFees: new OpenFees() },
    ...{ onHeard: () => undefined, onCode: () => undefined },
    onUnreadable: ({ execId }) => ids.push(execId),
  });
  for (const [secType, told] of executions) {
    gateway.emit(EventName.execDetails, -1, { ...STOCK.contract, secType }, told);
  }
  stop();
  return ids;
}

const UNREADABLE = { execId: 'x.01', acctNumber: 'DU1', side: 'EXP', shares: 1, price: 0 };

it('says once of an execution that it cannot be read, however often it is told', () => {
  const other = { ...UNREADABLE, execId: 'y.01' };
  expect(unreadable(['STK', UNREADABLE], ['STK', other], ['STK', UNREADABLE])).toEqual(['x.01', 'y.01']);
});

it('says it each time where none can be told from another', () => {
  const nameless = { ...UNREADABLE, execId: undefined };
  expect(unreadable(['STK', nameless], ['STK', nameless])).toEqual([undefined, undefined]);
});

it('says nothing of executions that are no concern of ours', () => {
  expect(unreadable(['STK', { ...UNREADABLE, acctNumber: 'DU2' }], ['BAG', UNREADABLE])).toEqual([]);
  expect(unreadable(['STK', { ...UNREADABLE, acctNumber: undefined }])).toEqual(['x.01']);
});
