// What the store and its thread say to each other.
import { TradingError, type Severity } from '@bookrunner/sdk';
import type {
  DatabaseTarget,
  GroupOutcome,
  ProjectionRequest,
  QueryArgument,
  QueryName,
  WriteGroup,
  WriteResult,
} from './store-backend.js';

/** What the thread is started with. */
export interface ThreadSettings {
  readonly target: DatabaseTarget;
}

/** What the thread is asked. */
export type ThreadRequest =
  | { readonly kind: 'commit'; readonly groups: readonly WriteGroup[] }
  | { readonly kind: 'project'; readonly request: ProjectionRequest }
  | { readonly kind: 'query'; readonly name: QueryName; readonly argument: QueryArgument<QueryName> }
  | { readonly kind: 'close' };

/** A request with the number its answer carries; 0 is the answer to being started. */
export type NumberedRequest = ThreadRequest & { readonly id: number };

/** The answer to one request. */
export type ThreadAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PlainError };

/** An error as plain data: posting an Error would lose its code. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause: string;
}

/** A {@link GroupOutcome} as plain data. */
export type PlainOutcome =
  | { readonly ok: true; readonly result: WriteResult }
  | { readonly ok: false; readonly error: PlainError };

/** Id of the answer that says whether the database is open. */
export const OPENED = 0;

export function toPlainError(error: TradingError): PlainError {
  const { code, message, severity, remedy, details, cause } = error;
  return {
    code,
    message,
    severity,
    remedy,
    details,
    cause: (cause as { message?: string } | undefined)?.message ?? '',
  };
}

export function fromPlainError({ code, message, severity, remedy, details, cause }: PlainError): TradingError {
  const known = cause === '' ? {} : { cause: new Error(cause) };
  return new TradingError(code, message, { severity, remedy, details, ...known });
}

export function toPlainOutcome(outcome: GroupOutcome): PlainOutcome {
  return outcome.ok ? outcome : { ok: false, error: toPlainError(outcome.error) };
}

export function fromPlainOutcome(outcome: PlainOutcome): GroupOutcome {
  return outcome.ok ? outcome : { ok: false, error: fromPlainError(outcome.error) };
}
