import type { Feature, FeatureState } from '../../interfaces/feature.js';
import type { BarColumns } from '../../model/bar.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import type { CaseOver } from '../contract.js';
import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { A_GAP, answersOf, harnessOf, sceneBars } from './scenes.js';
import type { SignalFixture } from './scenes.js';

function featuresOf(fixture: SignalFixture): readonly Feature[] {
  return Object.values(fixture.definition.features(fixture.definition.params.parse(fixture.params)));
}

/** The outputs of a feature after every bar, one row of numbers a bar. */
function streamed(state: FeatureState, feature: Feature, bars: BarColumns): readonly (readonly number[])[] {
  const out = new Float64Array(feature.outputs.length);
  return Array.from({ length: bars.length }, (_, i) => {
    updateAt(state, bars, { index: i, out });
    return [...out];
  });
}

function updateAt(
  state: FeatureState,
  bars: BarColumns,
  at: { readonly index: number; readonly out: Float64Array },
): void {
  const { index: i, out } = at;
  const [open, high, low] = [bars.open[i]!, bars.high[i]!, bars.low[i]!];
  state.update({ open, high, low, close: bars.close[i]!, volume: bars.volume[i]! }, out, 0);
}

function featureWarmup(fixture: SignalFixture): void {
  for (const feature of featuresOf(fixture)) {
    const bars = sceneBars({ ...fixture, length: feature.warmup + 20 }, 'walk')[0]!;
    const first = streamed(feature.create(), feature, bars).findIndex((row) =>
      row.every((value) => !Number.isNaN(value)),
    );
    check(
      first + 1 === feature.warmup,
      `Feature ${feature.name} declares a warm-up of ${feature.warmup} bars, but its first value came with bar ${first + 1}.`,
    );
  }
}

function featureColumns(fixture: SignalFixture): void {
  const bars = sceneBars(fixture, 'walk')[0]!;
  for (const feature of featuresOf(fixture)) {
    const columns = feature.column(bars);
    check(columns.length === feature.outputs.length, `Feature ${feature.name} has to give one column per output.`);
    const rows = Array.from({ length: bars.length }, (_, i) => columns.map((column) => column[i]));
    checkEqual(
      rows,
      streamed(feature.create(), feature, bars),
      `Feature ${feature.name} over columns, against bar by bar`,
    );
  }
}

function featureSave(fixture: SignalFixture): void {
  const bars = sceneBars(fixture, 'walk')[0]!;
  for (const feature of featuresOf(fixture)) {
    const whole = streamed(feature.create(), feature, bars);
    const out = new Float64Array(feature.outputs.length);
    let state = feature.create();
    const rows = Array.from({ length: bars.length }, (_, i) => {
      if (i % 17 === 16) {
        const next = feature.create();
        next.load(state.save());
        state = next;
      }
      updateAt(state, bars, { index: i, out });
      return [...out];
    });
    checkEqual(rows, whole, `Feature ${feature.name} saved and loaded on the way`);
    state.reset();
    checkEqual(streamed(state, feature, bars), whole, `Feature ${feature.name} after reset`);
  }
}

async function severalSymbols(fixture: SignalFixture): Promise<void> {
  const symbols = [...fixture.symbols, 'SECOND', 'THIRD'];
  const bars = sceneBars({ ...fixture, symbols }, 'walk');
  // The last symbol starts later and has holes, so that not all bars close at every instant.
  const thin = { ...bars.at(-1)! };
  const kept = Array.from({ length: thin.length }, (_, i) => i).filter((i) => i > 5 && i % 4 !== 0);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i]!);
  const holed: BarColumns = {
    symbol: thin.symbol,
    length: kept.length,
    ts: pick(thin.ts),
    endTs: pick(thin.endTs!),
    open: pick(thin.open),
    high: pick(thin.high),
    low: pick(thin.low),
    close: pick(thin.close),
    volume: pick(thin.volume),
  };
  if (fixture.strictFinding().error !== undefined) return; // It fails with one symbol already: other cases say how.
  await checkNoThrow(
    () => harnessOf({ ...fixture, symbols }, [...bars.slice(0, -1), holed]).run(),
    `With the symbols ${symbols.join(', ')}`,
  );
}

async function stopTwice(fixture: SignalFixture): Promise<void> {
  const harness = harnessOf(fixture, sceneBars(fixture, 'walk'));
  answersOf(harness);
  await checkNoThrow(() => harness.stop(), 'onStop');
  await checkNoThrow(() => harness.stop(), 'onStop, called twice');
  harness.reset(A_GAP);
  await checkNoThrow(() => harness.stop(), 'onStop after a reset');
}

async function stopEarly(fixture: SignalFixture): Promise<void> {
  const harness = harnessOf(fixture, sceneBars(fixture, 'walk'));
  await checkNoThrow(() => harness.stop(), 'onStop before the first bar');
}

/** The rest: several symbols, declared times, parameters, and the features' own rules. */
export function shapeCases(definition: StrategyDefinition): readonly CaseOver<SignalFixture>[] {
  const noStop = definition.signal.onStop === undefined ? 'onStop is not declared' : undefined;
  const noTimes = definition.times.length === 0 ? 'times are not declared' : undefined;
  return [
    { id: 'SIG-120', title: 'works with several symbols whose bars do not all close together', run: severalSymbols },
    {
      id: 'SIG-130',
      title: 'answers at its declared times',
      skip: noTimes,
      run: async (fixture) => {
        check(definition.signal.onTime !== undefined, 'It declares times but has no onTime.');
        const harness = harnessOf(fixture, sceneBars(fixture, 'walk'));
        answersOf(harness);
        for (const name of definition.times) await checkNoThrow(() => harness.time(name), `onTime '${name}'`);
      },
    },
    { id: 'SIG-140', title: 'may be stopped twice', skip: noStop, run: stopTwice },
    { id: 'SIG-145', title: 'may be stopped before its first bar', skip: noStop, run: stopEarly },
    {
      id: 'SIG-150',
      title: 'refuses parameters that are no object of parameters',
      run: () => {
        for (const value of [42, 'text', null, []]) {
          check(
            !definition.params.safeParse(value).success,
            `The schema of the parameters accepts ${JSON.stringify(value)}.`,
          );
        }
      },
    },
    { id: 'SIG-160', title: 'features give their first value with the bar they declare', run: featureWarmup },
    { id: 'SIG-170', title: 'features over columns equal features bar by bar', run: featureColumns },
    { id: 'SIG-180', title: 'features continue exactly after save and load, and anew after reset', run: featureSave },
  ];
}
