// The short suites of `npm run conformance -- ibkr`; the long ones are for the command.
import { describe, it, jest } from '@jest/globals';
import { describeContract } from '@bookrunner/sdk/testing';
import { conformanceSuites } from '../src/conformance/index.js';

jest.setTimeout(120_000);

for (const { suite, isQuick = false } of conformanceSuites({ paper: undefined })) {
  if (isQuick) describeContract('IBKR at the simulated gateway', suite, { describe, it });
}
