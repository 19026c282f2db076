import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { OidcProvider } from './oidc-provider.ts';

/** Binds the identity provider, if one is configured. */
export const oidcModule = new ContainerModule(({ bind }) => {
  bind(tokens.identityProviders).toResolvedValue(
    ({ web }) => (web?.oidc === undefined ? [] : [new OidcProvider(web.oidc, new URL(web.url))]),
    [tokens.settings],
  );
});
