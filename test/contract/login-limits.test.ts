import { ManualClock } from '../fakes/manual-clock.ts';
import { loginLimits } from '../support/authenticate-user-on.ts';
import { loginLimitsContract } from './login-limits.contract.ts';

loginLimitsContract('MemoryLoginLimits', () => {
  const clock = new ManualClock();
  return { clock, limits: loginLimits(clock) };
});
