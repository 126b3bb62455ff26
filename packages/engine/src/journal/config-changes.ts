// What of a configuration has changed, in the words of engine.yaml.
import { isDeciding } from './fingerprint.js';
import { plainText } from './entry-text.js';

/** Changes that are told one by one. */
const MOST = 8;

type Plain = Readonly<Record<string, unknown>>;

/** One sentence for each setting that decides something and is another one now; both configurations are effective ones. */
export function configChanges(before: Plain, now: Plain): readonly string[] {
  const changes = changesIn(before, now).filter(({ path }) => isDeciding(path));
  const told = changes.slice(0, MOST).map(({ text }) => text);
  return changes.length > MOST ? [...told, `${changes.length - MOST} more settings have changed.`] : told;
}

interface Change {
  readonly path: readonly string[];
  readonly text: string;
}

function changesIn(before: Plain, now: Plain, path: readonly string[] = []): readonly Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].flatMap((key): readonly Change[] => {
    const [old, next] = [before[key], now[key]];
    const at = [...path, key];
    const name = at.join('.');
    if (plainText(old ?? null) === plainText(next ?? null)) return [];
    if (isPlain(old) && isPlain(next)) return changesIn(old, next, at);
    if (old === undefined || next === undefined) {
      return [{ path: at, text: `\`${name}\` is ${old === undefined ? 'new' : 'gone'}.` }];
    }
    return [{ path: at, text: `\`${name}\` was ${plainText(old)} and is ${plainText(next)}.` }];
  });
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
