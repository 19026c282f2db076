import type { NoticeTarget } from '../../../../src/domain/notice.ts';
import { ApiClient } from '../../../support/api-client.ts';
import { SITE } from '../../../support/visitor.ts';
import { type Service, type ServiceOptions, startService, user } from '../http/service.ts';

export const HOME = 'home.example.org';
export const CAM = 'cam.example.org';
export const NAS = 'nas.example.org';
export const BOBHOST = 'bobhost.example.org';

/** Alice has a token of each kind; the secret of each is its kind. */
const ALICE = {
  ...user('alice', 's3cret', [HOME, CAM, NAS], { offline: true }),
  tokens: [
    ...user('', '', [], { use: 'api:write', tokens: { write: undefined, cam: [CAM] } }).tokens,
    ...user('', '', [], { use: 'api:read', tokens: { read: undefined } }).tokens,
    ...user('', '', [], { tokens: { updates: undefined } }).tokens,
    ...user('', '', [], { use: 'updates and certificates', tokens: { certificates: undefined } }).tokens,
  ].map((token, index) => ({ ...token, name: `token-${index}` })),
};

/** Olga is an operator. */
const OLGA = user('olga', 'correct horse', [], {
  admin: true,
  use: 'api:operate',
  tokens: { operate: undefined },
});

export const USERS = [
  ALICE,
  OLGA,
  user('bob', 'hunter2', [BOBHOST], { use: 'api:write', tokens: { bob: undefined } }),
];

export function startApi(options: ServiceOptions = {}): Promise<Service> {
  return startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: USERS,
    ...options,
  });
}

/** A running service, a program of alice that may change everything of hers, and one of the operator. */
export async function start(
  options: ServiceOptions = {},
): Promise<{ service: Service; api: ApiClient; operator: ApiClient }> {
  const service = await startApi(options);
  return { service, api: new ApiClient(service, 'write'), operator: new ApiClient(service, 'operate') };
}

export const TARGET: NoticeTarget = {
  id: 'alerts',
  to: { kind: 'webhook', url: 'https://alerts.example.org/secret-path' },
  form: 'json',
  secret: undefined,
  events: [],
  names: [],
  allow: [],
};
