import { BlockList, isIP } from 'node:net';

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or one address; undefined when it is neither. */
function readNetwork(text: string): Network | undefined {
  const [address = '', length, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined || address.includes('%')) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = length === undefined ? longest : Number(length);
  return prefix > longest ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

export const isNetwork = (text: string): boolean => readNetwork(text) !== undefined;

/**
 * Whether an address lies in one of the networks (I2). An IPv4 address that comes as `::ffff:192.0.2.1` is the IPv4 address; of what is no address nothing is true.
 */
export function isWithin(networks: readonly string[], given: string): boolean {
  const plain = given.replace(/%.*$/, '').toLowerCase();
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? plain;
  const version = isIP(address);
  if (version === 0 || networks.length === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  for (const network of networks.map(readNetwork))
    if (network?.family === family) list.addSubnet(network.address, network.prefix, family);
  return list.check(address, family);
}
