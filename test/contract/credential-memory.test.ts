import { KeyedCredentialMemory } from '../../src/adapters/system/keyed-credential-memory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { PlainCredentialMemory } from '../fakes/plain-credential-memory.ts';
import { credentialMemoryContract } from './credential-memory.contract.ts';

credentialMemoryContract('KeyedCredentialMemory', () => new KeyedCredentialMemory(new ManualClock()));
credentialMemoryContract('PlainCredentialMemory', () => new PlainCredentialMemory());
