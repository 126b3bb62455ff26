import type { SignalAnswer } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import { toldNotice } from './failure-place.js';

/** What the operator is told of an answer beyond the kernel's own text, and the remedy. */
function adviceOn(answer: unknown, symbols = ['AAA', 'BBB']): { readonly added: string; readonly remedy: unknown } {
  const scene = new Scene({ instruments: symbols.map((symbol) => instrumentOf({ symbol })) });
  scene.answer(answer as SignalAnswer);
  const notice = scene.notices.find(({ code }) => code === 'STRATEGY_ANSWER_INVALID')!;
  const told = toldNotice(notice);
  expect(told.message.startsWith(notice.message)).toBe(true);
  expect(notice.details).not.toHaveProperty('remedy');
  const [, added] = /It was at \S+, with \S+\.(.*)$/.exec(told.message)!;
  return { added: added!.trim(), remedy: told.details['remedy'] };
}

const OF_TARGETS = 'The fields of a target are share, units, weight, entry, protect and rebalance.';
const OF_PROTECT = 'The fields of protect are stop, takeProfit and trail.';

it.each([
  ['a field with a typo', { share: 1, protect: { stp: 1 } }, `${OF_PROTECT} Did you mean 'stop'?`],
  ['a field in other letters', { share: 1, protect: { takeprofit: 1 } }, `${OF_PROTECT} Did you mean 'takeProfit'?`],
  ['a measure with a typo', { AAA: { shar: 1 } }, `${OF_TARGETS} Did you mean 'share'?`],
  ['a field of another level', { share: 1, stop: 1 }, `${OF_TARGETS} Did you mean 'entry.stop' or 'protect.stop'?`],
  ['a field like no other', { share: 1, colour: 1 }, OF_TARGETS],
])('%s is told with the fields there are and the one probably meant', (_, answer, added) => {
  expect(adviceOn(answer)).toEqual({ added, remedy: 'Correct the name of the field in what the strategy answers.' });
});

it('a symbol that is not declared is told with those that are', () => {
  const remedy = 'Answer for symbols that the strategy declares, or add the symbol to its `symbols` in engine.yaml.';
  expect(adviceOn({ ZZZ: 1 })).toEqual({ added: 'It declares AAA and BBB.', remedy });
  expect(adviceOn({ AAB: 1 }).added).toBe("It declares AAA and BBB. Did you mean 'AAA'?");
  expect(adviceOn({ shar: 1 }).added).toBe("It declares AAA and BBB. Did you mean 'share'?");
  const many = Array.from({ length: 25 }, (_, index) => `S${index}`);
  expect(adviceOn({ ZZZ: 1 }, many).added).toMatch(/ S18, S19 and 5 more\.$/);
});

it('prices that are none are told by name', () => {
  const { added, remedy } = adviceOn({ share: 1, entry: { limit: Number.NaN }, protect: { stop: 0, trail: Infinity } });
  expect(added).toBe('It answered entry.limit NaN and protect.trail Infinity.');
  expect(remedy).toMatch(/^Answer nothing, or leave the price out, while it is not known/);
});

const NO_TEXT: unknown = Object.create(null);

it.each([
  Number.NaN,
  'long',
  { share: 1, entry: { limit: NO_TEXT } },
  { share: 1, units: 1 },
  { share: 1, protect: { trail: 0 } },
])('of %p the text says all there is', (answer) => expect(adviceOn(answer)).toEqual({ added: '', remedy: undefined }));
