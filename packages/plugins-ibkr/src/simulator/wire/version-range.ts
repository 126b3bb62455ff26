/** What a client offers in its first frame: `v100..193`, or one version, and options behind a space. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
  readonly options: string;
}

/** Reads a client's offer; undefined for what is none. */
export function readVersionRange(payload: Buffer): VersionRange | undefined {
  const match = /^v(\d{1,5})(?:\.\.(\d{1,5}))?(?: (.*))?$/s.exec(payload.toString('latin1').replace(/\0+$/, ''));
  if (match === null) return undefined;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : Number(match[2]);
  return { min, max, options: match[3] ?? '' };
}
