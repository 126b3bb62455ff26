/**
 * Rows as aligned text: no colours, no lines, the same in a pipe. The first row is the heading. Columns named in `figures`, by their
 * headings, end in one column.
 */
export function textTable(rows: readonly (readonly string[])[], figures: readonly string[] = []): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const isFigure = (column: number): boolean => figures.includes(rows[0]?.[column] ?? '');
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
