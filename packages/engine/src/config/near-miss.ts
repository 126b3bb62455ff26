import { distance } from 'fastest-levenshtein';

/** The known word a person probably meant; undefined where none is close. Case does not count. */
export function nearMiss(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const steps = distance(lower, candidate.toLowerCase());
    if (steps < bestDistance) {
      best = candidate;
      bestDistance = steps;
    }
  }
  if (best === undefined) return undefined;
  // A third of the letters may differ: `alocation`, `lookbak`, `mean-reverson`; more is another word.
  const isClose = bestDistance <= Math.max(1, Math.floor(word.length / 3));
  return isClose || isTransposed(lower, best.toLowerCase(), bestDistance) ? best : undefined;
}

/** Two letters swapped count as two steps, however short the word: `MIAN`. */
function isTransposed(word: string, candidate: string, steps: number): boolean {
  return steps <= 2 && sortedLetters(word) === sortedLetters(candidate);
}

function sortedLetters(word: string): string {
  return word.split('').toSorted().join('');
}

/** ` Did you mean 'x'?` where a known word is close, else ` Known: a, b.`, else nothing. */
export function hintFor(word: string, known: Iterable<string>): string {
  const words = [...known];
  const near = nearMiss(word, words);
  if (near !== undefined) return ` Did you mean '${near}'?`;
  return words.length > 0 && words.length <= 20 ? ` Known: ${words.join(', ')}.` : '';
}
