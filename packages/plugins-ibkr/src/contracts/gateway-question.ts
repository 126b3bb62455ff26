// A question to the gateway that is answered by some events and an end.
import type { Clock, TradingError } from '@bookrunner/sdk';
import type { IBApi } from '@stoqey/ib';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway, Lane } from '../session/gateway.js';
import { TWS_EVENT } from './tws-names.js';

/** What the gateway says of a request that it does not answer. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** One question; `listen` registers for the events that answer it and returns how to stop. */
export interface Question<Answer> {
  readonly lane: Lane;
  /** In words, for messages: `contract details of AAPL`. */
  readonly what: string;
  readonly limitMs: number;
  readonly id: number;
  readonly write: (api: IBApi) => void;
  readonly listen: (reply: Reply<Answer>) => readonly (() => void)[];
  /** What a refusal means; an error ends the question, a value answers it, undefined is no refusal of it. */
  readonly refused: (refusal: Refusal) => TradingError | { readonly answer: Answer } | undefined;
  /** Ends the question early, with its reason. */
  readonly signal?: AbortSignal;
  /** Tells the gateway to stop, where it was asked and has not answered. */
  readonly cancel?: (api: IBApi) => void;
}

/** How an answer is given. */
export interface Reply<Answer> {
  readonly answer: (value: Answer) => void;
}

/** Asks once. Errors: IBKR_NOT_CONNECTED where it was not written, IBKR_NO_ANSWER after the limit, and what `refused` makes. */
export function askGateway<Answer>(
  { gateway, clock }: { readonly gateway: Gateway; readonly clock: Clock },
  question: Question<Answer>,
): Promise<Answer> {
  // A signal that was given before says nothing to who listens from now on.
  if (question.signal?.aborted === true) return Promise.reject(question.signal.reason as Error);
  return new Promise<Answer>((resolve, reject) => {
    const stops: (() => void)[] = [];
    let isOver = false;
    const end = (act: () => void): void => {
      if (isOver) return;
      isOver = true;
      for (const stop of stops.splice(0)) stop();
      act();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const giveUp = (error: Error): void => {
      const { cancel, lane } = question;
      if (!isOver && cancel !== undefined) void gateway.send({ lane, write: cancel });
      fail(error);
    };
    stops.push(
      gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => {
        if (id !== question.id) return;
        const meaning = question.refused({ code, message: error.message });
        if (meaning === undefined) return;
        if ('answer' in meaning) end(() => resolve(meaning.answer));
        else fail(meaning);
      }),
      gateway.on(TWS_EVENT.disconnected, () => fail(notConnected(question.what))),
      ...question.listen({ answer: (value) => end(() => resolve(value)) }),
      clock.callAt(clock.nowUtc() + question.limitMs, () => {
        giveUp(
          ibkrError('IBKR_NO_ANSWER', `The gateway did not answer within ${question.limitMs} ms: ${question.what}.`),
        );
      }),
    );
    const onAbort = (): void => giveUp(question.signal?.reason as Error);
    question.signal?.addEventListener('abort', onAbort, { once: true });
    stops.push(() => question.signal?.removeEventListener('abort', onAbort));
    void gateway.send({ lane: question.lane, write: question.write }).then((outcome) => {
      if (outcome === 'purged') fail(notConnected(question.what));
    });
  });
}

function notConnected(what: string): TradingError {
  return ibkrError('IBKR_NOT_CONNECTED', `The gateway is not connected, so it could not be asked: ${what}.`);
}
