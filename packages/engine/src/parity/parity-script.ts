import { CHART_DATES } from '../report/chart-dates.js';

/** The page's own style, after that of the report. */
export const PARITY_STYLE = `
.verdict { font-size: 17px; font-weight: 600; margin: 14px 0 0; padding: 10px 16px; border-radius: 8px; border: 1px solid var(--line); background: var(--panel); }
.verdict.same { color: var(--gain); } .verdict.unexplained { color: var(--loss); }
.filters { display: flex; gap: 8px; flex-wrap: wrap; margin: 0 0 12px; }
.filters button[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); font-weight: 600; }
.key { display: inline-block; width: 18px; height: 0; border-top: 2px solid var(--equity); vertical-align: middle; margin-right: 6px; }
.key.second { border-top: 2px dashed var(--fall); }
tr[hidden] { display: none; }
.facts dd { max-width: 76ch; }
#differences td, #differences th { vertical-align: top; }
#differences td:last-child { min-width: 460px; }
td.two { white-space: normal; min-width: 220px; }
`;

/** Draws equity of both sides, and shows the differences of one cause where a reader asks for it. */
export const PARITY_SCRIPT = `
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('curve').textContent);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const utc = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const grouped = (value, digits) => value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const amounts = (_, ticks) => {
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
    const digits = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
    return ticks.map((tick) => grouped(tick, digits));
  };
  const box = document.getElementById('equity-plot');
  const out = document.getElementById('equity-plot-value');
  const axis = (extra) => ({ stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif', ...extra });
  let chart;
  const draw = () => {
    chart?.destroy();
    chart = new uPlot({
      width: box.clientWidth, height: 300, padding: [8, 8, 0, 0], legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
      axes: [axis({ space: 70, values: ${CHART_DATES} }), axis({ size: 96, values: amounts })],
      series: [{},
        { stroke: color('--equity'), width: 2, points: { show: data.ts.length < 3 } },
        { stroke: color('--fall'), width: 1.5, dash: [6, 4], points: { show: data.ts.length < 3 } }],
      hooks: { setCursor: [(plot) => {
        const at = plot.cursor.idx;
        out.textContent = at == null ? '' : utc(data.ts[at]) + ' UTC: session ' + grouped(data.session[at], 2) + ', backtest ' + grouped(data.backtest[at], 2);
      }] },
    }, [data.ts, data.session, data.backtest], box);
  };
  if (box && data.ts.length > 0) {
    draw();
    window.addEventListener('resize', () => chart.setSize({ width: box.clientWidth, height: 300 }));
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }
  const filters = [...document.querySelectorAll('.filters button')];
  const lines = [...(document.getElementById('differences')?.tBodies[0].rows ?? [])];
  for (const button of filters) button.addEventListener('click', () => {
    for (const other of filters) other.setAttribute('aria-pressed', String(other === button));
    const { cause } = button.dataset;
    for (const line of lines) line.hidden = cause !== '' && line.cells[1].textContent !== cause;
  });
  document.querySelector('.filters')?.removeAttribute('hidden');
})();
`;
