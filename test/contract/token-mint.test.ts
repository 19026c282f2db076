import { RandomTokenMint } from '../../src/adapters/system/random-token-mint.ts';
import { CountingTokenMint } from '../fakes/counting-token-mint.ts';
import { tokenMintContract } from './token-mint.contract.ts';

tokenMintContract('RandomTokenMint', () => new RandomTokenMint());
tokenMintContract('CountingTokenMint', () => new CountingTokenMint());
