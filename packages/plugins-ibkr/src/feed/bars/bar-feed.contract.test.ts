import { describe, it, jest } from '@jest/globals';
import { describeContract } from '@bookrunner/sdk/testing';
import { barFeedSuite } from '../../conformance/contracts/bar-feed-suite.js';

// Sockets, on machines with other work.
jest.setTimeout(120_000);

describeContract('IbkrBarFeed', barFeedSuite('feed-bars', { seed: 1 }), { describe, it });
