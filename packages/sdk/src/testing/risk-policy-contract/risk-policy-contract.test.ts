import { describe, expect, it } from '@jest/globals';
import type { HaltDecision, PortfolioView, RiskDecision, RiskPolicy } from '../../interfaces/risk-policy.js';
import type { OrderRequest } from '../../model/order.js';
import { anOrderRequest } from '../builders.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { aPortfolioView } from './fake-portfolio-view.js';
import { riskPolicyContract } from './risk-policy-contract.js';

const REFUSED: RiskDecision = { kind: 'refuse', reason: 'CAP', message: 'The cap is reached.' };
const HALT: HaltDecision = { reason: 'DAY_LOSS', message: 'The day lost too much.', until: 'next-day' };

/** A cap on the money of one order, and a halt on the day's loss. */
class CapPolicy implements RiskPolicy {
  check(order: OrderRequest, view: PortfolioView): RiskDecision {
    if (order.reduces) return { kind: 'approve' };
    const unit = view.price(order.symbol) * view.unitValue(order.symbol);
    if (!(view.equity > 0 && unit > 0)) return REFUSED;
    const qty = Math.floor(view.equity / unit);
    if (order.qty <= qty) return { kind: 'approve' };
    return qty > 0 ? { kind: 'trim', qty, reason: 'CAP', message: 'The order is larger than the cap.' } : REFUSED;
  }

  onState(view: PortfolioView): HaltDecision | undefined {
    return view.dayPnlBps < -200 ? HALT : undefined;
  }
}

class CapOnly extends CapPolicy {
  override onState = undefined as unknown as CapPolicy['onState'];
}

const suiteOf = (Policy: new () => RiskPolicy): ContractSuite => riskPolicyContract({ create: () => new Policy() });

describeContract('a cap', suiteOf(CapPolicy), { describe, it });
describeContract('a cap without onState', suiteOf(CapOnly), { describe, it });

let draws = 0;

const broken: readonly BrokenImplementation[] = [
  {
    what: 'refusals thrown',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          const decision = super.check(order, view);
          if (decision.kind === 'refuse') throw new Error(decision.reason);
          return decision;
        }
      },
    ),
    fails: ['RSK-010', 'RSK-060'],
  },
  {
    what: 'a trim above what was asked',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          const decision = super.check(order, view);
          return decision.kind === 'trim' ? { ...decision, qty: order.qty + 1 } : decision;
        }
      },
    ),
    fails: ['RSK-010'],
  },
  {
    what: 'a refusal without a code',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          const decision = super.check(order, view);
          return decision.kind === 'refuse' ? { ...decision, reason: 'too much!' } : decision;
        }
      },
    ),
    fails: ['RSK-010'],
  },
  {
    what: 'exits held back',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          return super.check({ ...order, reduces: false }, view);
        }
      },
    ),
    fails: ['RSK-020'],
  },
  {
    what: 'exits held back in a book',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          return view.scope === 'book' ? REFUSED : super.check(order, view);
        }
      },
    ),
    fails: ['RSK-070'],
  },
  {
    what: 'chance',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          return order.reduces || Math.random() < 2 ? super.check(order, view) : REFUSED;
        }
      },
    ),
    fails: ['RSK-030'],
  },
  {
    what: 'a mood',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          draws += 1;
          return order.reduces || draws % 3 > 0 ? super.check(order, view) : REFUSED;
        }
      },
    ),
    fails: ['RSK-030', 'RSK-035'],
  },
  {
    what: 'a count of its own',
    suite: suiteOf(
      class extends CapPolicy {
        #checks = 0;
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          this.#checks += 1;
          return order.reduces || this.#checks <= 290 ? super.check(order, view) : REFUSED;
        }
      },
    ),
    fails: ['RSK-035'],
  },
  {
    what: 'a changed request',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          Reflect.set(order, 'strategy', 'other');
          return super.check(order, view);
        }
      },
    ),
    fails: ['RSK-040'],
  },
  {
    what: 'a request changed in strict code',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          if (Object.isFrozen(order)) Object.assign(order, { qty: 1 });
          return super.check(order, view);
        }
      },
    ),
    fails: ['RSK-040'],
  },
  {
    what: 'a kept view',
    suite: suiteOf(
      class extends CapPolicy {
        #first: PortfolioView | undefined;
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          this.#first ??= view;
          return this.#first.name === 'never' ? REFUSED : super.check(order, view);
        }
      },
    ),
    fails: ['RSK-050'],
  },
  {
    what: 'entries at a price not known',
    suite: suiteOf(
      class extends CapPolicy {
        override check(order: OrderRequest, view: PortfolioView): RiskDecision {
          return Number.isNaN(view.price(order.symbol)) ? { kind: 'approve' } : super.check(order, view);
        }
      },
    ),
    fails: ['RSK-060'],
  },
  {
    what: 'a halt without an end',
    suite: suiteOf(
      class extends CapPolicy {
        override onState(view: PortfolioView): HaltDecision | undefined {
          const halt = super.onState(view);
          return halt === undefined ? undefined : ({ ...halt, until: 'later' } as unknown as HaltDecision);
        }
      },
    ),
    fails: ['RSK-080'],
  },
  {
    what: 'a halt that resumes by itself',
    suite: suiteOf(
      class extends CapPolicy {
        #hasHalted = false;
        override onState(view: PortfolioView): HaltDecision | undefined {
          if (this.#hasHalted) return undefined;
          const halt = super.onState(view);
          this.#hasHalted = halt !== undefined;
          return halt;
        }
      },
    ),
    fails: ['RSK-090'],
  },
  {
    what: 'a halt before the loss it asks from',
    suite: suiteOf(
      class extends CapPolicy {
        readonly asksFromLossBps = 500;
        override onState(view: PortfolioView): HaltDecision | undefined {
          return view.dayPnlBps <= -200 ? { reason: 'LOSS', message: 'Lost too much.', until: 'next-day' } : undefined;
        }
      },
    ),
    fails: ['RSK-100'],
  },
];

describeBroken('risk policy', [suiteOf(CapPolicy)], broken);

describe('aPortfolioView', () => {
  it('is calm by default and takes what a test cares about', () => {
    const view = aPortfolioView({ equity: 500, positions: { TEST: -3 }, scope: 'book' });
    expect([view.scope, view.equity, view.dayStartEquity, view.dayPnlBps]).toEqual(['book', 500, 500, 0]);
    expect([view.position('TEST'), view.working('TEST'), view.price('TEST'), view.price('NONE')]).toEqual([
      -3,
      0,
      100,
      Number.NaN,
    ]);
    expect(view.instrument('TEST').lotStep).toBe(1);
    expect(() => view.instrument('NONE')).toThrow(expect.objectContaining({ code: 'TESTING_INSTRUMENT_UNKNOWN' }));
    view.expire();
    expect(() => view.equity).toThrow('after its call');
    expect(new CapPolicy().check(anOrderRequest(), aPortfolioView()).kind).toBe('approve');
  });
});
