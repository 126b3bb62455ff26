import { runSession } from './fault-session.mjs';
import { KINDS } from './fault-cases.mjs';
const base = await runSession({ kinds: [], seed: 1 });
console.log('base', base.wrong, base.bugs, base.notices.filter(n=>n.level==='alarm').map(n=>n.code));
for (const k of process.argv[2] ? process.argv[2].split(',') : KINDS) {
  const t = performance.now();
  let r; try { r = await runSession({ kinds: k.split('+'), seed: 1 }); } catch (e) { console.log(k, 'THREW', e.stack); continue; }
  const same = JSON.stringify(r.books) === JSON.stringify(base.books);
  const al = {}; for (const n of r.notices) if (n.level === 'alarm') al[n.code] = (al[n.code] ?? 0) + 1;
  console.log(k, 'n=' + r.happened, same ? 'same' : 'DIFF', r.wrong.length ? r.wrong : 'ok', 'frozen', r.frozen.length, JSON.stringify(al), Math.round(performance.now() - t));
}
