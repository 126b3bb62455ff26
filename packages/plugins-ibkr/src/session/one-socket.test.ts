import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { until } from './scripted-gateway.fixture.js';
import { sessionBench } from './session-bench.fixture.js';

/** Node tells of every socket that a client makes. */
const CLIENT_SOCKETS = channel('net.client.socket');

let stop = (): void => undefined;
afterEach(() => stop());

/** Longer than it takes to make another. */
const SLOW_CLOSE_MS = 30;

it('3: never two sockets at a time, though the next attempt is due before the last socket is closed', async () => {
  const bench = await sessionBench({ retryFirstMs: 1, retryLongestMs: 1, openTimeoutMs: 10_000_000 });
  const { clock, gateway, session, user } = bench;
  const sockets: Socket[] = [];
  let overlaps = 0;
  const note = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (sockets.some((other) => !other.closed)) overlaps += 1;
    sockets.push(socket);
    // As on a machine that is busy: it was told to end, and is there for a while.
    const destroy = socket.destroy.bind(socket);
    socket.destroy = () => {
      setTimeout(destroy, SLOW_CLOSE_MS);
      return socket;
    };
  };
  CLIENT_SOCKETS.subscribe(note);
  stop = () => CLIENT_SOCKETS.unsubscribe(note);
  gateway.script.isMute = true;
  void session.attach(user).catch(() => undefined);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await until(() => gateway.connections.length === attempt);
    // The handshake is over, and the next attempt due at once.
    clock.advance(15_000);
    clock.advance(1);
  }
  await until(() => gateway.connections.length === 6);
  expect([sockets.length, overlaps]).toEqual([6, 0]);
  await bench.close();
});
