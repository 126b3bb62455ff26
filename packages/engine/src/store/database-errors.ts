// What a driver threw as an error of the store. Driver messages pass through here only, so that no address or password leaks.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { storeError, type StoreErrorCode } from './store-errors.js';
import { sentence } from '../sentence.js';

/** What was being done, for the message and for causes that nothing else names. */
export interface DatabaseDeed {
  readonly code: StoreErrorCode;
  /** `The store could not be opened`. */
  readonly message: string;
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
}

/** Beginnings of driver codes. SQLite: https://www.sqlite.org/rescode.html; Postgres: appendix A of its manual; both seen 2026-11. */
const CODES: readonly (readonly [prefix: string, code: StoreErrorCode])[] = [
  ['SQLITE_FULL', 'STORE_DISK_FULL'],
  ['53100', 'STORE_DISK_FULL'],
  ['ENOSPC', 'STORE_DISK_FULL'],
  ['EDQUOT', 'STORE_DISK_FULL'],
  ['SQLITE_BUSY', 'STORE_LOCKED'],
  ['SQLITE_LOCKED', 'STORE_LOCKED'],
  ['55P03', 'STORE_LOCKED'],
  ['40P01', 'STORE_LOCKED'],
  ['40001', 'STORE_LOCKED'],
  ['57014', 'STORE_LOCKED'],
  ['SQLITE_READONLY', 'STORE_READ_ONLY'],
  ['25006', 'STORE_READ_ONLY'],
  ['EROFS', 'STORE_READ_ONLY'],
  ['SQLITE_NOTADB', 'STORE_FILE_INVALID'],
  ['SQLITE_CORRUPT', 'STORE_FILE_INVALID'],
  ['SQLITE_CANTOPEN', 'STORE_ACCESS_DENIED'],
  ['SQLITE_PERM', 'STORE_ACCESS_DENIED'],
  ['EACCES', 'STORE_ACCESS_DENIED'],
  ['EPERM', 'STORE_ACCESS_DENIED'],
  ['ENOTDIR', 'STORE_ACCESS_DENIED'],
  ['EEXIST', 'STORE_ACCESS_DENIED'],
  ['28', 'STORE_ACCESS_DENIED'],
  ['3D000', 'STORE_ACCESS_DENIED'],
  ['42501', 'STORE_ACCESS_DENIED'],
  ['08', 'STORE_UNREACHABLE'],
  ['53', 'STORE_UNREACHABLE'],
  ['57P', 'STORE_UNREACHABLE'],
  ['ECONN', 'STORE_UNREACHABLE'],
  ['ENOTFOUND', 'STORE_UNREACHABLE'],
  ['EAI_AGAIN', 'STORE_UNREACHABLE'],
  ['ETIMEDOUT', 'STORE_UNREACHABLE'],
  ['EHOSTUNREACH', 'STORE_UNREACHABLE'],
  ['ENETUNREACH', 'STORE_UNREACHABLE'],
  ['EPIPE', 'STORE_UNREACHABLE'],
  ['ENOENT', 'STORE_UNREACHABLE'],
];

/** Connections that end while they are used have no code. */
const ENDED =
  /connection terminated|connection timeout|client has encountered a connection error|not queryable|timeout exceeded/i;

/** The error of the store for something a driver threw. */
export function databaseError(cause: unknown, deed: DatabaseDeed): TradingError {
  if (isTradingError(cause)) return cause;
  const driverCode = codeOf(cause);
  // TypeORM's error puts the class name of the driver's before its message.
  const message = masked(messageOf(fieldOf(cause, 'driverError') ?? cause), deed.secrets);
  const known = CODES.find(([prefix]) => driverCode.startsWith(prefix))?.[1];
  const code = known ?? (ENDED.test(message) ? 'STORE_UNREACHABLE' : deed.code);
  // The driver's own error carries addresses, SQL and values: only its code and its masked text go on.
  const kept = Object.assign(new Error(message), { code: driverCode });
  const shown = driverCode === '' ? message : `${message} (${driverCode})`;
  return storeError(code, sentence(`${deed.message}: ${shown}`), { details: { driverCode }, cause: kept });
}

/** Every text of a connection address that must not be shown: itself, its password in both spellings. */
export function secretsOf(url: string): readonly string[] {
  const password = passwordOf(url);
  return [url, password, decoded(password)].filter((text) => text !== '');
}

function passwordOf(url: string): string {
  return URL.canParse(url) ? new URL(url).password : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function codeOf(cause: unknown): string {
  const own = fieldOf(cause, 'driverError');
  const code = fieldOf(own ?? cause, 'code');
  if (typeof code === 'string') return code;
  // Node puts the attempts at several addresses of one host together.
  const attempts = fieldOf(own ?? cause, 'errors');
  return Array.isArray(attempts) && attempts.length > 0 ? codeOf(attempts[0]) : '';
}

function messageOf(cause: unknown): string {
  const message = fieldOf(cause, 'message');
  const text = typeof message === 'string' && message !== '' ? message : 'no reason given';
  return (text.split('\n')[0] ?? '').trim().replace(/[.:]$/, '');
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}

function masked(message: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), message);
}
