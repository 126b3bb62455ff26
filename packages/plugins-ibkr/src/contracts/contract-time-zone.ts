// IB names time zones by IANA names, by old aliases of these, and by abbreviations that a country uses.
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  PST: 'America/Los_Angeles',
  GMT: 'Europe/London',
  BST: 'Europe/London',
  MET: 'Europe/Berlin',
  CET: 'Europe/Berlin',
  JST: 'Asia/Tokyo',
  HKT: 'Asia/Hong_Kong',
  SGT: 'Asia/Singapore',
  KST: 'Asia/Seoul',
  IST: 'Asia/Kolkata',
  AET: 'Australia/Sydney',
};

/** IANA name of a zone as IB names it; undefined where it is not known. */
export function knownTimeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: ABBREVIATIONS[name] ?? name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** IANA name of a zone as contract details name it; UTC where it is not known. */
export function contractTimeZone(name: string | undefined): string {
  return (name === undefined ? undefined : knownTimeZone(name)) ?? 'UTC';
}
