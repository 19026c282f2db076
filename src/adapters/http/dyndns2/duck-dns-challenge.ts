import type { ChallengeOutcome } from '../../../application/certificates/answer-challenges.ts';
import { challengeNameOf, parseChallengeValue } from '../../../domain/challenge-name.ts';
import type { Principal } from '../../../domain/principal.ts';
import { answerChallenges } from '../acme/challenge-answer.ts';
import type { HttpMiddleware, Parameter } from '../context.ts';
import { headerCredentials, parameterCredentials } from '../credentials.ts';
import { authenticate } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { requestedNames } from './names.ts';
import { isRemoval } from './request.ts';
import type { ReturnCode } from './return-code.ts';
import { answerAll, turnAway } from './route.ts';
import { duckDns } from './words.ts';

/**
 * A request of DuckDNS with `txt` is a challenge for a certificate, and never changes an address: it adds the value, or
 * removes it with `clear=true`. Programs that clear send no value, and mean all that they have set.
 */
export function duckDnsChallenge(services: UpdateServices): HttpMiddleware {
  const challenge = answerChallenges(services, async (context) => {
    const { parameters, client, malformed } = context.state;
    const credentials =
      headerCredentials(context.req.headers.authorization) ?? parameterCredentials(parameters);
    const authentication = await authenticate(services, credentials, client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const asked = malformed === undefined ? readChallenge(parameters, principal) : undefined;
    if (asked === undefined) return { ...answerAll(context, 'badagent'), principal };

    const { name, value, action } = asked;
    const outcome =
      action === 'present' && value !== undefined
        ? await services.answerChallenges.present({ principal, name, value, makesRoom: true })
        : await services.answerChallenges.cleanUp({ principal, name, value });
    return { ...answerAll(context, codeOf(outcome)), principal, challenge: { name, action, outcome } };
  });
  return (context, next) => {
    const { words, parameters } = context.state;
    return words === duckDns && valuesOf(parameters, 'txt').length > 0 ? challenge(context, next) : next();
  };
}

/** Undefined for what is no challenge of one name. */
function readChallenge(parameters: readonly Parameter[], principal: Principal) {
  const names = requestedNames(parameters, principal);
  const [domain, ...others] = 'code' in names ? [] : names;
  const name = domain === undefined ? undefined : challengeNameOf(domain);
  const [text = '', ...further] = valuesOf(parameters, 'txt');
  const clears = isRemoval(parameters);
  if (name?.ok !== true || others.length + further.length > 0 || clears === undefined) return undefined;
  const action = clears ? 'cleanUp' : 'present';
  if (text === '') return clears ? ({ name: name.value, value: undefined, action } as const) : undefined;
  const value = parseChallengeValue(text);
  return value.ok ? ({ name: name.value, value: value.value, action } as const) : undefined;
}

function codeOf(outcome: ChallengeOutcome): ReturnCode {
  switch (outcome.kind) {
    case 'done':
      return 'good';
    // The same code for every name, so that nothing is learnt of those of others.
    case 'refused':
      return '!yours';
    case 'too-many':
      return '911';
    case 'failed':
      return outcome.fault.refused ? 'dnserr' : '911';
  }
}

const valuesOf = (parameters: readonly Parameter[], wanted: string): readonly string[] =>
  parameters.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
