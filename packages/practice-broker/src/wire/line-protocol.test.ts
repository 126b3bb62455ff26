import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { startPracticeBroker } from '../server/start-practice-broker.js';
import { PracticeBrokerClient } from '../practice-broker-client.js';
import { decodeLine, encodeLine, LineReader } from './line-codec.js';
import { LineConnection } from './line-connection.js';

const messages = fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(Number.NaN))), {
  maxLength: 10,
});

/** Bytes in pieces, cut at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

describe('the line protocol', () => {
  it('reads the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (list, cuts) => {
        const reader = new LineReader();
        const bytes = Buffer.from(list.map(encodeLine).join(''));
        const lines = pieces(bytes, cuts).flatMap((piece) => reader.push(piece));
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(lines.map(decodeLine).map(plain)).toEqual(list.map(plain));
      }),
    );
  });

  it('reads damaged bytes as no message, never as a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const line of new LineReader().push(Buffer.from(bytes))) decodeLine(line);
      }),
    );
    expect(['1', 'null', '[]', '"x"', '{', ''].map(decodeLine)).toEqual(Array(6).fill(undefined));
  });

  it('leaves a server standing that is sent damage', async () => {
    const broker = await startPracticeBroker({ tickEveryMs: 0 });
    const socket = connect({ port: broker.port, host: '127.0.0.1' });
    let answers = 0;
    socket.on('data', (piece) => (answers += piece.toString().split('\n').length - 1));
    const damage = [
      'null',
      '{"id":1}',
      '{"id":1,"op":"__proto__"}',
      '{"id":1,"op":"submit"}',
      '{"id":1,"op":"login","role":"venue","account":"no-such"}',
      '{"id":1,"op":"login","role":"venue","account":"practice"}',
      '{"id":2,"op":"submit","orders":[null]}',
      '{"id":3,"op":"constructor"}',
      '\u0000\ud800{',
    ];
    for (const line of damage) socket.write(`${line}\n`);
    // The login is followed by the account's state.
    while (answers < damage.length + 1) await new Promise((resolve) => setTimeout(resolve, 1));
    const control = await PracticeBrokerClient.connect(broker.port);
    expect((await control.truth()).orders).toEqual([]);
    control.close();
    socket.destroy();
    await broker.close();
  });

  it('leaves a client standing that is sent damage', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', () => socket.write('{"id":7,"value":{}}\n{{{\n[]\n{"id":1,"value":{"ok":true}}\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const damaged: string[] = [];
    const connection = await LineConnection.open({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      clock: new FakeClock(),
      connectLimitMs: 1000,
      answerLimitMs: 1000,
      onEvent: () => undefined,
      onDamaged: (line) => damaged.push(line),
      onClosed: () => undefined,
    });
    if (typeof connection === 'string') throw new Error(connection);
    expect(await connection.request('ping')).toEqual({ kind: 'answered', value: { ok: true } });
    expect(damaged).toEqual(['{{{', '[]']);
    connection.close();
    expect((await connection.request('ping')).kind).toBe('not-written');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
