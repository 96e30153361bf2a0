import type { GatewayKeys } from '../../config/values.ts';
import type { Policies } from '../../config/policies.ts';
import type { OnlineWay } from '../../domain/policy-online.ts';
import { createDoubleGateway } from './double.ts';
import type { Gateways, PaymentGateway } from './payment-gateway.ts';
import { createStripeGateway } from './stripe.ts';

const adapters: Readonly<Record<OnlineWay['kind'], (keys: GatewayKeys) => PaymentGateway>> = {
  stripe: createStripeGateway,
  double: createDoubleGateway,
};

const nameOf = (library: string, provider: string): string => `${library}/${provider}`;

/** A double without keys is only not offered: it is for development. */
function withoutKeys(policies: Policies, keys: ReadonlyMap<string, GatewayKeys>): readonly string[] {
  return policies
    .all()
    .flatMap(({ code, money }) =>
      money.ways.online.filter(({ kind }) => kind !== 'double').map((way) => nameOf(code, way.code)),
    )
    .filter((name) => !keys.has(name));
}

/** The gateways of all libraries, by library and the way's code. Throws one error that names every way the environment has no keys for. */
export function createGateways(policies: Policies, keys: ReadonlyMap<string, GatewayKeys>): Gateways {
  const missing = withoutKeys(policies, keys);
  if (missing.length > 0)
    throw new Error(`CARREL_GATEWAYS has no keys for these ways to pay: ${missing.join(', ')}.`);
  const made = new Map<string, PaymentGateway>();
  for (const { code, money } of policies.all()) {
    for (const way of money.ways.online) {
      const given = keys.get(nameOf(code, way.code));
      if (given) made.set(nameOf(code, way.code), adapters[way.kind](given));
    }
  }
  return {
    has: (library, provider) => made.has(nameOf(library, provider)),
    of: (library, provider) => {
      const gateway = made.get(nameOf(library, provider));
      if (!gateway) throw new Error(`There are no keys for the gateway ${nameOf(library, provider)}.`);
      return gateway;
    },
  };
}
