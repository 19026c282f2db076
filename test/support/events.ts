import type { Events } from '../../src/application/ports/events.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { Changed, Reported } from '../../src/domain/event.ts';
import type { UserName } from '../../src/domain/user.ts';

const HOME = domainName('home.example.org');

/** Alice's router reports home, but for what `more` says. */
export const report = (more: Partial<Reported> = {}): Reported => ({
  kind: 'reported',
  at: 1,
  name: HOME,
  user: 'alice' as UserName,
  from: '198.51.100.7',
  program: 'inadyn/2.12',
  asked: { ipv4: '192.0.2.1' },
  outcome: 'changed',
  addresses: { ipv4: ['192.0.2.1'] },
  ...more,
});

/** Home gets an address, but for what `more` says. */
export const change = (more: Partial<Changed> = {}): Changed => ({
  kind: 'changed',
  at: 1,
  name: HOME,
  zone: domainName('example.org'),
  before: { ipv4: [] },
  after: { ipv4: ['192.0.2.1'] },
  ...more,
});

/** Tells nobody. */
export const noEvents: Events = { tell() {} };
