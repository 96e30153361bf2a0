import { join } from 'node:path';
import type { IdentityProvider } from '../../domain/policy-identity.ts';
import type { ApiDeps } from '../deps.ts';
import { createMembersService } from './members.ts';
import { createOidcService } from './oidc.ts';
import type { IdentityService } from './service.ts';

type ServicesDeps = Pick<ApiDeps, 'policies' | 'logger' | 'clock' | 'config'>;

/** The identity services of all libraries, by library and provider; each made once, so that what it knows of its provider is asked once. */
export function createIdentityServices({ policies, logger, clock, config }: ServicesDeps) {
  const create = (library: string, provider: IdentityProvider): IdentityService =>
    provider.kind === 'oidc'
      ? createOidcService({
          provider,
          clientSecret: config.oidcSecrets?.get(`${library}/${provider.code}`),
          clock,
        })
      : createMembersService({ provider, path: join(config.members ?? 'members', provider.file), logger });

  const services = new Map(
    policies
      .all()
      .flatMap(({ code, identity }) =>
        identity.providers.map((each) => [`${code}/${each.code}`, create(code, each)] as const),
      ),
  );

  return (library: string, provider: string): IdentityService => {
    const service = services.get(`${library}/${provider}`);
    if (service === undefined) throw new Error('A provider without a service.');
    return service;
  };
}
