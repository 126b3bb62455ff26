import { expect, it } from '@jest/globals';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { ListTurns } from './list-turns.js';

const END = TWS_EVENT.openOrderEnd;
const HOUR = 3_600_000;

it('an end is owed for as long where the clock was set back, not until it has caught up', () => {
  const turns = new ListTurns(new FakeGateway());
  turns.gaveUp(END, HOUR);
  expect([0, 59_999, 60_000].map((now) => turns.isAmbiguous(END, now))).toEqual([true, true, false]);
  expect([60_000, 599_999, 600_000].map((now) => turns.lateEnds(END, now))).toEqual([1, 1, 0]);
});

it('each question that was given up owes one end, until it comes', () => {
  const gateway = new FakeGateway();
  const turns = new ListTurns(gateway);
  turns.gaveUp(END, 0);
  turns.gaveUp(END, 70_000);
  expect(turns.lateEnds(END, 70_000)).toBe(2);
  gateway.emit(END);
  expect(turns.lateEnds(END, 70_000)).toBe(1);
  expect(turns.isAmbiguous(END, 70_000)).toBe(true);
  gateway.emit(END);
  expect(turns.isAmbiguous(END, 70_000)).toBe(false);
});
