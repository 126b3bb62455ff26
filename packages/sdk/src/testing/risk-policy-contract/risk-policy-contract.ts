import type { RiskPolicy, RiskScope } from '../../interfaces/risk-policy.js';
import { anOrderRequest } from '../builders.js';
import { canonical, deepFreeze, describeValue } from '../canonical.js';
import { broken, check, checkEqual, checkNoThrow, textOf } from '../check.js';
import { bindCases, unless } from '../contract.js';
import type { CaseOver, ContractSuite } from '../contract.js';
import { callPurely } from '../strategy-harness/purity-guard.js';
import { aPortfolioView } from './fake-portfolio-view.js';
import { ask, decisionFault, haltFault, questions, reducing, TROUBLED } from './risk-scenes.js';

/** Options of {@link riskPolicyContract}. */
export interface RiskPolicyContractOptions {
  /** A new policy for each call. */
  create(): RiskPolicy;
}

async function answersInShape(policy: RiskPolicy): Promise<void> {
  for (const question of questions()) {
    const decision = await checkNoThrow(() => ask(policy, question), `The check of '${question.what}'`);
    const fault = decisionFault(decision, question.order.qty);
    if (fault !== undefined) throw broken(`To '${question.what}' it answered ${fault}.`);
  }
}

function letsOut(policy: RiskPolicy): void {
  for (const [trouble, view] of [['a calm portfolio', {}] as const, ...Object.entries(TROUBLED)]) {
    for (const side of ['buy', 'sell'] as const) {
      for (const qty of [1, 10]) {
        const decision = decideOrFail(policy, reducing(side, qty, view), `an exit with ${trouble}`);
        check(decision === 'approve', `An order that only reduces has to pass with ${trouble}, but got ${decision}.`);
      }
    }
  }
}

function decideOrFail(policy: RiskPolicy, question: Parameters<typeof ask>[1], what: string): string {
  try {
    return ask(policy, question).kind;
  } catch (error) {
    throw broken(`The check of ${what} threw ${textOf(error)}.`, { cause: textOf(error) });
  }
}

function isPure(policy: RiskPolicy): void {
  for (const question of questions()) {
    const decide = (): unknown => callPurely(() => ask(policy, question));
    const first = attempt(decide);
    checkEqual(attempt(decide), first, `The second answer to '${question.what}'`);
  }
}

/** A faulty policy throws on its own account: the case on answers says so. Impurity is this suite's business everywhere. */
function attempt(decide: () => unknown): unknown {
  try {
    return decide();
  } catch (error) {
    const text = textOf(error);
    if (text.startsWith('STRATEGY_IMPURE')) throw broken(`The policy is not pure: ${text}`);
    return { threw: text };
  }
}

function hasNoMemory(options: RiskPolicyContractOptions): void {
  const list = questions(2);
  const busy = options.create();
  for (const question of questions(3)) attempt(() => ask(busy, question));
  for (const question of list) {
    const fresh = options.create();
    const expected = attempt(() => ask(fresh, question));
    checkEqual(
      attempt(() => ask(busy, question)),
      expected,
      `After other questions, the answer to '${question.what}'`,
    );
  }
}

async function changesNothing(policy: RiskPolicy): Promise<void> {
  for (const { what, order, view } of questions()) {
    const before = canonical(order);
    const soft = { ...order };
    attempt(() => policy.check(soft, aPortfolioView(view)));
    check(canonical(soft) === before, `The check of '${what}' changed the request to ${describeValue(soft)}.`);
    const frozen = deepFreeze({ ...order });
    const wrote = attempt(() => policy.check(frozen, aPortfolioView(view)));
    const text = describeValue(wrote);
    check(!/read only|not extensible/.test(text), `The check of '${what}' tried to change the request: ${text}.`);
  }
}

function keepsNothing(policy: RiskPolicy): void {
  for (const { what, order, view } of questions()) {
    const given = aPortfolioView(view);
    attempt(() => policy.check(order, given));
    attempt(() => policy.onState?.(given));
    given.expire();
    const next = attempt(() => policy.check(order, aPortfolioView(view)));
    check(!canonical(next).includes('after its call'), `After '${what}' the policy read a view of an earlier call.`);
  }
}

function refusesUnknownPrice(policy: RiskPolicy): void {
  for (const side of ['buy', 'sell'] as const) {
    for (const view of [{ prices: { TEST: Number.NaN } }, { unitValues: { TEST: Number.NaN } }]) {
      const decision = decideOrFail(policy, { order: anOrderRequest({ side }), view }, 'an entry at a price not known');
      check(
        decision === 'refuse',
        `An entry while price or conversion is not known has to be refused, but got ${decision}.`,
      );
    }
  }
}

const SCOPES: readonly RiskScope[] = ['strategy', 'book', 'global'];

async function worksInEveryScope(policy: RiskPolicy): Promise<void> {
  for (const scope of SCOPES) {
    const view = { scope, name: scope === 'global' ? '' : 'CORE' };
    const question = { order: anOrderRequest(), view };
    const decision = await checkNoThrow(() => ask(policy, question), `A check in the scope ${scope}`);
    const fault = decisionFault(decision, 1);
    if (fault !== undefined) throw broken(`In the scope ${scope} it answered ${fault}.`);
    check(ask(policy, reducing('sell', 10, view)).kind === 'approve', `In the scope ${scope} an exit did not pass.`);
  }
}

async function haltsInShape(policy: RiskPolicy): Promise<void> {
  for (const [trouble, options] of [['a calm portfolio', {}] as const, ...Object.entries(TROUBLED)]) {
    for (const scope of SCOPES) {
      const halt = await checkNoThrow(
        () => policy.onState?.(aPortfolioView({ ...options, scope })),
        `onState with ${trouble}`,
      );
      const fault = halt === undefined ? undefined : haltFault(halt);
      if (fault !== undefined) throw broken(`onState with ${trouble} answered a halt with ${fault}.`);
    }
  }
}

function haltsAlike(options: RiskPolicyContractOptions): void {
  const views = [{}, ...Object.values(TROUBLED)];
  const busy = options.create();
  for (const view of [...views, ...views]) {
    const fresh = options.create();
    const decide = (policy: RiskPolicy): unknown => callPurely(() => policy.onState?.(aPortfolioView(view)));
    const expected = attempt(() => decide(fresh));
    checkEqual(
      attempt(() => decide(busy)),
      expected,
      'After other views, the answer of onState to the same view',
    );
  }
}

/** Views of a day that lost less than the policy says it asks from, in every scope and over every kind of trouble. */
function isQuietAbove(policy: RiskPolicy): void {
  const from = policy.asksFromLossBps as number;
  check(from > 0, `asksFromLossBps is ${from}; it has to be a loss above 0.`);
  const start = 1_000_000;
  for (const share of [-1, 0, 0.5, 0.999]) {
    const dayPnlBps = -share * Math.min(from, 1e6);
    const day = { dayPnlBps, dayStartEquity: start, equity: start * (1 + dayPnlBps / 10_000) };
    for (const scope of SCOPES) {
      for (const trouble of [{}, ...Object.values(TROUBLED)]) {
        const halt = policy.onState?.(aPortfolioView({ ...trouble, ...day, scope }));
        check(halt === undefined, `onState halts at ${dayPnlBps} bps of the day, and asksFromLossBps is ${from}.`);
      }
    }
  }
}

function cases(options: RiskPolicyContractOptions): readonly CaseOver<RiskPolicy>[] {
  const onState = unless(options.create().onState !== undefined, 'onState is not declared');
  return [
    {
      id: 'RSK-010',
      title: 'answers approve, trim or refuse with code and message; never throws',
      run: answersInShape,
    },
    { id: 'RSK-020', title: 'lets every order pass that only reduces, whatever the trouble', run: letsOut },
    { id: 'RSK-030', title: 'equal questions get equal answers, without clock and chance', run: isPure },
    { id: 'RSK-035', title: 'remembers nothing from one check to the next', run: () => hasNoMemory(options) },
    { id: 'RSK-040', title: 'does not change the request', run: changesNothing },
    { id: 'RSK-050', title: 'keeps no view after the call', run: keepsNothing },
    { id: 'RSK-060', title: 'refuses new risk at a price not known', run: refusesUnknownPrice },
    { id: 'RSK-070', title: 'works for a strategy, a book and all', run: worksInEveryScope },
    {
      id: 'RSK-080',
      title: 'onState answers nothing or a halt with code, message and end',
      skip: onState,
      run: haltsInShape,
    },
    { id: 'RSK-090', title: 'onState answers alike for equal views', skip: onState, run: () => haltsAlike(options) },
    {
      id: 'RSK-100',
      title: 'onState has nothing to say at a smaller loss of the day than asksFromLossBps',
      skip: unless(options.create().asksFromLossBps !== undefined, 'asksFromLossBps is not declared'),
      run: isQuietAbove,
    },
  ];
}

/**
 * The contract of risk policies over generated orders and portfolios; see {@link RiskPolicy} for the rules.
 *
 * @example
 * const suite = riskPolicyContract({ create: () => new StandardRiskPolicy(options) });
 */
export function riskPolicyContract(options: RiskPolicyContractOptions): ContractSuite {
  return { name: 'risk policy', cases: bindCases(cases(options), { create: () => options.create() }) };
}
