// Where a paper account is, from the environment.
import { conformanceError } from '../conformance-errors.js';

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

/** Accounts whose money is not real begin like this. */
const PAPER = /^D[A-Z]/;

type Environment = Readonly<Record<string, string | undefined>>;

/** `host:port`, with the rest from IBKR_PAPER_CLIENT_ID, IBKR_PAPER_ACCOUNT and IBKR_PAPER_PRICE. Errors: CONFORMANCE_TARGET. */
export function paperAccount(address: string, env: Environment): PaperAccount {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (host === '' || !(Number(port) >= 1 && Number(port) <= 65_535)) {
    throw conformanceError(
      'CONFORMANCE_TARGET',
      `IBKR_PAPER has to be host:port, such as 127.0.0.1:4002; it is '${address}'.`,
    );
  }
  const clientId = numberOf(env, 'IBKR_PAPER_CLIENT_ID', {
    fallback: 901,
    isRight: (id) => Number.isInteger(id) && id >= 0 && id < 1e6,
  });
  const price = numberOf(env, 'IBKR_PAPER_PRICE', { fallback: 20, isRight: (dollars) => dollars > 0 && dollars < 1e6 });
  return { host, port: Number(port), clientId, account: env['IBKR_PAPER_ACCOUNT'] || undefined, price };
}

/** Whether the money of an account is not real. */
export function isPaper(account: string): boolean {
  return PAPER.test(account);
}

function numberOf(
  env: Environment,
  name: string,
  { fallback, isRight }: { readonly fallback: number; readonly isRight: (value: number) => boolean },
): number {
  const text = env[name] ?? '';
  const value = text === '' ? fallback : Number(text);
  if (isRight(value)) return value;
  throw conformanceError('CONFORMANCE_TARGET', `${name} has to be a number such as ${fallback}; it is '${text}'.`);
}
