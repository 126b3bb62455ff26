import type { HaltDecision, RiskDecision, RiskPolicy } from '../../interfaces/risk-policy.js';
import type { OrderRequest, Side } from '../../model/order.js';
import { anOrderRequest } from '../builders.js';
import { seededRandom } from '../random.js';
import { aPortfolioView } from './fake-portfolio-view.js';
import type { PortfolioViewOptions } from './fake-portfolio-view.js';

/** One question to a policy. */
export interface RiskQuestion {
  readonly what: string;
  readonly order: OrderRequest;
  readonly view: PortfolioViewOptions;
}

/** Portfolios in trouble, each by name. */
export const TROUBLED: Readonly<Record<string, PortfolioViewOptions>> = {
  'a day loss of 90 %': { dayPnlBps: -9_000, equity: 100_000, dayStartEquity: 1_000_000 },
  'an exposure of fifty times equity': { grossExposure: 50_000_000 },
  'a hundred orders in the last second': { ordersLastSecond: 100, ordersLastMinute: 1_000 },
  'a thousand working orders': { workingOrders: 1_000 },
  'no equity': { equity: 0, dayStartEquity: 0 },
  'negative equity': { equity: -50_000 },
  'equity not known': { equity: Number.NaN, dayStartEquity: Number.NaN, dayPnlBps: Number.NaN },
  'a price not known': { prices: { TEST: Number.NaN } },
  'a conversion not known': { unitValues: { TEST: Number.NaN } },
};

/** An order that only brings the position closer to zero, and that position. */
export function reducing(side: Side, qty: number, view: PortfolioViewOptions = {}): Omit<RiskQuestion, 'what'> {
  const held = side === 'sell' ? 10 : -10;
  const order = anOrderRequest({ side, qty, reduces: true, purpose: 'exit' });
  return { order, view: { ...view, positions: { TEST: held } } };
}

/** Entries of all sizes in all kinds of portfolios, small and absurd ones among them. */
export function questions(seed = 1): readonly RiskQuestion[] {
  const random = seededRandom(seed);
  const quantities = [1, 7, 100, 4_000, 25_000, 1e9];
  const views = [{}, ...Object.values(TROUBLED)];
  return Array.from({ length: 300 }, () => {
    const side = random() % 2 === 0 ? 'buy' : 'sell';
    const qty = quantities[random() % quantities.length]!;
    const limitPrice = 90 + (random() % 80) / 4;
    const isLimit = random() % 3 === 0;
    const order = anOrderRequest({ side, qty, ...(isLimit ? { orderType: 'limit', limitPrice } : {}) });
    const position = (random() % 2_001) - 1_000;
    const view = {
      ...views[random() % views.length]!,
      positions: { TEST: position },
      grossExposure: Math.abs(position) * 100,
    };
    return { what: `${side} ${qty} at ${isLimit ? limitPrice : 'the market'} while holding ${position}`, order, view };
  });
}

/** Asks a policy with a view of its own. */
export function ask(policy: RiskPolicy, question: Omit<RiskQuestion, 'what'>): RiskDecision {
  return policy.check(question.order, aPortfolioView(question.view));
}

/** What is wrong with a decision; undefined when it has one of the three shapes. */
export function decisionFault(decision: RiskDecision, asked: number): string | undefined {
  switch (decision.kind) {
    case 'approve':
      return undefined;
    case 'refuse':
      return reasonFault(decision);
    case 'trim': {
      const isBelow = decision.qty >= 0 && decision.qty < asked;
      return isBelow ? reasonFault(decision) : `a trim of ${asked} to ${decision.qty}`;
    }
    default:
      return `the kind '${String((decision as { readonly kind?: unknown }).kind)}'`;
  }
}

/** What is wrong with a halt. */
export function haltFault(halt: HaltDecision): string | undefined {
  const until: string = halt.until;
  if (until !== 'next-day' && until !== 'resumed') return `the end '${until}'`;
  return reasonFault(halt);
}

function reasonFault({ reason, message }: { readonly reason: string; readonly message: string }): string | undefined {
  if (!/^[\w-]+$/.test(reason)) return `the reason '${reason}', which is no code`;
  return message.length > 0 ? undefined : 'no message';
}
