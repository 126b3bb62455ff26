// The table of TWS codes as a page of docs/: written by scripts/write-codes.mjs, held to it by a test.
import { TWS_CODES } from './tws-codes.js';

/** Lines of the page between which the table stands. */
export const CODES_BEGIN = '<!-- codes: packages/plugins-ibkr/scripts/write-codes.mjs -->';
export const CODES_END = '<!-- end of codes -->';

/** The table, in Markdown. */
export function codesTable(): string {
  const rows = TWS_CODES.map(({ code, meaning, subject, effect, severity, ours, remedy, source }) => {
    const name = ours === '' ? '' : `\`${ours}\``;
    return `| ${code} | ${meaning} | ${subject} | ${effect} | ${severity} | ${name} | ${remedy} | ${source} |`;
  });
  const head = '| code | means | speaks of | effect | severity | our code | what to do | source |';
  return [head, '|---|---|---|---|---|---|---|---|', ...rows].join('\n');
}

/** The page with its table replaced. Throws where the page lacks the lines. */
export function withCodesTable(page: string): string {
  const [before, rest] = page.split(CODES_BEGIN);
  const after = rest?.split(CODES_END)[1];
  if (before === undefined || after === undefined)
    throw new Error('The page lacks the lines between which the table stands.');
  return `${before}${CODES_BEGIN}\n\n${codesTable()}\n\n${CODES_END}${after}`;
}
