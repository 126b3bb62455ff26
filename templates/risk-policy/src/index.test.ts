import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anOrderRequest, aPortfolioView, describeContract, riskPolicyContract } from '@bookrunner/sdk/testing';
import { MyRiskPolicy } from './my-risk-policy.js';

const OPTIONS = { maxUnits: 100, maxLossDayBps: 150 };

describeContract('MyRiskPolicy', riskPolicyContract({ create: () => new MyRiskPolicy(OPTIONS) }), { describe, it });

describe('MyRiskPolicy', () => {
  it('trims an order to what fits, and refuses where nothing does', () => {
    const policy = new MyRiskPolicy(OPTIONS);
    const check = (held: number) =>
      policy.check(anOrderRequest({ qty: 30 }), aPortfolioView({ positions: { TEST: held } }));
    assert.equal(check(70).kind, 'approve');
    assert.deepEqual({ ...check(80), message: '' }, { kind: 'trim', qty: 20, reason: 'MAX_UNITS', message: '' });
    assert.equal(check(100).kind, 'refuse');
  });

  it('halts after the loss of a day', () => {
    const policy = new MyRiskPolicy(OPTIONS);
    assert.equal(policy.onState(aPortfolioView({ dayPnlBps: -150 })), undefined);
    assert.equal(policy.onState(aPortfolioView({ dayPnlBps: -151 }))?.reason, 'LOSS_DAY');
  });
});
