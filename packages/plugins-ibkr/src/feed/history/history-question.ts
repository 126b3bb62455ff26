// One request for history: waits its turn, is asked again where IB found it too early, and is empty where IB has nothing.
import { type Clock, isTradingError, type Logger, type TradingError } from '@bookrunner/sdk';
import { askGateway, type Question, type Refusal } from '../../contracts/gateway-question.js';
import { classify } from '../../errors/classify.js';
import { ibkrError } from '../../ibkr-errors.js';
import type { Gateway } from '../../session/gateway.js';
import type { HistoryPacer, PacedRequest } from './history-pacer.js';

const ANSWER_LIMIT_MS = 60_000;
const MOST_ATTEMPTS = 6;
const FIRST_WAIT_MS = 15_000;

/** What asking takes. */
export interface HistoryDesk {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pacer: HistoryPacer;
  readonly signal: AbortSignal;
}

/** A question whose id is given anew for each attempt. */
export interface HistoryQuestion<Row> extends PacedRequest {
  readonly what: string;
  readonly make: (id: number) => Pick<Question<readonly Row[]>, 'write' | 'listen' | 'cancel'>;
}

/** Rows, none where IB has none. Errors: IBKR_HISTORY_FAILED, IBKR_HISTORY_PACING, IBKR_NO_ANSWER, IBKR_NOT_CONNECTED. */
export async function askHistory<Row>(desk: HistoryDesk, question: HistoryQuestion<Row>): Promise<readonly Row[]> {
  const { clock, logger, signal } = desk;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(desk, question);
    } catch (error) {
      const isTooEarly = isTradingError(error) && error.code === 'IBKR_HISTORY_PACING';
      if (!isTooEarly || attempt >= MOST_ATTEMPTS) throw error;
      const waitMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
      logger.warn('IB wants requests for history to wait.', { what: question.what, attempt, waitMs });
      await clock.sleepUntil(clock.nowUtc() + waitMs, signal);
    }
  }
}

async function askOnce<Row>(desk: HistoryDesk, question: HistoryQuestion<Row>): Promise<readonly Row[]> {
  const { gateway, clock, pacer, signal } = desk;
  if (gateway.state !== 'up' && gateway.state !== 'upstream-lost') {
    throw ibkrError('IBKR_NOT_CONNECTED', `The gateway is not connected, so it could not be asked: ${question.what}.`);
  }
  const release = await pacer.acquire(question, signal);
  try {
    const id = gateway.nextRequestId();
    return await askGateway<readonly Row[]>(
      { gateway, clock },
      {
        ...{ id, lane: 'history', limitMs: ANSWER_LIMIT_MS, what: question.what, signal },
        ...question.make(id),
        refused: (refusal) => meaningOf(refusal, question.what),
      },
    );
  } finally {
    release();
  }
}

function meaningOf(
  { code, message }: Refusal,
  what: string,
): TradingError | { readonly answer: readonly never[] } | undefined {
  const { consequence, ours, text } = classify(code, 'history', message);
  if (consequence === 'no-data') return { answer: [] };
  // Also what is not known: it changes nothing, and an answer may still come.
  if (consequence === 'advisory') return undefined;
  return ibkrError(ours === '' ? 'IBKR_HISTORY_FAILED' : ours, `${what}: ${text}`, { details: { code } });
}
