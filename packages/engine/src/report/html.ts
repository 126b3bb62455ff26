// Text into HTML, with everything escaped that could end the text.

/** HTML that was made here; anything else is text and gets escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: HTML, text, numbers, lists of them. */
export type HtmlPart = Html | string | number | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it can stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character]!) : text;
}

/** A template whose values are escaped unless they are {@link Html}. Attributes have to be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0]!;
  parts.forEach((part, index) => {
    text += toHtml(part) + strings[index + 1]!;
  });
  return new Html(text);
}

/** HTML that comes from a trusted file, such as the chart library. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Data for a script of the page: JSON in which no character can end the element that holds it. */
export function jsonFor(value: unknown): Html {
  const text = JSON.stringify(value);
  return new Html(text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

function toHtml(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(toHtml).join('');
}
