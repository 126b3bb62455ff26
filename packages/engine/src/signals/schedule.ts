import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { StrategyRunner } from './strategy-runner.js';

/** One declared time of one strategy and when it comes next. */
interface Appointment {
  readonly runner: StrategyRunner;
  readonly name: string;
  readonly anchor: 'open' | 'close';
  readonly offsetMs: number;
  readonly calendar: MarketCalendar;
  next: EpochMs;
}

const TIME = /^(open|close)(?:([+-])(\d+)([smh]))?$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Whether a declared time such as `open+5m` or `close-5m` can be read. */
export function isScheduleTime(text: string): boolean {
  return TIME.test(text);
}

/** When the declared times of the strategies come, by the calendar of each strategy's first symbol. */
export class Schedule {
  readonly #appointments: Appointment[] = [];
  private readonly time: KernelTime;
  #isStarted = false;

  constructor(runners: readonly StrategyRunner[], time: KernelTime) {
    this.time = time;
    for (const runner of runners) {
      for (const name of runner.setup.definition.times) {
        const match = TIME.exec(name);
        const slot = runner.slots[0];
        if (match === null || slot === undefined) continue;
        const offset = Number(match[3] ?? 0) * (UNIT_MS[match[4] ?? 's'] ?? 0);
        this.#appointments.push({
          runner,
          name,
          anchor: match[1] as 'open' | 'close',
          offsetMs: match[2] === '-' ? -offset : offset,
          calendar: slot.state.calendar,
          next: Number.POSITIVE_INFINITY,
        });
      }
    }
  }

  get isEmpty(): boolean {
    return this.#appointments.length === 0;
  }

  /** Sets the first times after an instant. */
  start(at: EpochMs): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const appointment of this.#appointments) appointment.next = following(appointment, at);
    this.#update();
  }

  /** When each declared time comes next. */
  save(): readonly EpochMs[] {
    return this.#appointments.map((appointment) => appointment.next);
  }

  load(saved: readonly EpochMs[]): void {
    this.#isStarted = true;
    this.#appointments.forEach((appointment, i) => {
      appointment.next = saved[i] ?? Number.POSITIVE_INFINITY;
    });
    this.#update();
  }

  /** Marks every runner whose time has come. */
  collect(at: EpochMs, onDue: (runner: StrategyRunner) => void): void {
    for (const appointment of this.#appointments) {
      if (appointment.next > at) continue;
      const { runner } = appointment;
      runner.dueTimes = [...runner.dueTimes, appointment.name];
      onDue(runner);
      appointment.next = following(appointment, at);
    }
    this.#update();
  }

  #update(): void {
    this.time.scheduleAt = Math.min(
      Number.POSITIVE_INFINITY,
      ...this.#appointments.map((appointment) => appointment.next),
    );
    this.time.aim();
  }
}

/** First instant of the appointment after `at`: the anchor is searched from where the offset still lands after it. */
function following(appointment: Appointment, at: EpochMs): EpochMs {
  const { calendar, anchor, offsetMs } = appointment;
  let from = at - offsetMs;
  for (;;) {
    const anchored = anchor === 'open' ? calendar.nextOpen(from) : calendar.nextClose(from);
    if (!Number.isFinite(anchored)) return Number.POSITIVE_INFINITY;
    if (anchored + offsetMs > at) return anchored + offsetMs;
    from = anchored + 1;
  }
}
