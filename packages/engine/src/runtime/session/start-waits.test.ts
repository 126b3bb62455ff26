import { describe, expect, it } from '@jest/globals';
import { TradingError } from '@bookrunner/sdk';
import { tellOfWaiting } from './start-waits.js';

describe('tellOfWaiting', () => {
  it('tells of a cause once in a row of tries, and again in the next row', () => {
    const told: string[] = [];
    const onWaiting = tellOfWaiting((message) => told.push(message));
    const away = new Error('no login now');
    for (const waitMs of [1_000, 2_000, 4_000]) onWaiting(away, waitMs);
    expect(told).toHaveLength(1);
    onWaiting(new Error('no line'), 8_000);
    expect(told).toHaveLength(2);
    for (const waitMs of [1_000, 2_000]) onWaiting(new Error('no line'), waitMs);
    expect(told).toHaveLength(3);
    expect(told[2]).toContain('no line');
  });

  it('says why it waits for all of them', () => {
    const told: string[] = [];
    const details = { needsAll: 'There is no session to go on from.' };
    const failure = new TradingError('DESK_BUSY', 'No login now.', { severity: 'retryable', remedy: '', details });
    tellOfWaiting((message) => told.push(message))(failure, 1_000);
    expect(told[0]).toContain(
      'No login now. There is no session to go on from. So it begins once all its feeds and brokers',
    );
  });
});
