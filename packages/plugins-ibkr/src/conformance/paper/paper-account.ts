// Where a paper account is, from the environment.
import { check } from '@bookrunner/sdk/testing';

/** A paper account at a real gateway. */
export interface PaperAccount {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** The first that the login manages unless given. */
  readonly account: string | undefined;
  /** A price of AAPL, in dollars, so far below the market that an order to buy there rests. */
  readonly price: number;
}

/** `host:port`, with the rest from IBKR_PAPER_CLIENT_ID, IBKR_PAPER_ACCOUNT and IBKR_PAPER_PRICE. Errors: CONTRACT_BROKEN. */
export function paperAccount(address: string, env: Readonly<Record<string, string | undefined>>): PaperAccount {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? [];
  check(host !== '', `IBKR_PAPER has to be host:port, such as 127.0.0.1:4002; it is '${address}'.`);
  return {
    ...{ host, port: Number(port), clientId: Number(env['IBKR_PAPER_CLIENT_ID'] ?? '901') },
    ...{ account: env['IBKR_PAPER_ACCOUNT'], price: Number(env['IBKR_PAPER_PRICE'] ?? '20') },
  };
}
