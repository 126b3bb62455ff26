import type { Tick } from '@bookrunner/sdk';
import type { BarStream } from './bar-stream.js';

/** Ticks of the next bar that came while the running bar still waited for its late ones; replayed once it is closed. */
export class LateTickBuffer {
  readonly #waiting = new Map<BarStream, Tick[]>();

  /** Copies the tick: events are reused. */
  add(stream: BarStream, tick: Tick): void {
    const { ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size } = tick;
    const copy: Tick = { ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size };
    const list = this.#waiting.get(stream);
    if (list === undefined) this.#waiting.set(stream, [copy]);
    else list.push(copy);
  }

  /** Waiting ticks of each stream. */
  save(streams: readonly BarStream[]): readonly (readonly Tick[])[] {
    return streams.map((stream) => (this.#waiting.get(stream) ?? []).map((tick) => ({ ...tick })));
  }

  /** Forgets what waits of one stream. */
  clear(stream: BarStream): void {
    this.#waiting.delete(stream);
  }

  load(streams: readonly BarStream[], saved: readonly (readonly Tick[])[]): void {
    streams.forEach((stream, i) => this.#waiting.set(stream, [...(saved[i] ?? [])]));
  }

  /** Gives the stream its waiting ticks that belong to the bar that runs now, in order; the rest goes on waiting. */
  replay(stream: BarStream): void {
    const list = this.#waiting.get(stream);
    const { builder } = stream;
    if (list === undefined || builder === undefined) return;
    let taken = 0;
    for (const tick of list) {
      if (tick.ts >= builder.nextClose) break;
      builder.onTick(tick, stream.emit);
      taken += 1;
    }
    list.splice(0, taken);
  }
}
