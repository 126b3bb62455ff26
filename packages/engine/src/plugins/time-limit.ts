/** How a call with a time limit ended. A throw of the call itself is `failed`. */
export type LimitedOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly cause: unknown }
  | { readonly kind: 'late' };

/** Waits for a call at most `timeoutMs`; what comes later is ignored, and nobody is told of it. */
export async function withTimeLimit<T>(call: () => Promise<T>, timeoutMs: number): Promise<LimitedOutcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<LimitedOutcome<T>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), timeoutMs);
  });
  const outcome = async (): Promise<LimitedOutcome<T>> => {
    try {
      return { kind: 'done', value: await call() };
    } catch (cause) {
      return { kind: 'failed', cause };
    }
  };
  try {
    return await Promise.race([outcome(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
