const LONGEST = 240;

/** What the gateway says, on one line, without markup, without the JSON that follows some rejects, and not longer than fits a log. */
export function tidyText(text: string): string {
  const plain = text
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/&nbsp;/g, ' ')
    .replace(/\s*\{\s*"[\s\S]*\}\s*$/, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1).trimEnd()}…`;
}
