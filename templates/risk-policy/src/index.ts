import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { MyRiskPolicy, myRiskPolicyOptions } from './my-risk-policy.js';

export default definePlugin({
  id: 'my-risk-policy',
  apiVersion: API_VERSION,
  riskPolicies: {
    'my-risk-policy': { options: myRiskPolicyOptions, create: (options) => new MyRiskPolicy(options) },
  },
});
