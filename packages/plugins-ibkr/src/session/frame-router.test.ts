import { describe, expect, it } from '@jest/globals';
import { EventName, IBApi } from '@stoqey/ib';
import fc from 'fast-check';
import { FrameRouter } from './frame-router.js';
import { guardDecoder, guardFrames } from './library-guard.js';
import { TickFrames } from './tick-frames.js';

const GREETING = ['193', '20260918 09:30:00 EST'];

function frame(fields: readonly string[], end = '\0'): Buffer {
  const body = Buffer.from(fields.join('\0') + end);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function sized(size: number, fill = 7): Buffer {
  const bytes = Buffer.alloc(4 + size, fill);
  bytes.writeUInt32BE(size);
  return bytes;
}

/** Cuts a stream into pieces of these lengths, over and over. */
function pieces(stream: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length; at += found.at(-1)!.length) {
    found.push(stream.subarray(at, at + cuts[found.length % cuts.length]!));
  }
  return found;
}

/** All that is told of a stream, with our reader of ticks in front of the library and without. */
function told(parts: readonly Buffer[], isGuarded: boolean): readonly unknown[] {
  const events: unknown[] = [];
  const api = new IBApi({ host: '127.0.0.1', port: 9, clientId: 1, maxReqPerSec: 1_000 });
  guardDecoder(api, (fault) => events.push(fault));
  const note = (event: string, values: readonly unknown[]): void => {
    if (event === 'sent' || event === 'received') return;
    events.push([event, ...values.map((value) => (value instanceof Error ? value.message : value))]);
  };
  api.on(EventName.all, (event: string, values: readonly unknown[]) => note(event, values));
  if (isGuarded) {
    guardFrames(api, {
      onTick: ({ event, requestId, tickType, value, canAutoExecute }) =>
        note(event, [requestId, tickType, value, ...(event === 'tickPrice' ? [canAutoExecute] : [])]),
      onBroken: () => events.push('broken'),
    });
  }
  const { socket } = Reflect.get(api, 'controller') as { readonly socket: { onData(bytes: Buffer): void } };
  for (const part of parts) socket.onData(part);
  return events;
}

const digits = fc.integer({ min: -1_000_000, max: 2_000_000_000 }).map(String);
const decimal = fc.tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat(9)).map(([mantissa, places]) => {
  const text = String(Math.abs(mantissa)).padStart(places + 1, '0');
  const at = text.length - places;
  return `${mantissa < 0 ? '-' : ''}${text.slice(0, at)}${places === 0 ? '' : `.${text.slice(at)}`}`;
});
const odd = fc.constantFrom(
  ...[
    '',
    '-',
    '.',
    '-.5',
    '5.',
    '1.7976931348623157E308',
    '1e3',
    'NaN',
    'Infinity',
    '1,000',
    ' 7',
    '0x1F',
    '1.2.3',
    '+3',
  ],
  ...['-0', '00012', '9223372036854775807', '0.1234567890123456789', '123456789012345.5', 'x', '\\u00e9', 'é', '٣'],
);
const field = fc.oneof({ weight: 4, arbitrary: digits }, { weight: 4, arbitrary: decimal }, odd);
const type = fc.oneof(
  fc.constantFrom('0', '1', '2', '3', '4', '5', '48', '66', '67', '68', '69', '70', '71', '90'),
  field,
);
const mask = fc.constantFrom('0', '1', '3', '');
const message = fc.oneof(
  fc.tuple(fc.constant('1'), fc.constantFrom('6', '2', '1', '3'), digits, type, field, field, mask),
  fc.tuple(fc.constant('2'), fc.constant('6'), digits, type, field),
  fc.tuple(
    fc.constant('46'),
    fc.constant('6'),
    digits,
    type,
    fc.oneof(field, fc.constant('100.5;200;1700000000123;9;1;true')),
  ),
  fc.array(field, { maxLength: 7 }).map((rest) => ['1', ...rest]),
  fc.array(field, { maxLength: 7 }).map((rest) => ['2', ...rest]),
  fc.array(field, { maxLength: 7 }).map((rest) => ['46', ...rest]),
  // What is none of these: generic ticks, the type of data, errors, what nobody knows.
  fc.tuple(fc.constant('45'), fc.constant('6'), digits, fc.constant('49'), fc.constant('1')),
  fc.tuple(fc.constant('58'), fc.constant('1'), digits, fc.constantFrom('1', '3')),
  fc.tuple(
    fc.constant('4'),
    fc.constant('2'),
    digits,
    fc.constant('200'),
    fc.string({ maxLength: 400 }),
    fc.constant(''),
  ),
  fc.array(field, { minLength: 1, maxLength: 5 }).map((rest) => ['999', ...rest]),
);
const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });

describe('Ticks that are read in place of the library', () => {
  it('are told as it tells them, in order with the rest, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), cuts, (messages, lengths) => {
        const clean = messages.map((fields) => fields.map((text) => text.replaceAll('\0', ' ')));
        const stream = Buffer.concat([frame(GREETING), ...clean.map((fields) => frame(fields))]);
        expect(told(pieces(stream, lengths), true)).toEqual(told([stream], false));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are read here as gateways write them, and what is not plain is not', () => {
    const reader = new TickFrames(() => undefined);
    const reads = (fields: readonly string[]): boolean => {
      const bytes = frame(fields);
      return reader.read(bytes, 4, bytes.length);
    };
    expect(reads(['1', '6', '7', '1', '100.25', '300', '1'])).toBe(true);
    expect(reads(['2', '6', '7', '0', '300'])).toBe(true);
    expect(reads(['46', '6', '7', '48', '100.5;200;1700000000123;9;100.4;true'])).toBe(true);
    expect(reads(['46', '6', '7', '48', 'é'])).toBe(false);
    expect(reads(['2', '6', '7', '0', ''])).toBe(false);
  });

  it('are none where the greeting is expected', () => {
    const stream = [frame(['1', '6', '7', '1', '100.25', '300', '1'])];
    expect(told(stream, true)).toEqual(told(stream, false));
  });

  it('have numbers equal to the last bit', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const values: unknown[] = [];
        const reader = new TickFrames(({ value }) => values.push(value));
        const bytes = frame(['2', '6', '7', '0', text]);
        expect(reader.read(bytes, 4, bytes.length)).toBe(true);
        expect(values).toEqual([Number(text)]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('A message whose last field has no end', () => {
  it.each([
    [['58', '1', '7', '3']],
    [['1', '6', '7', '1', '100.5', '3', '1']],
    [['46', '6', '7', '48', '100.5;1;1700000000123;1;1;true']],
  ])('spoils none of those behind it: %p', (fields) => {
    const time = frame(['49', '1', '1700000000']);
    const parts = [frame(GREETING), frame(fields, ''), time, frame(['2', '6', '7', '0', '5']), time];
    const known = ['currentTime', 'tickSize'];
    const events = told(parts, true).filter((event) => Array.isArray(event) && known.includes(event[0] as string));
    expect(events).toEqual([
      ['currentTime', 1_700_000_000],
      ['tickSize', 7, 0, 5],
      ['currentTime', 1_700_000_000],
    ]);
  });
});

describe('A stream of frames', () => {
  const taken = (parts: readonly Buffer[]): { readonly others: Buffer; readonly broken: number } => {
    const others: Buffer[] = [];
    let broken = 0;
    const router = new FrameRouter({
      ticks: new TickFrames(() => undefined),
      onOthers: (bytes) => others.push(Buffer.from(bytes)),
      onBroken: () => (broken += 1),
    });
    for (const part of parts) router.take(part);
    return { others: Buffer.concat(others), broken };
  };

  it('reaches the library whole where there are no ticks in it, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600)), cuts, (sizes, lengths) => {
        const stream = Buffer.concat(sizes.map((size) => sized(size)));
        expect(taken(pieces(stream, lengths))).toEqual({ others: stream, broken: 0 });
      }),
    );
  });

  it('ends before a length that cannot be: too long, and negative where it is read as such', () => {
    for (const length of [
      [0xff, 0xff, 0xff, 0xff],
      [0x80, 0, 0, 0],
      [1, 0, 0, 0],
    ]) {
      const sound = Buffer.concat([sized(3), sized(0)]);
      const stream = Buffer.concat([sound, Buffer.from(length), sized(2)]);
      expect(taken([stream, sized(2)])).toEqual({ others: sound, broken: 1 });
    }
  });

  it('of a long message is not kept until its end', () => {
    const long = sized(1_000_000);
    const seen: number[] = [];
    const router = new FrameRouter({
      ticks: new TickFrames(() => undefined),
      onOthers: (bytes) => seen.push(bytes.length),
      onBroken: () => undefined,
    });
    for (const part of pieces(Buffer.concat([frame(GREETING), long]), [65_536])) router.take(part);
    expect(Math.max(...seen)).toBeLessThanOrEqual(65_536);
    expect(seen.reduce((sum, length) => sum + length, 0)).toBe(frame(GREETING).length + long.length);
  });
});
