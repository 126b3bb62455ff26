import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UNSET_DOUBLE, UNSET_INTEGER } from './contract.js';
import { decodeRequest, REQUEST_LAYOUTS } from './decode-request.js';
import { encodeMessage } from './encode-message.js';
import type { EncodedKind } from './encode-message.js';
import { encodeRequest, readMessage } from './layout-reading.fixture.js';
import type { ClientRequest, WireOrder } from './requests.js';
import { MESSAGES, ORDER, ORDER_STATE, REQUESTS } from './wire-samples.fixture.js';

const versions = fc.constantFrom(176, 177, 178, 183, 187, 189, 190, 192, 193);
const text = fc.string({ maxLength: 12 }).map((value) => value.replaceAll('\0', ''));
const quantity = fc.double({ min: 1e-8, max: 1e12, noNaN: true });
const price = fc.oneof(fc.constant(UNSET_DOUBLE), fc.double({ min: 0.01, max: 1e6, noNaN: true }));
const integer = fc.oneof(fc.constant(UNSET_INTEGER), fc.integer());
const tags = fc.array(fc.record({ tag: text, value: text }), { maxLength: 3 });

const plainOrder: fc.Arbitrary<WireOrder> = fc.record({
  orderId: fc.integer({ min: 0 }),
  action: fc.constantFrom('BUY', 'SELL', 'SSHORT'),
  totalQuantity: quantity,
  orderType: fc.constantFrom('MKT', 'LMT', 'TRAIL', 'PEG MID', 'PEG BEST', 'PEG BENCH'),
  lmtPrice: price,
  auxPrice: price,
  tif: fc.constantFrom('DAY', 'GTC', 'IOC'),
  ocaGroup: text,
  ocaType: fc.integer({ min: 0, max: 3 }),
  account: text,
  orderRef: text,
  transmit: fc.boolean(),
  parentId: fc.nat(),
  outsideRth: fc.boolean(),
  hidden: fc.boolean(),
  displaySize: integer,
  allOrNone: fc.boolean(),
  minQty: integer,
  goodAfterTime: text,
  goodTillDate: text,
  trailStopPrice: price,
  trailingPercent: price,
  cashQty: price,
  whatIf: fc.boolean(),
  modelCode: text,
  algoStrategy: fc.constantFrom('', 'Adaptive', 'Twap'),
  algoParameters: tags,
  comboLegs: fc.array(
    fc.record({ conId: fc.nat(), ratio: fc.nat(), action: fc.constantFrom('BUY', 'SELL'), exchange: text }),
    { maxLength: 3 },
  ),
  smartComboRouting: tags,
});

/** What an order keeps that its options do not need, and options that bring fields of their own. */
const further = fc.record(
  {
    hedgeType: fc.constantFrom('D', 'F'),
    hedgeParam: fc.constant('0.5'),
    scalePriceIncrement: fc.constantFrom('0.05', '0'),
    scaleAutoReset: fc.constant('1'),
    deltaNeutralOrderType: fc.constantFrom('MKT', 'None'),
    deltaNeutralConId: fc.constant('17'),
    deltaNeutralContract: fc.constant('1'),
    deltaNeutralContractConId: fc.constant('18'),
    competeAgainstBestOffset: fc.constantFrom('0.03', 'Infinity'),
    midOffsetAtHalf: fc.constant('0.01'),
    faGroup: fc.constant('All'),
  },
  { requiredKeys: [] },
);

const conditions = fc.array(
  fc.constantFrom(
    { type: 1, conjunction: 'a', values: ['1', '200.5', '265598', 'SMART', '0'] },
    { type: 3, conjunction: 'o', values: ['1', '20260101 10:00:00'] },
    { type: 4, conjunction: 'a', values: ['0', '30'] },
    { type: 5, conjunction: 'a', values: ['STK', 'SMART', 'AAPL'] },
    { type: 6, conjunction: 'o', values: ['1', '10000', '265598', 'SMART'] },
    { type: 7, conjunction: 'a', values: ['1', '5', '265598', 'SMART'] },
  ),
  { maxLength: 3 },
);

describe('layouts', () => {
  it.each(Object.keys(MESSAGES) as EncodedKind[])('read %s as it was written', (kind) => {
    for (const version of [193, 178]) {
      const fields = encodeMessage(MESSAGES[kind], version);
      const { message, left } = readMessage(kind, fields, version);
      expect(left).toBe(0);
      expect(encodeMessage(message as never, version)).toEqual(fields);
    }
  });

  it.each(Object.keys(REQUESTS) as (keyof typeof REQUESTS)[])('read %s as it was written', (kind) => {
    for (const version of [193, 178, 176, 187, 189]) {
      const decoded = decodeRequest(encodeRequest(REQUESTS[kind], version), version);
      expect(decoded).toMatchObject({ kind: 'request', request: REQUESTS[kind] });
    }
  });

  it('read an order with any options as it was written, at any version', () => {
    const secType = fc.constantFrom('STK', 'BAG');
    const exchange = fc.constantFrom('SMART', 'IBKRATS');
    fc.assert(
      fc.property(plainOrder, further, conditions, secType, exchange, versions, (...drawn) => {
        const [order, kept, held, type, at, version] = drawn;
        const request = {
          ...REQUESTS.placeOrder,
          contract: { ...REQUESTS.placeOrder.contract, secType: type, exchange: at },
          order: {
            ...order,
            further: kept as Record<string, string>,
            ...(held.length > 0 ? { conditions: held, conditionsIgnoreRth: true, conditionsCancelOrder: false } : {}),
          },
        };
        const fields = encodeRequest(request, version);
        const decoded = decodeRequest(fields, version);
        expect(decoded.kind).toBe('request');
        const { request: read } = decoded as { request: ClientRequest };
        expect(encodeRequest(read as typeof request, version)).toEqual(fields);
        const { further: readFurther, ...rest } = (read as typeof request).order;
        expect(kept).toMatchObject(readFurther ?? {});
        const isBag = type === 'BAG';
        expect(rest).toMatchObject({
          ...order,
          comboLegs: isBag ? order.comboLegs : [],
          smartComboRouting: isBag ? order.smartComboRouting : [],
          algoParameters: order.algoStrategy === '' ? [] : order.algoParameters,
        });
      }),
    );
  });

  it('give an open order back with what it kept', () => {
    const state = { ...ORDER_STATE, order: { ...ORDER, further: { rule80A: 'I', hedgeType: 'D', hedgeParam: '0.5' } } };
    const { message, left } = readMessage('openOrder', encodeMessage({ kind: 'openOrder', state }, 193), 193);
    expect(left).toBe(0);
    expect(message).toMatchObject({
      state: { order: { further: { rule80A: 'I', hedgeType: 'D', hedgeParam: '0.5' } } },
    });
  });

  it('have one number each', () => {
    const numbers = Object.values(REQUEST_LAYOUTS).map(([number]) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('damage', () => {
  const plain = encodeRequest(REQUESTS.cancelMarketData, 193);

  it.each([
    ['nothing at all', [], { index: 0, field: 'message number' }],
    ['no number', ['x', '1'], { index: 0, field: 'message number' }],
    ['an unknown number', ['777', '1'], { message: 777, index: 0, reason: 'no such message' }],
    ['a missing field', plain.slice(0, -1), { message: 2, index: 2, field: 'requestId' }],
    ['a trailing field', [...plain, ''], { message: 2, id: 9001, index: 3, field: 'trailing field' }],
    ['text for a number', ['2', '1', 'nine'], { message: 2, id: -1, index: 2, field: 'requestId' }],
    ['a fraction for an integer', ['2', '1', '1.5'], { message: 2, index: 2, field: 'requestId' }],
  ])('%s is told with its place', (_, fields, problem) => {
    expect(decodeRequest(fields, 193)).toMatchObject({ kind: 'problem', problem });
  });

  it('takes an empty field as the default, and any version', () => {
    const fields = encodeRequest(REQUESTS.placeOrder, 193).map((field, index) =>
      index > 13 && !['BUY'].includes(field) ? '' : field,
    );
    const decoded = decodeRequest(fields, 193);
    expect(decoded).toMatchObject({
      kind: 'request',
      request: { order: { tif: 'DAY', transmit: false, lmtPrice: UNSET_DOUBLE, displaySize: UNSET_INTEGER } },
    });
    expect(decodeRequest(['2', '', '7'], 193)).toMatchObject({ request: { requestId: 7 } });
    expect(decodeRequest(['2', 'v9', '7'], 193)).toMatchObject({ request: { requestId: 7 } });
  });

  it('never throws, whatever the fields', () => {
    const field = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('', '0', '1', '1e999', '-1', 'BAG'));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 110 }),
        fc.array(field, { maxLength: 130 }),
        versions,
        (number, rest, version) => {
          decodeRequest([String(number), ...rest], version);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never asks for memory that a count promises', () => {
    const combo = { ...REQUESTS.placeOrder, contract: { ...REQUESTS.placeOrder.contract, secType: 'BAG' } };
    const fields = encodeRequest(combo, 193);
    fields[35] = '4000000000';
    expect(decodeRequest(fields, 193)).toMatchObject({ kind: 'problem', problem: { field: 'comboLegs' } });
  });
});
