import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { isNetworkError } from './network-error.js';

const refused = (code = 'ECONNREFUSED'): Error => Object.assign(new Error('connect'), { code });

describe('an error of the network', () => {
  it('is one by its code, or by what caused it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const fetched: unknown = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);
    expect(isNetworkError(fetched)).toBe(true);
    expect(isNetworkError(refused())).toBe(true);
    expect(isNetworkError(new TypeError('fetch failed', { cause: refused('UND_ERR_CONNECT_TIMEOUT') }))).toBe(true);
    expect(isNetworkError(new Error('no login', { cause: new TypeError('fetch failed', { cause: refused() }) }))).toBe(
      true,
    );
  });

  it('is one where all addresses of a host fail so', () => {
    expect(isNetworkError(new AggregateError([refused(), refused('ETIMEDOUT')]))).toBe(true);
    expect(isNetworkError(new AggregateError([refused(), new Error('a mistake')]))).toBe(false);
  });

  it('is none otherwise', () => {
    const ring: { cause?: unknown } = {};
    ring.cause = ring;
    for (const error of [undefined, null, 'ECONNREFUSED', new Error('x'), refused('ENOTFOUND'), ring]) {
      expect(isNetworkError(error)).toBe(false);
    }
  });
});
