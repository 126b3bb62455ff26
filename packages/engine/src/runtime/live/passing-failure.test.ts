import { describe, expect, it } from '@jest/globals';
import { TradingError, type Venue } from '@bookrunner/sdk';
import { exitCodeOf } from '../../cli/exit-code.js';
import { askBroker, type InstrumentQuestion } from '../brokers/broker-instruments.js';
import { pluginError } from '../../plugins/index.js';
import { mayPass } from './passing-failure.js';

const away = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

async function asking(cause: Error): Promise<unknown> {
  const question = {
    ...{ name: 'ib', instrument: { symbol: 'EURUSD' }, source: { mask: (text: string) => text } },
    // oxlint-disable-next-line prefer-promise-reject-errors
    ...{ venue: { resolve: () => Promise.reject(cause) } as unknown as Venue, onNotice: () => {}, now: () => 0 },
  } as unknown as InstrumentQuestion;
  return askBroker(question).catch((error: unknown) => error);
}

describe('a network that is away', () => {
  it('may be back, where a feed throws it as it is', () => {
    expect(mayPass(away)).toBe(true);
    expect(mayPass(new TypeError('fetch failed', { cause: away }))).toBe(true);
    expect(mayPass(new Error('a mistake'))).toBe(false);
  });

  it('may answer later, whatever has not been answered', () => {
    expect(mayPass(pluginError('PLUGIN_OPEN_TIMEOUT', 'late'))).toBe(true);
    expect(mayPass(pluginError('PLUGIN_CREATE_FAILED', 'wrong'))).toBe(false);
  });

  it('is waited for where a broker is asked for an instrument', async () => {
    const error = await asking(new TypeError('fetch failed', { cause: away }));
    expect(error).toMatchObject({ code: 'BROKER_INSTRUMENT_UNTOLD' });
    expect([mayPass(error), exitCodeOf(error)]).toEqual([true, 1]);
    const fatal = new TradingError('DESK_CONTRACT', 'no such contract', { severity: 'fatal', remedy: '' });
    for (const [thrown, isUnclassified] of [[new Error('not connected'), true] as const, [fatal, false] as const]) {
      const unknown = { code: 'BROKER_INSTRUMENT_UNKNOWN', details: { isUnclassified } };
      expect(await asking(thrown)).toMatchObject(unknown);
    }
  });
});
