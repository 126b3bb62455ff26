import { describe, expect, it } from '@jest/globals';
import { executionTime, utcText } from './execution-time.js';
import { readExecution, readFee } from './ib-execution.js';

const AT = Date.UTC(2025, 7, 20, 13, 30, 1);

describe('the time of an execution', () => {
  it.each([
    ['20250820 09:30:01 US/Eastern', 'UTC'],
    ['20250820  09:30:01', 'America/New_York'],
    ['20250820-13:30:01', 'America/New_York'],
    ['20250820 14:30:01 British Summer Time', 'Europe/London'],
    ['20250820 22:30:01 Asia/Tokyo', 'UTC'],
  ])('%s is one instant', (text, zone) => {
    expect(executionTime(text, zone)).toBe(AT);
  });

  it.each([
    ['20251102 01:30:00 US/Eastern', [5, 6]],
    ['20250309 03:00:00 US/Eastern', [7]],
    ['20250309 01:59:59 US/Eastern', [6]],
  ])('%s, about a change of the clocks', (text, hours) => {
    expect(hours).toContain(new Date(executionTime(text, 'UTC')).getUTCHours());
  });

  it.each([undefined, '', 'yesterday', '2025-08-20'])('is not known of %s', (text) => {
    expect(executionTime(text, 'UTC')).toBeNaN();
  });

  it('is written in UTC', () => {
    expect(utcText(AT)).toBe('20250820-13:30:01');
    expect(utcText(AT - 999)).toBe('20250820-13:30:01');
    expect(executionTime(utcText(AT), 'Asia/Tokyo')).toBe(AT);
  });
});

describe('an execution', () => {
  it('keeps a long number at its end: that is no revision', () => {
    const read = (execId: string): string | undefined =>
      readExecution({ conId: 1 }, { ...told, execId }, 'UTC')?.executionId;
    expect(read('U+23.1234567')).toBe('U+23.1234567');
    expect(read('U+23.1234568')).toBe('U+23.1234568');
  });

  const told = {
    execId: '0000e0d5.6596b0b1.02.01',
    side: 'SLD',
    shares: 0.5,
    price: 50,
    orderRef: 'abcdefgh00000001|S|B|20261128',
  };

  it('is read with its order, side and trade', () => {
    const given = { orderId: 5, permId: 6, clientId: 7, acctNumber: 'DU1', cumQty: 1.5, lastLiquidity: 2 };
    const read = readExecution({ conId: 1 }, { ...told, ...given, time: '20250820-13:30:01' }, 'UTC');
    expect(read).toMatchObject({
      ...{ executionId: told.execId, revision: 1, orderId: 5, permId: 6, clientId: 7, account: 'DU1', ts: AT },
      ...{
        clientOrderId: 'abcdefgh00000001',
        tag: 'S|B|20261128',
        side: 'sell',
        qty: 0.5,
        cumQty: 1.5,
        liquidity: 'taker',
      },
    });
  });

  it('that corrects another is of the same trade', () => {
    const read = readExecution({}, { ...told, execId: '0000e0d5.6596b0b1.02.03' }, 'UTC');
    expect(read).toMatchObject({ executionId: '0000e0d5.6596b0b1.02.01', revision: 3 });
  });

  it.each([{ execId: '' }, { shares: 0 }, { price: undefined }, { side: '' }])('is none without %j', (without) => {
    expect(readExecution({}, { ...told, ...without } as Parameters<typeof readExecution>[1], 'UTC')).toBeUndefined();
  });
});

describe('a commission', () => {
  it.each([
    [{ commission: 1.5 }, 1.5],
    [{ commission: -0.4 }, -0.4],
    [{ commission: 0 }, 0],
    [{ commission: -1 }, undefined],
    [{ commission: undefined }, undefined],
    [{ commission: 1, currency: '' }, undefined],
  ])('%j is a fee of %s', (fields, fee) => {
    const report = { execId: 'a.b.01.02', currency: 'USD', ...fields } as Parameters<typeof readFee>[0];
    expect(readFee(report)?.fee).toBe(fee);
  });

  it('of a correction is of its trade', () => {
    expect(readFee({ execId: 'a.b.01.02', commission: 1, currency: 'USD' })?.executionId).toBe('a.b.01.01');
  });
});
