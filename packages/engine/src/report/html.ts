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

const literals = new WeakMap<TemplateStringsArray, readonly string[]>();

/**
 * A template whose values are escaped unless they are {@link Html}. Attributes have to be quoted. Indentation of the template
 * itself is dropped; that of values is kept.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let pieces = literals.get(strings);
  if (pieces === undefined) {
    pieces = strings.map((piece) => piece.replace(/\n\s+/g, '\n'));
    literals.set(strings, pieces);
  }
  let text = pieces[0]!;
  for (let index = 0; index < parts.length; index += 1) text += toHtml(parts[index]!) + pieces[index + 1]!;
  return new Html(text);
}

/** An element that holds exactly `text`, unescaped, as its hash in a content security policy demands. */
export function verbatim(tag: 'style' | 'script', text: string): Html {
  return new Html(`<${tag}>${text}</${tag}>\n`);
}

/** Data of the page for its scripts. */
export function dataElement(id: string, value: unknown): Html {
  return new Html(`<script type="application/json" id="${escapeHtml(id)}">${jsonText(value)}</script>\n`);
}

/** JSON in which no character can end the element that holds it. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toHtml(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(toHtml).join('');
}
