import type { VenueReport } from '@bookrunner/sdk';

/** What a plugin says in words may hold what it was configured with. */
export function maskedTexts(
  said: { readonly reason?: string; readonly message?: string },
  mask: (text: string) => string,
): { readonly reason: string; readonly message: string } {
  return { reason: mask(String(said.reason ?? '')), message: mask(String(said.message ?? '')) };
}

/** A report with its words masked; ids and accounts are not words. */
export function maskedReport(said: VenueReport, mask: (text: string) => string): VenueReport {
  if (!('reason' in said)) return said;
  const { reason, message } = maskedTexts(said, mask);
  return said.kind === 'rejected' ? { ...said, reason, message } : { ...said, reason };
}
