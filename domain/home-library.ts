import { isWithin } from './networks.ts';
import type { LibraryPolicy } from './policy.ts';

/** Libraries that obtain things from others. */
export function illLibraries<P extends Pick<LibraryPolicy, 'ill'>>(policies: readonly P[]): P[] {
  return policies.filter(({ ill }) => ill !== 'none');
}

/**
 * The library in whose network an address lies (I2); undefined where it is in none's, or in those of several – then nobody guesses.
 *
 * @param address as far as the trusted proxies let it be known
 */
export function guessedLibrary(
  policies: readonly Pick<LibraryPolicy, 'code' | 'ill'>[],
  address: string,
): string | undefined {
  const [first, ...others] = policies.filter(
    ({ ill }) => ill !== 'none' && isWithin(ill.requests.homeNetworks, address),
  );
  return others.length > 0 ? undefined : first?.code;
}
