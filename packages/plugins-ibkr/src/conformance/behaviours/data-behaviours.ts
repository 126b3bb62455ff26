// 24 to 26: limits of what is sent, and what kind of data comes.
import type { HistoryRequest } from '@bookrunner/sdk';
import { check, checkEqual, RecordingFeedSink } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import { AAPL, MSFT } from '../scene/instruments.js';
import type { Scene, SceneOptions } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { bidsOf, DURING_HOURS, eventAt, MESSAGE, publish, requestsFor, statesOf } from '../scene/watching.js';
import { cancelInStorm } from '../wire/priority.js';

const MINUTE_MS = 60_000;

/** How many rows history has, or the code of its error. */
async function historyRows(scene: Scene, request: HistoryRequest): Promise<number> {
  const read = async (): Promise<number> => {
    let rows = 0;
    for await (const { columns } of scene.feed.history(request)) rows += columns.length;
    return rows;
  };
  return scene.during(read(), 'history', 500);
}

function minutesBefore(scene: Scene, minutes: number): HistoryRequest {
  const to = Math.floor(scene.clock.nowUtc() / MINUTE_MS) * MINUTE_MS;
  return {
    instrument: AAPL,
    from: to - minutes * MINUTE_MS,
    to,
    bars: { use: 'time', options: { seconds: 60, price: 'last' } },
  };
}

/** Codes of errors that the gateway sent. */
function codes(scene: Scene): readonly string[] {
  return scene.sim.transcript.entries
    .filter(({ direction, fields }) => direction === 'out' && fields[0] === '4')
    .map(({ fields }) => fields[3] ?? '');
}

async function historyIsPaced(stage: Stage): Promise<void> {
  const scene = await stage.watching({ ...DURING_HOURS, simulator: { historyPacing: 'all' } });
  const request = minutesBefore(scene, 30);
  for (let time = 0; time < 4; time += 1) check((await historyRows(scene, request)) > 0, 'History has no rows.');
  const different = Array.from({ length: 9 }, (_, i) => minutesBefore(scene, 40 + i));
  await Promise.all(different.map((other) => historyRows(scene, other)));
  check(!codes(scene).includes('162'), 'History was asked for faster than IB allows.');
}

async function historyIsRetried(stage: Stage): Promise<void> {
  const scene = await stage.watching(DURING_HOURS);
  const before = scene.sent(MESSAGE.requestHistory).length;
  scene.sim.faults.set({ kind: 'drop-message', on: 'historicalData', times: 1 });
  const reading = historyRows(scene, minutesBefore(scene, 30));
  await scene.until(() => scene.sent(MESSAGE.requestHistory).length > before, 'the request', 100);
  const id = scene.sent(MESSAGE.requestHistory).at(-1)?.[1] ?? '0';
  const text = 'Historical Market Data Service error message:Historical data request pacing violation';
  scene.sim.faults.sendRaw(['4', '2', id, '162', text, '']);
  check((await reading) > 0, 'History that was refused for its pace was not asked for again.');
  checkEqual(scene.sent(MESSAGE.requestHistory).length - before, 2, 'Requests for history refused once for their pace');
}

async function noHistoryIsEmpty(stage: Stage): Promise<void> {
  const scene = await stage.watching(DURING_HOURS);
  const before = scene.sent(MESSAGE.requestHistory).length;
  scene.sim.faults.set({ kind: 'drop-message', on: 'historicalData', times: 1 });
  const reading = historyRows(scene, minutesBefore(scene, 30));
  await scene.until(() => scene.sent(MESSAGE.requestHistory).length > before, 'the request', 100);
  const id = scene.sent(MESSAGE.requestHistory).at(-1)?.[1] ?? '0';
  const text = 'Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades';
  scene.sim.faults.sendRaw(['4', '2', id, '162', text, '']);
  checkEqual(await reading, 0, 'Rows of history where IB has none');
  checkEqual(scene.sent(MESSAGE.requestHistory).length - before, 1, 'Requests for history of which IB has none');
}

/** AAPL without a quote, and subscribed. */
async function subscribed(stage: Stage, options: SceneOptions = {}): Promise<Scene> {
  const scene = await stage.watching(options);
  scene.model.quote('AAPL', { bid: -1, ask: -1 });
  scene.model.quote('MSFT', { bid: -1, ask: -1 });
  await scene.subscribe([AAPL], scene.data);
  await scene.settle();
  return scene;
}

async function liveIsLive(stage: Stage): Promise<void> {
  const strict = await subscribed(stage, { simulator: { dataPermission: 'delayed' } });
  publish(strict, 'AAPL', eventAt(100));
  await strict.settle();
  checkEqual(strict.data.rows.length, 0, 'Rows of delayed data where live data is asked for');
  const [status] = strict.data.statuses;
  check(status?.state !== 'live' && status !== undefined, `Delayed data is called ${status?.state ?? 'nothing'}.`);
  const lenient = await subscribed(stage, {
    simulator: { dataPermission: 'delayed' },
    feed: { marketData: 'delayed-if-needed' },
  });
  publish(lenient, 'AAPL', eventAt(100));
  await lenient.settle();
  checkEqual(bidsOf(lenient.data), [100], 'Bids of delayed data where it is wanted');
  checkEqual(statesOf(lenient.data).at(-1), 'AAPL delayed IBKR_DATA_DELAYED', 'Status of delayed data');
}

async function switchesAndHalts(stage: Stage): Promise<void> {
  const scene = await subscribed(stage);
  publish(scene, 'AAPL', eventAt(100));
  await scene.settle();
  scene.model.knobs.permitData('AAPL', 'delayed');
  publish(scene, 'AAPL', eventAt(101));
  await scene.settle();
  checkEqual(bidsOf(scene.data), [100], 'Bids once the data switched to delayed');
  scene.model.knobs.permitData('AAPL', 'live');
  publish(scene, 'AAPL', eventAt(102));
  await scene.settle();
  checkEqual(bidsOf(scene.data).at(-1), 102, 'The last bid once the data is live again');
  for (const halt of [1, 2] as const) {
    const from = scene.data.statuses.length;
    scene.model.halt('AAPL', halt);
    await scene.settle();
    scene.model.halt('AAPL', 0);
    await scene.settle();
    checkEqual(statesOf(scene.data, from), ['AAPL halted IBKR_DATA_HALTED', 'AAPL live'], `States around halt ${halt}`);
  }
  const from = scene.data.statuses.length;
  scene.model.knobs.competeForData(true);
  await scene.settle();
  checkEqual(
    statesOf(scene.data, from),
    ['AAPL stale IBKR_DATA_COMPETING'],
    'States while another session has the data',
  );
  scene.model.knobs.competeForData(false);
  publish(scene, 'AAPL', eventAt(103));
  await scene.settle();
  checkEqual(statesOf(scene.data).at(-1), 'AAPL live', 'State once it has the data again');
  checkEqual(bidsOf(scene.data).at(-1), 103, 'The last bid once it has the data again');
}

async function tickByTickLimit(stage: Stage): Promise<void> {
  const scene = await subscribed(stage, { simulator: { tickByTickLimit: 1 }, feed: { quotes: 'tick-by-tick' } });
  const other = new RecordingFeedSink();
  const second = await scene.subscribe([MSFT], other);
  await scene.settle();
  publish(scene, 'AAPL', eventAt(100));
  publish(scene, 'MSFT', eventAt(200));
  await scene.settle();
  checkEqual([bidsOf(scene.data), bidsOf(other)], [[100], [200]], 'Bids of one tick by tick and one beyond the limit');
  check(
    other.statuses.some(({ reason }) => reason === 'IBKR_DATA_LIMIT'),
    `Falling back has to be told: ${statesOf(other).join('; ')}.`,
  );
  check(requestsFor(scene, 'MSFT') >= 1, 'Beyond the limit the top of book is asked for.');
  await second.close();
  const cancels = (): number => scene.sent(MESSAGE.cancelTickByTick).length;
  const third = await scene.subscribe([MSFT], new RecordingFeedSink());
  await third.close();
  await scene.settle();
  const before = cancels();
  await scene.feed.close();
  await scene.settle();
  check(cancels() > before, 'The slot of tick-by-tick data was not given back.');
}

export const DATA_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  {
    id: 'IBK-024',
    title: "keeps IB's limits, orders before data, history at IB's pace",
    run: async (stage) => {
      await cancelInStorm(stage, 100);
      await historyIsPaced(stage);
      await historyIsRetried(stage);
      await noHistoryIsEmpty(stage);
    },
  },
  {
    id: 'IBK-025',
    title: 'knows live, delayed and halted data, and that of another session',
    run: async (stage) => {
      await liveIsLive(stage);
      await switchesAndHalts(stage);
    },
  },
  {
    id: 'IBK-026',
    title: 'falls back where tick-by-tick data is at its limit, and frees the slot',
    run: tickByTickLimit,
  },
];
