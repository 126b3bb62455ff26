#!/usr/bin/env bash
# Shows that the packages work as they are published: packs them, installs the tarballs in a project outside this tree, tests every
# template there, and backtests an own strategy package with an own engine.yaml. Needs a build and the npm registry.
#   scripts/pack-smoke.sh [--keep]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/bookrunner-pack-XXXXXX")
if [[ "${1:-}" == '--keep' ]]; then echo "kept: $work"; else trap 'rm -rf "$work"' EXIT; fi

say() { printf '%s\n' "-- $*"; }
fail() {
  printf 'pack-smoke: %s\n' "$*" >&2
  exit 1
}
quiet_npm() { npm "$@" --no-audit --no-fund --loglevel=error; }

say 'Packing, by the line of the README'
line=$(grep -m1 '^mkdir -p /tmp/packs && npm pack ' "$root/README.md") || fail 'the README has no line that packs.'
(cd "$root" && eval "${line//\/tmp\/packs/"'$work/tarballs'"}" >/dev/null 2>"$work/pack.log") || { cat "$work/pack.log"; fail 'the line of the README fails.'; }
tarball() { find "$work/tarballs" -name "bookrunner-$1-[0-9]*.tgz"; }
sdk=$(tarball sdk)
engine=$(tarball engine)
[[ -f "$sdk" && -f "$engine" ]] || fail 'sdk and engine were not packed.'
# --workspaces also packs what is private; it is not published.
rm -f "$(tarball bench)"

say 'Templates: their tests on the packed SDK, and their suites by the packed engine'
mkdir "$work/templates"
cat >"$work/templates/package.json" <<'JSON'
{ "name": "templates-outside", "private": true, "type": "module", "allowScripts": { "better-sqlite3": true } }
JSON
typescript=$(node -p "require('$root/package.json').devDependencies.typescript")
node_types=$(node -p "require('$root/package.json').devDependencies['@types/node']")
(cd "$work/templates" && quiet_npm install "$sdk" "$engine" zod@4 "typescript@$typescript" "@types/node@$node_types")
for folder in "$root"/templates/*/; do
  name=$(basename "$folder")
  mkdir "$work/templates/$name"
  (cd "$folder" && tar --exclude=node_modules --exclude=dist -cf - .) | tar -xf - -C "$work/templates/$name"
  log="$work/$name.log"
  (cd "$work/templates/$name" && npm test && npm run check) >"$log" 2>&1 || { cat "$log"; fail "template $name fails its tests."; }
  tests=$(sed -n 's/^\(# \|ℹ \)pass //p' "$log")
  [[ "${tests:-0}" -gt 0 ]] || { cat "$log"; fail "template $name ran no test."; }
  say "  $name: $tests tests passed"
done

say 'An own strategy package'
(cd "$work/templates/strategy" && npm pack --ignore-scripts --loglevel=error --pack-destination "$work/tarballs" >/dev/null)
own=$(find "$work/tarballs" -name 'bookrunner-my-strategy-*.tgz')
[[ -f "$own" ]] || fail 'the strategy was not packed.'

say 'A project outside the tree: engine, SDK and strategies from tarballs'
project="$work/project"
mkdir "$project"
cat >"$project/package.json" <<'JSON'
{ "name": "outside", "private": true, "type": "module", "allowScripts": { "better-sqlite3": true } }
JSON
cat >"$project/engine.yaml" <<'YAML'
engine: { name: outside, baseCurrency: USD, dataDir: ./var }
plugins: ["bookrunner-my-strategy", "@bookrunner/strategy-mean-reversion"]
instruments:
  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5 }
  ACME: { assetClass: equity, quote: USD, priceStep: 0.01, lotStep: 1, calendar: XNYS }
feeds:
  market: { use: synthetic, options: { seed: 3, from: "2024-01-02", days: 10, kind: bars, seconds: 60, startPrice: { EURUSD: 1.1, ACME: 120 } } }
venues: { paper: { use: simulated, options: { fees: { model: bps, bps: 1 } } } }
accounts: { demo: { venue: paper } }
books: { MAIN: { account: demo, capital: 100000 } }
strategies:
  own: { use: my-strategy, book: MAIN, symbols: [ACME], bars: { use: time, options: { seconds: 300 } }, params: { length: 20 }, allocation: 0.5 }
  reversion: { use: mean-reversion, book: MAIN, symbols: [EURUSD], bars: { use: time, options: { seconds: 300 } }, allocation: 0.5 }
YAML
cd "$project"
quiet_npm install "$engine" "$sdk" "$own" $(find "$work/tarballs" -name 'bookrunner-strategy-*.tgz') zod@4
for package in @bookrunner/engine @bookrunner/sdk bookrunner-my-strategy; do
  place=$(cd "node_modules/$package" && pwd -P)
  [[ "$place" == "$(cd "$work" && pwd -P)"/* ]] || fail "$package is taken from $place, not from its tarball."
done

bookrunner="$project/node_modules/.bin/bookrunner"
say 'bookrunner: version, check, plugins, backtest'
"$bookrunner" --version
"$bookrunner" check engine.yaml --quiet || fail 'check found faults.'
"$bookrunner" plugins list engine.yaml | grep -q my-strategy || fail 'the own strategy is not listed.'
"$bookrunner" backtest engine.yaml --json >"$work/run.json" || { cat "$work/run.json"; fail 'the backtest failed.'; }
node --input-type=module - "$work/run.json" <<'JS'
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const run = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const faults = [];
if (run.status !== 'done') faults.push(`its status is ${run.status}`);
for (const name of ['own', 'reversion']) {
  const fills = run.fills.filter(({ tag }) => tag.toLowerCase().startsWith(`${name}|main|`)).length;
  if (fills === 0) faults.push(`strategy '${name}' has no fill`);
}
for (const file of ['metrics.json', 'report.html', 'config.yaml', 'orders.parquet', 'fills.parquet', 'equity.parquet']) {
  if (!existsSync(join(run.runDir, file))) faults.push(`${file} is missing in its folder`);
}
if (!(Number.isFinite(run.metrics.finalEquity) && run.bars > 1000)) faults.push('its figures cannot be');
if (faults.length > 0) {
  console.error(`The backtest outside the tree: ${faults.join('; ')}.`);
  process.exit(1);
}
console.log(`${run.bars} bars, ${run.fillsTotal} fills, final equity ${run.metrics.finalEquity.toFixed(2)} ${run.currency}`);
JS
say 'The first strategy of the README'
mkdir "$project/readme"
node --input-type=module - "$root/README.md" "$project/readme" <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';

const [readme, folder] = process.argv.slice(2);
const block = (language) => readFileSync(readme, 'utf8').split(`\`\`\`${language}\n`)[1].split('```')[0];
writeFileSync(`${folder}/my-strategy.js`, block('js'));
writeFileSync(`${folder}/engine.yaml`, block('yaml'));
JS
"$bookrunner" backtest readme/engine.yaml --json --no-report >"$work/readme.json" || { cat "$work/readme.json"; fail 'the README does not work.'; }
node -p 'const { fillsTotal } = JSON.parse(require("node:fs").readFileSync(0, "utf8")); if (!(fillsTotal > 0)) process.exit(1); `${fillsTotal} fills`' <"$work/readme.json" ||
  fail 'the strategy of the README did not trade.'

say 'The packed packages work outside the tree.'
