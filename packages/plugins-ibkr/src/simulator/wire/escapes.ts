// From server version 153 on, texts for people (errors, long names) carry what is not ASCII as \uXXXX.

/** The text with everything beyond ASCII escaped, one escape for each UTF-16 unit. */
export function escapeText(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The text with the escapes replaced; what only looks like one is left as it is. */
export function unescapeText(text: string): string {
  return text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
