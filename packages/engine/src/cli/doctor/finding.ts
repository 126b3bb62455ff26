/** What the doctor found about one thing. */
export interface Finding {
  readonly what: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; empty where there is nothing to do. */
  readonly remedy: string;
}

/** It works. */
export function ok(what: string, message: string): Finding {
  return { what, level: 'ok', message, remedy: '' };
}

/** It works, and will not always. */
export function warn(what: string, message: string, remedy: string): Finding {
  return { what, level: 'warn', message, remedy };
}

/** It does not work. */
export function fail(what: string, message: string, remedy: string): Finding {
  return { what, level: 'fail', message, remedy };
}

/** First line of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text =
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
      ? String(error.message)
      : String(error);
  return (text.split('\n')[0] ?? '').trim().replace(/[.:]$/, '');
}
