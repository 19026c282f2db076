import { Argon2PasswordHasher } from '../../src/adapters/system/argon2-password-hasher.ts';
import { PlainPasswordHasher } from '../fakes/plain-password-hasher.ts';
import { passwordHasherContract } from './password-hasher.contract.ts';

passwordHasherContract('Argon2PasswordHasher', () => new Argon2PasswordHasher());
passwordHasherContract('PlainPasswordHasher', () => new PlainPasswordHasher());
