import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IBKR_ERRORS } from '../ibkr-errors.js';
import type { Concern } from './classify.js';
import { classify } from './classify.js';
import { tidyText } from './tidy-text.js';
import { TWS_CODES, twsCode } from './tws-codes.js';

const CONCERNS: readonly Concern[] = [
  ...(['new-order', 'working-order', 'modify', 'cancel', 'subscription'] as const),
  ...(['history', 'contract', 'account', 'session'] as const),
];
const DEADLY: ReadonlySet<string> = new Set(['order-rejected', 'order-cancelled']);

const consequence = (code: number, concern: Concern, text = ''): string => classify(code, concern, text).consequence;

describe('classify', () => {
  it('knows each code once', () => {
    expect(new Set(TWS_CODES.map((row) => row.code)).size).toBe(TWS_CODES.length);
  });

  it('has a remedy for each, and codes of our table alone', () => {
    for (const { ours, remedy, meaning } of TWS_CODES) {
      expect(ours === '' || ours in IBKR_ERRORS).toBe(true);
      expect([remedy, meaning].every((text) => text.length > 5)).toBe(true);
    }
  });

  it('19: a code that is not known ends no order and no subscription, and comes as a warning with its text', () => {
    const unknown = fc.integer({ min: -10, max: 30_000 }).filter((code) => twsCode(code) === undefined);
    fc.assert(
      fc.property(unknown, fc.constantFrom(...CONCERNS), (code, concern) => {
        const verdict = classify(code, concern, 'something new');
        expect(verdict).toMatchObject({ consequence: 'advisory', isKnown: false, severity: 'retryable' });
        expect(verdict.text).toBe(`TWS ${code}: something new`);
      }),
    );
  });

  it.each([399, 404, 2109, 2137, 10_167, 10_349, 2_103, 1_100, 202_020])('19: %i is no end of an order', (code) => {
    for (const concern of CONCERNS) expect(DEADLY.has(consequence(code, concern))).toBe(false);
  });

  it.each([200, 201, 203, 321, 460, 10_289, 10_293, 103, 110])('20: %i rejects a new order', (code) => {
    expect(classify(code, 'new-order', 'text <br>of it')).toMatchObject({
      consequence: 'order-rejected',
      severity: 'rejected',
      text: `TWS ${code}: text of it`,
    });
  });

  it.each([104, 105, 110, 111, 113, 321, 329, 434])('18: %i on a change leaves the order as it was', (code) => {
    expect(consequence(code, 'modify')).toBe('modify-failed');
  });

  it.each([135, 161, 10_147, 10_148])('17: %i answers a cancel, and ends no order', (code) => {
    expect(consequence(code, 'cancel')).toBe('cancel-failed');
  });

  it('asks for the order where a rejected change may have ended it', () => {
    expect(consequence(201, 'modify')).toBe('ask-order');
    expect(consequence(110, 'working-order')).toBe('ask-order');
    expect(consequence(201, 'working-order')).toBe('order-rejected');
    expect(consequence(202, 'working-order')).toBe('order-cancelled');
  });

  it('29: tells a read-only API from a request that does not hold together', () => {
    expect(classify(321, 'new-order', 'The API interface is currently in Read-Only mode.').ours).toBe('IBKR_READ_ONLY');
    expect(classify(321, 'new-order', 'Invalid account').ours).toBe('IBKR_ORDER_REFUSED');
    expect(classify(321, 'subscription', 'Invalid exchange').consequence).toBe('subscription-ended');
  });

  it('reads what 162 means from its text', () => {
    const prefix = 'Historical Market Data Service error message:';
    expect(classify(162, 'history', `${prefix}Historical data request pacing violation`)).toMatchObject({
      ours: 'IBKR_HISTORY_PACING',
      consequence: 'request-failed',
    });
    expect(consequence(162, 'history', `${prefix}HMDS query returned no data: AAPL@SMART Trades`)).toBe('no-data');
    expect(consequence(162, 'history', `${prefix}API historical data query cancelled: 7`)).toBe('advisory');
    expect(classify(162, 'history', `${prefix}No market data permissions for NYSE STK`).ours).toBe(
      'IBKR_DATA_NOT_SUBSCRIBED',
    );
  });

  it('tells what becomes of data', () => {
    expect(consequence(10_197, 'subscription')).toBe('data-stalled');
    expect(consequence(10_167, 'subscription')).toBe('data-delayed');
    expect(consequence(354, 'subscription')).toBe('subscription-ended');
    expect(consequence(10_182, 'subscription')).toBe('subscription-ended');
    expect(consequence(300, 'subscription')).toBe('advisory');
    expect(classify(200, 'contract', 'The contract description specified for X is ambiguous.').ours).toBe(
      'IBKR_CONTRACT_AMBIGUOUS',
    );
  });
});

describe('tidyText', () => {
  it('takes out markup and the JSON of a reject', () => {
    const text = 'Order rejected - reason:<br>YOUR ORDER IS <b>NOT</b> ACCEPTED.\n  {"rejects":[{"code":1}]}';
    expect(tidyText(text)).toBe('Order rejected - reason: YOUR ORDER IS NOT ACCEPTED.');
  });

  it('is one line of bounded length, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const tidied = tidyText(text);
        expect(tidied.length).toBeLessThanOrEqual(240);
        expect(/[\p{Cc}]/u.test(tidied)).toBe(false);
      }),
    );
  });
});
