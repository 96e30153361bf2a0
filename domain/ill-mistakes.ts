import type { LibraryPolicy } from './policy.ts';
import type { IllPolicy } from './policy-ill.ts';
import { lendingMistakes } from './policy-lending.ts';
import { agencyOf, peersOf, type AgencyPolicy, type PeerPolicy } from './policy-peers.ts';
import { supplierMistakes } from './policy-suppliers.ts';

/** What is wrong with a policy, and where in it. */
export interface PolicyMistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Given = Pick<LibraryPolicy, 'code' | 'ill' | 'branches' | 'userGroups'>;

/** What is wrong with a library's interlibrary loan, as far as its own file tells: codes that name nobody, peers that cannot be reached or not be told apart. */
export function illMistakes(given: Given): readonly PolicyMistake[] {
  const { ill } = given;
  if (ill === 'none') return [];
  const peers = ill.peers.map(({ code }) => code);
  const branches = given.branches.map(({ code }) => code);
  const { lending, centre } = ill;
  const under = (part: string) => (each: PolicyMistake) => ({ ...each, path: [part, ...each.path] });
  return [
    ...peerMistakes(given, ill),
    ...supplierMistakes(ill.suppliers, peers).map(under('suppliers')),
    ...lendingMistakes({ lending, centre, peers, branches }),
    ...centreMistakes(ill, peers),
    ...priceMistakes(ill, peers, new Set(given.userGroups.map(({ code }) => code))).map(under('prices')),
    ...unknown(ill.obtaining.branch, branches, ['obtaining', 'branch'], 'branch'),
  ].map(under('ill'));
}

function unknown(
  code: string | undefined,
  known: readonly string[],
  path: PolicyMistake['path'],
  what: string,
): PolicyMistake[] {
  return code === undefined || known.includes(code) ? [] : [{ path, message: `there is no ${what} ${code}` }];
}

const identity = ({ type, value }: AgencyPolicy) => `${type}:${value}`.toUpperCase();

function peerMistakes(own: Pick<LibraryPolicy, 'code' | 'ill'>, ill: IllPolicy): PolicyMistake[] {
  const ours = identity(agencyOf(own));
  return ill.peers.flatMap((peer, at) => {
    const earlier = ill.peers.slice(0, at);
    const mistake = (key: string, message: string): PolicyMistake => ({ path: ['peers', at, key], message });
    const same = earlier.find((each) => identity(each.agency) === identity(peer.agency));
    return [
      ...wayMistakes(peer, ill).map((message) => mistake('url', message)),
      ...(earlier.some(({ code }) => code === peer.code)
        ? [mistake('code', `the peer ${peer.code} is stated twice`)]
        : []),
      ...(same === undefined
        ? []
        : [mistake('agency', `is the agency of ${same.code} too: their messages could not be told apart`)]),
      ...(identity(peer.agency) === ours ? [mistake('agency', 'is this library’s own')] : []),
      ...(peer.library === own.code ? [mistake('library', 'is this library itself')] : []),
    ];
  });
}

/** By e-mail a librarian writes to whom they like, so that a peer needs no address for messages. */
function wayMistakes({ url, library }: PeerPolicy, { mode }: IllPolicy): string[] {
  if (url !== undefined && library !== undefined)
    return ['a peer has an address (url) or is a library of this installation (library), not both'];
  if (url !== undefined || library !== undefined || mode === 'email') return [];
  return ['say where its messages go (url), or which library of this installation it is (library)'];
}

function centreMistakes({ mode, obtaining, centre }: IllPolicy, peers: readonly string[]): PolicyMistake[] {
  const path = ['obtaining', 'centre'];
  const named = unknown(obtaining.centre, peers, path, 'peer');
  if (mode !== 'centre') return named;
  const to = obtaining.centre ?? peers[0];
  if (to === undefined) return [{ path: ['peers'], message: 'state the centre to which requests go' }];
  const several = obtaining.centre === undefined && peers.length > 1;
  const circle = centre !== 'none' && centre.members.includes(to);
  return [
    ...named,
    ...(several ? [{ path, message: `say which of ${peers.join(', ')} is the centre` }] : []),
    ...(circle
      ? [
          {
            path: ['centre', 'members'],
            message: `${to} is the centre of this library: requests would go round`,
          },
        ]
      : []),
  ];
}

type Prices = IllPolicy['prices'];

function priceMistakes(
  { prices }: IllPolicy,
  peers: readonly string[],
  userGroups: ReadonlySet<string>,
): PolicyMistake[] {
  const anybody = [...peers, ...prices.groups.map(({ code }) => code)];
  const namesPeers = (part: keyof Prices & ('groups' | 'readers' | 'supplies' | 'agreements')) =>
    prices[part].flatMap((each, at) =>
      (each.peers ?? []).flatMap((code, index) =>
        unknown(code, part === 'groups' ? peers : anybody, [part, at, 'peers', index], 'peer'),
      ),
    );
  const namesReaders = (part: 'readers' | 'subsidies') =>
    prices[part].flatMap(({ userGroups: named = [] }, at) =>
      named.flatMap((code, index) =>
        unknown(code, [...userGroups], [part, at, 'userGroups', index], 'user group'),
      ),
    );
  return [
    ...(['groups', 'readers', 'supplies', 'agreements'] as const).flatMap(namesPeers),
    ...(['readers', 'subsidies'] as const).flatMap(namesReaders),
  ];
}

/**
 * What is wrong between the libraries of one installation: peers that name a library which is not there, does no interlibrary loan, or goes by another name.
 *
 * @param unread libraries that are there, and of which no more is known
 */
export function neighbourMistakes(
  policy: Pick<LibraryPolicy, 'code' | 'ill'>,
  all: readonly Pick<LibraryPolicy, 'code' | 'ill'>[],
  unread: readonly string[],
): readonly PolicyMistake[] {
  return peersOf(policy).flatMap(({ library, agency }, at) => {
    if (library === undefined || library === policy.code || unread.includes(library)) return [];
    const path = ['ill', 'peers', at, 'library'];
    const other = all.find(({ code }) => code === library);
    if (!other) return [{ path, message: `there is no library ${library} in this installation` }];
    if (other.ill === 'none') return [{ path, message: `${library} does no interlibrary loan` }];
    const theirs = agencyOf(other);
    if (identity(theirs) === identity(agency)) return [];
    const message = `${library} calls itself ${theirs.type}:${theirs.value}, not ${agency.type}:${agency.value}`;
    return [{ path: ['ill', 'peers', at, 'agency'], message }];
  });
}
