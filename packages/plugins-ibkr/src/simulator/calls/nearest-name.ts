/** Of the known names the one that is the fewest letters away; case does not count. */
export function nearestName(word: string, known: readonly string[]): string {
  const lower = word.toLowerCase();
  const near = known.map((candidate) => ({ candidate, steps: lettersApart(lower, candidate.toLowerCase()) }));
  return near.reduce((best, other) => (other.steps < best.steps ? other : best)).candidate;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function lettersApart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
