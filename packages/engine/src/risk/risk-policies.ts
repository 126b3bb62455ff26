// The built-in risk policies as data: what `use:` of `risk:` may name without a plugin.
import type { RiskPolicyContribution } from '@bookrunner/sdk';
import { standardRiskOptions, type StandardRiskOptions } from './standard-risk-options.js';
import { StandardRiskPolicy } from './standard-risk-policy.js';

/** The standard policy as data. */
export const riskPolicyContribution: RiskPolicyContribution<StandardRiskOptions> = {
  options: standardRiskOptions,
  create: (options) => new StandardRiskPolicy(options),
};

/** The built-in risk policies by the name `use:` gives them. */
export const riskPolicies = Object.freeze({ standard: riskPolicyContribution });
