import { describe, expect, it } from '@jest/globals';
import type { Command, CommandName } from '@bookrunner/sdk';
import { answerQuestion, type QuestionContext } from './answer-question.js';
import { answerText } from './answer-text.js';
import type { EngineSnapshot, OrderView } from './engine-snapshot.js';

const AT = Date.UTC(2024, 0, 3, 21);

const STOP: OrderView = {
  orderId: 'abcdefgh00000002',
  createdTs: AT,
  symbol: 'ACME',
  side: 'sell',
  orderType: 'stop',
  purpose: 'protection',
  status: 'working',
  qty: 8_298,
  filledQty: 0,
  limitPrice: null,
  stopPrice: 100.25999999999999,
  tag: 'trend|MAIN|20240103',
};

const SNAPSHOT: EngineSnapshot = {
  runId: 'r1',
  name: 'first',
  mode: 'paper',
  state: 'running',
  at: AT,
  takenAt: AT + 60_000,
  lagMs: 0,
  counts: { ticks: 0, bars: 1, orders: 2, fills: 1 },
  halts: [{ scope: 'book', name: 'MAIN', reason: 'halt by ada: news', until: null }],
  decimals: { ACME: { price: { least: 2, most: 5 }, qty: { least: 0, most: 3 } } },
  feeds: [{ name: 'market', state: 'live', message: '', lastAt: AT, rows: 1, irregular: {} }],
  venues: [],
  reconciliation: [],
  strategies: [
    {
      ...{ name: 'trend', book: 'MAIN', venue: 'paper', feed: 'market', currency: 'USD', status: 'running' },
      ...{ reason: '', isWarm: true, allocation: 1, lossLimitBps: null, realised: 0, fees: 100.0600001, fills: 1 },
      positions: [
        {
          ...{ symbol: 'ACME', qty: 8_298, avgPrice: 120.58000000000001, price: 121.405, target: 8_298 },
          ...{ waitsFor: null, awaitsOtherAnswer: false },
        },
      ],
    } as EngineSnapshot['strategies'][number],
  ],
  books: [
    {
      ...{ name: 'MAIN', currency: 'USD', capital: 1_000_000, equity: 1_006_704.3, cash: -672.9, dayProfit: -3.5 },
      ...{ realised: 0, unrealised: 0, grossExposure: 1_007_377.2 },
    },
  ],
  orders: [STOP],
  ordersWorking: 1,
  ordersUnknown: 0,
  fills: [],
};

function ask(name: CommandName, changes: Partial<EngineSnapshot> = {}, isFresh = true) {
  const command: Command = { ts: 0, name, args: {}, actor: 'ada' };
  const context: QuestionContext = { snapshot: { ...SNAPSHOT, ...changes }, isFresh, latched: [], limits: {} };
  return { text: answerText(command, context) ?? '', data: answerQuestion(command, context) };
}

describe('risk as text', () => {
  const limits = { maxLeverage: 2, perSymbol: { ACME: { maxUnits: 5 } } };

  it('shows halts, what is at stake, loss limits of persons and the limits of engine.yaml', () => {
    const [trend] = SNAPSHOT.strategies;
    const strategies = [{ ...trend, lossLimitBps: 50 } as NonNullable<typeof trend>];
    const context = { snapshot: { ...SNAPSHOT, strategies }, isFresh: true, latched: [], limits };
    const text = answerText({ ts: 0, name: 'risk', args: {}, actor: 'ada' }, context) ?? '';
    expect(text).toContain('HALTED    book MAIN: halt by ada: news.');
    expect(cells(text, 'MAIN')).toEqual(['MAIN', '1,006,704.30 USD', '-3.50', '1,007,377.20']);
    expect(cells(text, 'trend')).toEqual(['trend', '50']);
    expect(cells(text, 'maxLeverage')).toEqual(['maxLeverage', '2']);
    expect(cells(text, 'perSymbol')).toEqual(['perSymbol.ACME.maxUnits', '5']);
  });

  it.each([
    ['book', 'SIDE', 'Nothing that concerns strategy trend is halted.'],
    ['venue', 'paper', 'HALTED    venue paper: halt by ada.'],
  ] as const)('of one strategy has the halts that concern it, of %s %s', (scope, name, said) => {
    const halts = [{ scope, name, reason: 'halt by ada', until: null }];
    const context = { snapshot: { ...SNAPSHOT, halts }, isFresh: true, latched: [], limits };
    expect(answerText({ ts: 0, name: 'risk', args: { name: 'trend' }, actor: 'ada' }, context)).toContain(said);
  });
});

function cells(text: string, first: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith(first)) ?? '';
  return line.split(/ {2,}/);
}

describe('answers as text', () => {
  it('say what is halted, what is held, what works and the result of the day', () => {
    const { text } = ask('status');
    expect(text).toMatch(/^first, paper, running: 2024-01-03 21:00:00 UTC\n/);
    expect(text).toContain('\nHALTED    book MAIN: halt by ada: news.\n');
    expect(cells(text, 'MAIN')).toEqual(['MAIN', '1,006,704.30 USD', '-3.50', '-672.90', '1,007,377.20']);
    expect(text).toContain('\ntrend     ACME    8,298         120.58  121.405\n');
    expect(cells(text, STOP.orderId).slice(3)).toEqual(['protection: sell stop', '8,298', '0', '100.26', 'working']);
  });

  it('say so where nothing is', () => {
    const { text } = ask('status', { halts: [], orders: [], ordersWorking: 0, strategies: [] });
    for (const words of ['Nothing is halted.', 'No strategy holds anything.', 'No order is at work.'])
      expect(text).toContain(words);
  });

  it('align their columns, figures to the right', () => {
    const lines = ask('strategies').text.split('\n');
    const wanted = lines.find((line) => line.includes('Wanted')) ?? '';
    const row = lines[lines.indexOf(wanted) + 1] ?? '';
    expect(row.indexOf('120.58') + 6).toBe(wanted.indexOf('Average price') + 13);
  });

  it('say that an engine does not answer', () => {
    expect(ask('orders', {}, false).text).toContain(
      'THE ENGINE DOES NOT ANSWER: this is how it was at 2024-01-03 21:01:00',
    );
  });

  it('say how many orders are not listed', () => {
    const orders = Array.from({ length: 30 }, () => STOP);
    expect(ask('orders', { orders, ordersWorking: 30 }).text).toContain('… and 10 older: orders limit=30\n');
  });

  it('steer no terminal', () => {
    expect(ask('status', { name: 'a\u001b[2Jb' }).text).toMatch(/^a\?\[2Jb,/);
    const halts = [{ ...SNAPSHOT.halts[0], reason: 'x\nNothing is halted.' }] as EngineSnapshot['halts'];
    expect(ask('status', { halts }).text).toContain('HALTED    book MAIN: x Nothing is halted.\n');
  });

  it('are there for no command but those', () => {
    expect(answerText({ ts: 0, name: 'reconcile', args: {}, actor: 'ada' }, {} as QuestionContext)).toBeUndefined();
  });
});

describe('answers as JSON', () => {
  it('have prices without what binary sums leave', () => {
    expect(ask('orders').data).toMatchObject({ orders: [{ stopPrice: 100.26 }] });
    expect(ask('status').data).toMatchObject({ positions: [{ avgPrice: 120.58, price: 121.405 }] });
    expect(ask('strategies').data).toMatchObject({ strategies: [{ positions: [{ avgPrice: 120.58 }] }] });
  });
});
