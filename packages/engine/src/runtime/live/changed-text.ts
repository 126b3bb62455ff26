/** What it means for whoever watches that the last run was made from something else. */
export function changedText(changes: readonly string[] | undefined): string {
  if (changes === undefined) return '';
  return (
    ` ${changes.join(' ')} Orders, positions, cash, halts and limits are as they were, and protection goes on; strategies begin anew` +
    ' with warm-up, and until its first answer each keeps the position it has.'
  );
}
