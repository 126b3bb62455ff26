import { CHART_DATES } from './chart-dates.js';

/**
 * The page's own script, run after the chart library: draws the two charts with one cursor and turns the pages of long tables.
 * It reads data that the page carries and nothing else; without it the page still shows every figure but the charts.
 */
export const REPORT_SCRIPT = `
'use strict';
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const utc = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const grouped = (value, digits) => value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const amounts = (ticks) => {
    const largest = Math.max(...ticks.map(Math.abs));
    const [unit, name] = largest >= 1e9 ? [1e9, ' bn'] : largest >= 1e6 ? [1e6, ' m'] : largest >= 1e4 ? [1e3, ' k'] : [1, ''];
    const step = ticks.length > 1 ? (ticks[1] - ticks[0]) / unit : 1;
    const digits = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
    return ticks.map((tick) => grouped(tick / unit, digits) + name);
  };

  const data = read('curve');
  const charts = [];
  const axis = (extra) => ({ stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif', ...extra });
  const draw = (id, values, look) => {
    const box = document.getElementById(id);
    const out = document.getElementById(id + '-value');
    const chart = new uPlot({
      width: box.clientWidth, height: look.height, padding: [8, 8, 0, 0], legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      cursor: { sync: { key: 'run' }, y: false, points: { size: 6 }, drag: { x: true, y: false } },
      scales: { y: look.scale },
      axes: [axis({ space: 70, values: ${CHART_DATES} }), axis({ size: 84, values: (_, ticks) => look.ticks(ticks) })],
      series: [{}, { stroke: color(look.stroke), fill: color(look.fill), width: 1.5, points: { show: data.ts.length < 3 } }],
      hooks: { setCursor: [(plot) => {
        const at = plot.cursor.idx;
        out.textContent = at == null ? '' : utc(data.ts[at]) + ' UTC: ' + look.text(values[at]);
      }] },
    }, [data.ts, values], box);
    charts.push({ chart, box, height: look.height, look });
  };
  const drawAll = () => {
    for (const { chart } of charts.splice(0)) chart.destroy();
    draw('equity-plot', data.equity, { height: 320, stroke: '--equity', fill: '--equity-fill', ticks: amounts, text: (v) => grouped(v, 2), scale: {} });
    draw('drawdown-plot', data.drawdown.map((share) => -share * 100), { height: 170, stroke: '--fall', fill: '--fall-fill',
      ticks: (all) => all.map((v) => v + '%'), text: (v) => grouped(v, 2) + '%', scale: { range: (_, low) => [low === 0 ? -1 : low * 1.05, 0] } });
  };
  if (data.ts.length > 0) {
    drawAll();
    let width = window.innerWidth;
    window.addEventListener('resize', () => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      for (const { chart, box, height } of charts) chart.setSize({ width: box.clientWidth, height });
    });
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  }

  for (const pager of document.querySelectorAll('[data-pager]')) {
    const id = pager.dataset.pager;
    const rows = read(id + '-rows');
    const size = Number(pager.dataset.size);
    const body = document.getElementById(id).tBodies[0];
    const kinds = [...document.getElementById(id).tHead.rows[0].cells].map((cell) => cell.className);
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    const buttons = [...pager.querySelectorAll('button')];
    let page = 0;
    const show = (next) => {
      page = Math.min(last, Math.max(0, next));
      body.replaceChildren(...rows.slice(page * size, (page + 1) * size).map((row) => {
        const line = document.createElement('tr');
        row.forEach((text, k) => {
          const cell = document.createElement(k === 0 ? 'th' : 'td');
          if (k === 0) cell.scope = 'row';
          if (kinds[k]) cell.className = kinds[k];
          cell.textContent = text;
          line.append(cell);
        });
        return line;
      }));
      pager.querySelector('output').textContent = 'Rows ' + (page * size + 1) + ' to ' + Math.min(rows.length, (page + 1) * size);
      buttons.forEach((button, k) => { button.disabled = k < 2 ? page === 0 : page === last; });
    };
    const goals = [() => 0, () => page - 1, () => page + 1, () => last];
    buttons.forEach((button, k) => button.addEventListener('click', () => show(goals[k]())));
    pager.hidden = last === 0;
    if (rows.length > 0) show(0);
  }
})();
`;
