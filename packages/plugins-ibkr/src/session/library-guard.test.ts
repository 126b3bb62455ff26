import { describe, expect, it } from '@jest/globals';
import { IBApi } from '@stoqey/ib';
import { guardDecoder, socketOf } from './library-guard.js';

describe('the parts of the library that are not published', () => {
  it('are there in the version that is installed', () => {
    const api = new IBApi({ host: '127.0.0.1', port: 9, clientId: 1, maxReqPerSec: 1_000 });
    guardDecoder(api, () => undefined);
    expect(() => socketOf(api)).toThrow(expect.objectContaining({ code: 'IBKR_LIBRARY' }));
    api.connect();
    socketOf(api)
      .on('error', () => undefined)
      .destroy();
  });

  it('are missed with an error of ours in another one', () => {
    expect(() => guardDecoder({} as IBApi, () => undefined)).toThrow(expect.objectContaining({ code: 'IBKR_LIBRARY' }));
  });
});
