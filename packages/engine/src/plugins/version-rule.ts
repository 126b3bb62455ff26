import { parse } from 'semver';

/**
 * Whether a plugin linked with SDK version `linked` may run on an engine with SDK version `own`: equal majors and a minor not
 * above ours; below 1.0 the minor is the major; pre-releases only on exact match. What is no version is refused.
 */
export function isSdkCompatible(linked: string, own: string): boolean {
  const [theirs, ours] = [parse(linked), parse(own)];
  if (theirs === null || ours === null) return false;
  if (theirs.prerelease.length > 0 || ours.prerelease.length > 0) return theirs.version === ours.version;
  if (theirs.major !== ours.major) return false;
  return ours.major === 0 ? theirs.minor === ours.minor : theirs.minor <= ours.minor;
}
