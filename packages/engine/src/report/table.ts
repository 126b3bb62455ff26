// One way to write a table, so that every table has a caption, scopes and aligned numbers.
import { markup, type Html, type HtmlPart } from './html.js';

/** One column. */
export interface TableColumn {
  readonly label: string;
  readonly isNumber?: boolean;
  /** Whether its text may run over several lines. */
  readonly isLong?: boolean;
}

/** What a table shows. The first cell of each row is its header. */
export interface TableContent {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly HtmlPart[])[];
  /** Id of the table, for a script. */
  readonly id?: string;
}

/** A table inside a box that scrolls sideways on a small screen. */
export function table(content: TableContent): Html {
  const { caption, columns, rows } = content;
  const id = content.id === undefined ? '' : markup` id="${content.id}"`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${id}><caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col"${kindOf(column)}>${column.label}</th>`)}</tr></thead>
<tbody>${rows.map((row) => tableRow(columns, row))}</tbody></table></div>`;
}

function tableRow(columns: readonly TableColumn[], row: readonly HtmlPart[]): Html {
  const cells = row.map((cell, index) => {
    const kind = kindOf(columns[index]);
    return index === 0 ? markup`<th scope="row"${kind}>${cell}</th>` : markup`<td${kind}>${cell}</td>`;
  });
  return markup`<tr>
    ${cells}
  </tr> `;
}

function kindOf(column: TableColumn | undefined): Html | '' {
  if (column?.isNumber === true) return markup` class="n"`;
  return column?.isLong === true ? markup` class="wrap"` : '';
}
