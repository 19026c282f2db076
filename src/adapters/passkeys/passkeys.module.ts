import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { WebauthnPasskeyVerifier } from './webauthn-passkey-verifier.ts';

/** Binds what judges passkeys. Only the pages ask for it. */
export const passkeysModule = new ContainerModule(({ bind }) => {
  bind(tokens.passkeyVerifier).toResolvedValue(
    (settings) => new WebauthnPasskeyVerifier(new URL(settings.web?.url ?? 'https://localhost')),
    [tokens.settings],
  );
});
