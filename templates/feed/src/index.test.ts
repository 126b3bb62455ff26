import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contractSuitesFor, describeContract } from '@bookrunner/sdk/testing';
import { contractFixtures } from './contract.js';
import plugin from './index.js';

const { suites, unchecked } = contractSuitesFor(plugin, contractFixtures);
for (const { name, suite } of suites) describeContract(name, suite, { describe, it });

describe('my-feed', () => {
  it('is checked whole', () => {
    assert.equal(suites.length, 1);
    assert.deepEqual(unchecked, []);
  });
});
