/** A text of whoever wrote it as a sentence: a full stop ends it, unless something ends it already. */
export function sentence(text: string): string {
  const line = text.trimEnd();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
