import { runCutSession, CUT_PLACES } from './cut-session.mjs';
const t = performance.now();
const base = await runCutSession(undefined);
console.log(performance.now() - t, base.wrong, base.bugs, base.isCut, base.truth, JSON.stringify(base.books));
for (const n of base.notices) if (n.level !== 'info') console.log((n.ts - Date.UTC(2024,0,2,12))/1000, n.level, n.code, n.message);
for (const p of CUT_PLACES) { let bad = 0, n = 1; const t = performance.now(); for (; n < 1000; n += Number(process.argv[2] ?? 1)) { const r = await runCutSession({ ...p, nth: n }); if (!r.isCut) break; 
 const same = JSON.stringify(r.books) === JSON.stringify(base.books); if (!same || r.wrong.length || r.bugs.length) { console.log(p.name, n, same, r.wrong, r.bugs.map(b=>b.message)); bad++; } }
console.log(p.name, n, bad, performance.now() - t); }
