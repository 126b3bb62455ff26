// The short suites of `npm run conformance -- ibkr`; the long ones are for the command.
import { describe, expect, it, jest } from '@jest/globals';
import { describeContract } from '@bookrunner/sdk/testing';
import { conformanceSuites } from '../src/conformance/index.js';

jest.setTimeout(120_000);

for (const { suite, isQuick = false } of conformanceSuites({ paper: undefined })) {
  if (isQuick) describeContract('IBKR at the simulated gateway', suite, { describe, it });
}

it('skips what IB cannot do or has all of, and nothing for want of a hook', () => {
  const skips = conformanceSuites({ paper: undefined }).flatMap(({ suite }) =>
    suite.cases.flatMap(({ id, skip }) => (skip === undefined ? [] : [`${id} ${skip}`])),
  );
  expect([...new Set(skips)].toSorted()).toEqual([
    // Data of a broker goes on: it has no end, and no two runs are the same.
    'FED-160 not declared as finite',
    'FED-170 not declared as finite',
    // What is not declared would have to be refused: all is.
    'FED-220 historyBars is declared',
    'FED-230 historyTicks is declared',
    'FED-240 not declared as finite',
    'VEN-060 not declared as simulated',
    'VEN-160 all order types are declared',
    'VEN-165 all times in force are declared',
    'VEN-340 replace is declared',
  ]);
});
