import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aBarColumns, describeContract, signalContract, StrategyHarness } from '@bookrunner/sdk/testing';
import { myStrategy } from './index.js';

describeContract('my-strategy', signalContract(myStrategy), { describe, it });

describe('my-strategy', () => {
  it('is long above the average and flat below', () => {
    const closes = [...Array.from({ length: 20 }, () => 100), 110, 111, 90];
    const harness = new StrategyHarness(myStrategy, aBarColumns({ closes }), { params: { length: 5 } }).run();
    assert.deepEqual(harness.targets('TEST').slice(-3), [1, 1, 0]);
  });
});
