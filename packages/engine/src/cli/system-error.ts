/** An error of the operating system, as Node throws it. */
export interface SystemError extends Error {
  /** `ENOSPC`, `EACCES`, … */
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** Whether something is an error of the operating system: no fault of this program. */
export function isSystemError(error: unknown): error is SystemError {
  if (typeof error !== 'object' || error === null) return false;
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) && typeof syscall === 'string';
}
