import { runSession } from './fault-session.mjs';
const kinds = process.argv[2] ? process.argv[2].split('+') : [];
const t = performance.now();
const r = await runSession({ kinds, seed: Number(process.argv[3] ?? 1) });
console.log(JSON.stringify({ ...r, log: undefined, notices: undefined }, null, 1));
if (process.argv[4]) { console.log(r.log); }
const show = process.argv[4] === 'all' ? r.notices : r.notices.filter(n => n.level !== 'info');
for (const n of show) console.log((n.ts - Date.UTC(2024,0,2,12))/1000, n.level, n.code, n.message);
console.log(performance.now() - t);
