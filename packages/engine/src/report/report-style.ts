/** The look of the report: one column, thin lines, figures in columns of equal width; dark where the reader's system is. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f7f8fa; --text: #1b2026; --soft: #59636e; --line: #dfe3e8;
  --accent: #1f5fbf; --gain: #0f6e3d; --loss: #b3261e; --notice: #7a4b00; --notice-panel: #fff6e0; --notice-line: #e5c987;
  --equity: #1f5fbf; --equity-fill: #1f5fbf1c; --fall: #b3261e; --fall-fill: #b3261e26;
  --g1: #e6f4ea; --g2: #c6e7d0; --g3: #97d1a9; --l1: #fdecea; --l2: #f8cdc8; --l3: #eea39b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --panel: #1a2027; --text: #e6eaee; --soft: #9ba6b2; --line: #2c343d;
    --accent: #7db0ff; --gain: #6fcf97; --loss: #ff8f86; --notice: #f2cf85; --notice-panel: #2b2413; --notice-line: #5c4a1e;
    --equity: #7db0ff; --equity-fill: #7db0ff24; --fall: #ff8f86; --fall-fill: #ff8f862e;
    --g1: #17301f; --g2: #1d4a2d; --g3: #24663c; --l1: #3a1d1b; --l2: #5a2724; --l3: #7a302b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
header, main, footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 32px; }
h1 { font-size: 28px; font-weight: 650; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 18px; font-weight: 650; margin: 44px 0 12px; letter-spacing: -0.005em; }
h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; color: var(--soft); }
p { margin: 0 0 10px; }
a { color: var(--accent); }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.kind {
  display: inline-block; font-size: 12px; font-weight: 600; color: var(--soft); border: 1px solid var(--line);
  border-radius: 999px; padding: 1px 10px; margin-left: 10px; vertical-align: middle; letter-spacing: 0;
}
.about { color: var(--soft); margin: 6px 0 0; }
.soft { color: var(--soft); }
.gain { color: var(--gain); } .loss { color: var(--loss); }
.warnings {
  background: var(--notice-panel); border: 1px solid var(--notice-line); border-radius: 8px; color: var(--notice);
  margin: 20px 0 0; padding: 12px 16px;
}
.warnings h2 { font-size: 15px; margin: 0 0 4px; }
.warnings ul { margin: 0; padding-left: 20px; }
.tiles {
  display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 24px 0 0; padding: 0;
  background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden;
}
.tiles div { background: var(--page); padding: 12px 16px; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 20px; font-weight: 600; letter-spacing: -0.01em; white-space: nowrap; }
.chart { border: 1px solid var(--line); border-radius: 8px; padding: 12px 12px 4px; margin: 0 0 12px; }
.chart figcaption { color: var(--soft); font-size: 13px; padding: 0 4px 6px; display: flex; gap: 16px; flex-wrap: wrap; }
.chart figcaption strong { color: var(--text); font-weight: 600; }
.chart output { margin-left: auto; }
.plot { width: 100%; overflow: hidden; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 24px 32px; }
.groups dl { margin: 0; border-top: 1px solid var(--line); }
.groups dl div { display: flex; justify-content: space-between; gap: 16px; border-bottom: 1px solid var(--line); padding: 4px 0; }
.groups dt { color: var(--soft); }
.groups dd { margin: 0; text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; margin: 0 0 12px; }
.scroll:focus-visible, button:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 6px; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400; white-space: nowrap; }
thead th { color: var(--soft); font-size: 13px; font-weight: 600; border-bottom-color: var(--soft); vertical-align: bottom; }
th:first-child, td:first-child { padding-left: 2px; }
th.wrap, td.wrap { white-space: normal; min-width: 240px; }
.n { text-align: right; }
.months td, .months th { text-align: right; padding: 5px 8px; }
.months th:first-child { text-align: left; }
.months td:last-child { font-weight: 600; }
.g1 { background: var(--g1); } .g2 { background: var(--g2); } .g3 { background: var(--g3); }
.l1 { background: var(--l1); } .l2 { background: var(--l2); } .l3 { background: var(--l3); }
.pager { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; color: var(--soft); font-size: 13px; margin: 0 0 8px; }
button {
  font: inherit; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 4px 12px; min-height: 32px; cursor: pointer;
}
button:disabled { color: var(--soft); cursor: default; opacity: 0.6; }
summary { cursor: pointer; color: var(--accent); padding: 4px 0; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; overflow-x: auto; white-space: pre; margin: 8px 0 0; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px; margin: 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; padding-top: 32px; padding-bottom: 40px; }
@media (max-width: 640px) {
  header, main, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 20px; }
  h1 { font-size: 23px; }
  h2 { margin-top: 34px; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .tiles dd { font-size: 17px; }
  .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: 8px; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --panel: #fff; --text: #000; --soft: #444; --line: #ccc; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  button, .pager button { display: none; }
  h2, h3 { break-after: avoid; } tr, .chart, .groups section, .tiles { break-inside: avoid; }
  thead, caption { break-after: avoid; } table { font-size: 8.5pt; } th, td { padding: 3px 5px; }
  .uplot, .uplot .u-wrap, .uplot canvas { width: 100% !important; }
  .scroll { overflow: visible; } pre { white-space: pre-wrap; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
