import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPolicies, loadPolicies } from '../../config/policies.ts';
import { isCardNumber, libraryPolicySchema } from '../../domain/policy.ts';
import { registrationPolicy } from '../../domain/policy-registration.ts';
import { staffRoles } from '../../domain/roles.ts';
import { policies } from '../domain/fixtures.ts';

describe('the policies that ship with Carrel', () => {
  test('every library has its file', () => {
    const codes = policies.all().map(({ code }) => code);
    const all = ['bibliotheca', 'ccc-member', 'chikushino', 'coast', 'demo', 'neighbour', 'zju'];
    expect(codes.toSorted()).toEqual(all);
    expect(() => policies.get('atlantis')).toThrow('atlantis');
  });

  test('A8 H2 H4 H6 L3 A10 Chikushino says what its document says', () => {
    const policy = policies.get('chikushino');
    expect(policy).toMatchObject({
      language: 'ja',
      timeZone: 'Asia/Tokyo',
      holds: { limits: { total: 11, kinds: { book: 10, audiovisual: 1 } }, window: 'P1W', onShelf: false },
      loans: { renewals: { max: 1, period: 'P2W', kinds: ['book', 'magazine'] } },
      passwords: { min: 4, max: 10, characters: 'letters-digits' },
      lockOut: { lock: 'PT30M' },
    });
    expect(policy.stops.every(({ code }) => code.startsWith('BM'))).toBe(true);
    expect(isCardNumber(policy, '01234567')).toBe(true);
    for (const wrong of ['11234567', '0123456', '012345678', '0123456\n', 'x01234567']) {
      expect(isCardNumber(policy, wrong)).toBe(false);
    }
  });

  test('A5 only roles that can decide on an application are to review', () => {
    const rules = (role: string) => ({
      procedures: [
        {
          code: 'web',
          name: { ja: 'a', zh: 'a', de: 'a', en: 'a' },
          fields: ['name', 'email', 'password'],
          review: { role, supervisor: 'a@demo.example' },
          grants: { userGroup: 'adult', card: { prefix: '1', digits: 6 } },
        },
      ],
    });
    const roles = staffRoles.filter((role) => registrationPolicy.safeParse(rules(role)).success);
    expect(roles).toEqual(['desk', 'ill-librarian', 'administrator']);
  });

  test('A8 a library that states no password rule gets the strict one', () => {
    const strict = { min: 12, characters: 'any', refuseCommon: true, refuseBirthDate: true };
    expect(policies.get('bibliotheca').passwords).toEqual(strict);
    expect(policies.get('ccc-member').passwords).toEqual(strict);
  });

  test('N1 placed holds show in the account, the rest goes by mail, unless the library says otherwise', () => {
    expect(policies.get('zju').notices).toMatchObject({
      placed: 'message',
      secured: 'mail',
      overdue: 'mail',
    });
    expect(policies.get('demo').notices.placed).toBe('mail');
  });

  test('F10 main and sub cards can be counted apart', () => {
    const groups = policies.get('bibliotheca').userGroups.map(({ code }) => code);
    expect(groups).toEqual(expect.arrayContaining(['main-card', 'sub-card']));
  });

  test('F2 the town library takes a yearly fee, the others none', () => {
    expect(policies.get('bibliotheca').membership).toMatchObject({
      period: 'P1Y',
      amountMinor: 2400,
      groups: { reduced: { amountMinor: 2400, subsidyMinor: 1200 }, institution: 'exempt' },
    });
    for (const code of ['chikushino', 'zju', 'ccc-member', 'demo'])
      expect(policies.get(code).membership).toBe('none');
  });
});

const good = `
code: good
name: &text { ja: 本, zh: 书, de: Buch, en: Book }
timeZone: Asia/Tokyo
language: ja
currency: JPY
phone: "1"
website: https://good.example/
sender: { address: a@good.example, name: Good }
branches:
  - code: main
    name: *text
    address: here
    phone: "1"
    hours: { monday: closed, tuesday: 10:00-18:00, wednesday: closed, thursday: closed, friday: closed, saturday: closed, sunday: closed }
stops:
  - { code: BM01, name: *text, servedFrom: main, visits: [{ weekday: wednesday, from: "10:00", to: "11:00", anchor: 2026-11-11 }] }
closures: [{ day: 12-31, reason: New Year }]
userGroups: [{ code: all, name: *text }]
holds: { limits: { total: 1 }, window: P1W }
loans: { limit: { total: 1 }, periods: { book: P2W, magazine: P2W, audiovisual: P1W }, renewals: { max: 1, period: P2W, kinds: [book] } }
card: { pattern: '\\d+', example: "1" }
`;

/** A way to an account that is as it should be, but for what the test changes or grants. */
const registration = (grants: string) =>
  `registration: { procedures: [{ code: web, name: *text, fields: [name, email, login, password], confirm: true, grants: { ${grants} } }] }\n`;

describe('reading policy files', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'policies-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function put(name: string, text: string): void {
    writeFileSync(join(directory, name), text);
  }

  function mistakes(): string {
    try {
      loadPolicies(directory);
      return 'none';
    } catch (error) {
      return String(error);
    }
  }

  test('a file with the least there must be is taken', () => {
    put('good.yaml', good);
    expect(mistakes()).toBe('none');
    put('good.yaml', good.replace('card:', `${registration('userGroup: all, card: login')}card:`));
    expect(mistakes()).toBe('none');
    expect(loadPolicies(directory).get('good').holds.lapseOnClosedDay).toBe('next-open-day');
  });

  test('all mistakes of all files are told together, with file and path', () => {
    put('good.yaml', good.replace('P1W }', 'a week, widow: P1W }').replace('language: ja', 'language: fr'));
    put('other.yaml', good.replace('PT', 'x'));
    put('torn.yaml', 'code: [');
    const text = mistakes();
    for (const part of [
      'good.yaml: language',
      'good.yaml: holds.window',
      'good.yaml: holds: ',
      'other.yaml: code',
      'torn.yaml: ',
    ]) {
      expect(text).toContain(part);
    }
  });

  const peer = (code: string, more: string) =>
    `{ code: ${code}, name: *text, agency: { value: XX-${code} }, ${more} }`;
  const withIll = (text: string) => `${good}ill: ${text}\n`;

  test.each([
    ['a peer that nothing can be sent to', '[PEER(north, )]', '', 'ill.peers[0].url: say where'],
    [
      'a peer of two addresses',
      '[PEER(north, url: "https://n.example", library: other)]',
      '',
      'ill.peers[0].url: a peer',
    ],
    [
      'two peers of one code',
      '[PEER(north, URL), PEER(north, URL, agency: { value: XX-2 })]',
      '',
      'ill.peers[1].code: the peer north is stated twice',
    ],
    ['itself as a peer', '[PEER(north, library: good)]', '', 'ill.peers[0].library: is this library itself'],
    [
      'a library there is not',
      '[PEER(north, library: atlantis)]',
      '',
      'ill.peers[0].library: there is no library atlantis',
    ],
    [
      'suppliers there are not',
      '[PEER(north, URL)]',
      'suppliers: { peers: { south: { priority: 1 } } }',
      'ill.suppliers.peers.south: there is no peer south',
    ],
    [
      'a member there is not',
      '[PEER(north, URL)]',
      'centre: { members: [south] }',
      'ill.centre.members: there is no peer south',
    ],
    [
      'a price for nobody',
      '[PEER(north, URL)]',
      'prices: { readers: [{ peers: [south], userGroups: [moon] }] }',
      'ill.prices.readers[0].userGroups[0]: there is no user group moon',
    ],
    [
      'working days of no branch',
      '[PEER(north, URL)]',
      'obtaining: { branch: moon }',
      'ill.obtaining.branch: there is no branch moon',
    ],
  ])('I5 I18 interlibrary loan with %s', (_what, peers, more, told) => {
    const stated = peers
      .replaceAll(/PEER\((\w+), ([^)]*)\)/gu, (_all, code: string, rest: string) => peer(code, rest))
      .replaceAll('URL', 'url: "https://n.example/"')
      .replaceAll(/agency: \{ value: XX-north \}, (url: "[^"]*", agency)/gu, '$1');
    put('good.yaml', withIll(`{ mode: distributed, peers: ${stated}${more && `, ${more}`} }`));
    expect(mistakes()).toContain(`good.yaml: ${told}`);
  });

  test('I5 I18 what peers are called is told apart, and a centre is another', () => {
    const url = 'url: "https://n.example/"';
    const both = `${peer('north', url)}, ${peer('south', url).replace('XX-south', 'xx-NORTH')}`;
    put(
      'good.yaml',
      withIll(
        `{ mode: centre, agency: { value: XX-north }, centre: { members: [north] }, peers: [${both}] }`,
      ),
    );
    const text = mistakes();
    for (const told of [
      'ill.peers[0].agency: is this library’s own',
      'ill.peers[1].agency: is the agency of north too',
      'ill.peers[1].agency: is this library’s own',
      'ill.obtaining.centre: say which of north, south is the centre',
      'ill.centre.members: north is the centre of this library',
    ])
      expect(text).toContain(`good.yaml: ${told}`);
    put('good.yaml', withIll('{ mode: centre }'));
    expect(mistakes()).toContain('good.yaml: ill.peers: state the centre');
    put(
      'good.yaml',
      withIll(`{ mode: centre, peers: [${peer('north', url)}], obtaining: { centre: south } }`),
    );
    expect(mistakes()).toContain('good.yaml: ill.obtaining.centre: there is no peer south');
    put('good.yaml', withIll(`{ mode: email, peers: [${peer('north', '')}] }`));
    expect(mistakes()).toBe('none');
  });

  test('I5 I18 libraries of one installation are called by their own names; one with mistakes is there all the same', () => {
    const near = (code: string, at: string) =>
      withIll(
        `{ mode: distributed, agency: { value: XX-${at} }, peers: [${peer(code, `library: ${code}`)}] }`,
      );
    put('good.yaml', near('other', 'good'));
    put('other.yaml', near('good', 'elsewhere').replace('code: good\n', 'code: other\n'));
    expect(mistakes()).toContain(
      'good.yaml: ill.peers[0].agency: other calls itself ISIL:XX-elsewhere, not ISIL:XX-other',
    );
    put('other.yaml', near('good', 'other').replace('code: good\n', 'code: other\n'));
    expect(mistakes()).toBe('none');
    put(
      'other.yaml',
      near('good', 'other').replace('code: good\n', 'code: other\n').replace('language: ja', 'language: fr'),
    );
    expect(mistakes()).toMatch(
      /^Error: The library policies have mistakes:\n  other\.yaml: language[^\n]*$/u,
    );
    put('other.yaml', good.replace('code: good\n', 'code: other\n'));
    expect(mistakes()).toContain('good.yaml: ill.peers[0].library: other does no interlibrary loan');
  });

  test('I18 a secret for a library or a peer that there is not is told with all other mistakes', () => {
    const north = withIll(`{ mode: distributed, peers: [${peer('north', 'url: "https://n.example/"')}] }`);
    put('good.yaml', north);
    const load = (...peers: string[]) => {
      try {
        loadPolicies(directory, { peers });
        return 'none';
      } catch (error) {
        return String(error);
      }
    };
    expect(load('good/north')).toBe('none');
    put('torn.yaml', 'code: [');
    const text = load('good/north', 'good/nord', 'god/north', 'torn/north');
    expect(text).toContain('torn.yaml: ');
    expect(text).toContain('CARREL_PEERS: good/nord: good.yaml has no peer nord');
    expect(text).toContain('CARREL_PEERS: god/north: there is no library god');
    expect(text.match(/CARREL_PEERS/gu)).toHaveLength(2);
  });

  test('a folder without a policy is a mistake', () => {
    expect(mistakes()).toContain('holds no policy');
  });

  test.each([
    [
      'a fee for a group there is not',
      'holds:',
      'membership: { amountMinor: 1, groups: { moon: exempt } }\nholds:',
      'membership.groups.moon',
    ],
    [
      'a subsidy above the fee',
      'holds:',
      'membership: { amountMinor: 1, groups: { all: { amountMinor: 1, subsidyMinor: 2 } } }\nholds:',
      'membership',
    ],
    [
      'a membership of two hours',
      'holds:',
      'membership: { amountMinor: 1, period: PT2H }\nholds:',
      'membership',
    ],
    ['a stop not served from a branch', 'servedFrom: main', 'servedFrom: moon', 'stops[0].servedFrom'],
    ['an anchor on another weekday', '2026-11-11 }', '2026-11-12 }', 'stops[0].visits[0].anchor'],
    ['a stop whose code does not say so', 'code: BM01', 'code: S01', 'stops[0].code'],
    ['a missing weekday', 'monday: closed, ', '', 'branches[0].hours'],
    ['closing before opening', '10:00-18:00', '18:00-10:00', 'branches[0].hours.tuesday'],
    ['a name in three languages', 'de: Buch, ', '', 'name.de'],
    ['days and clock time in one duration', 'window: P1W', 'window: P1DT2H', 'holds.window'],
    ['a window of nothing', 'window: P1W', 'window: PT0S', 'holds.window'],
    ['a negative window', 'window: P1W', 'window: -P1W', 'holds.window'],
    ['no such time zone', 'Asia/Tokyo', 'Asia/Edo', 'timeZone'],
    ['a closure of two kinds', 'day: 12-31', 'day: 12-31, from: 12-30, to: 12-31', 'closures[0]'],
    ['a closure of an unknown place', 'day: 12-31', 'day: 12-31, places: [moon]', 'closures[0].places'],
    [
      'a range that ends before it begins',
      'day: 12-31',
      'from: 2026-12-31, to: 2026-12-30',
      'closures[0].to',
    ],
    ['a card example that does not match', 'example: "1"', 'example: "x"', 'card.example'],
    [
      'a place stated twice',
      'stops:',
      'stops:\n  - { code: BM01, name: *text, servedFrom: main, visits: [{ weekday: wednesday, from: "10:00", to: "11:00", anchor: 2026-11-11 }] }',
      'branches: the place BM01',
    ],
    ['mail about kept copies switched off', 'card:', 'notices: { secured: off }\ncard:', 'notices.secured'],
    [
      'an account without a user group the library has',
      'card:',
      `${registration('userGroup: nobody, card: login')}card:`,
      'registration.procedures[0].grants.userGroup',
    ],
    [
      'a series that makes no card numbers',
      'card:',
      `${registration('userGroup: all, card: { prefix: X, digits: 2 }')}card:`,
      'registration.procedures[0].grants.card',
    ],
    [
      'a permission the library does not have',
      'card:',
      `${registration('userGroup: all, card: login, permissions: [fly]')}card:`,
      'registration.procedures[0].grants.permissions',
    ],
    [
      'an application nobody would look at',
      'card:',
      `${registration('userGroup: all, card: login').replace('confirm: true', 'confirm: false')}card:`,
      'registration.procedures[0]: nobody',
    ],
    [
      'an account without a password',
      'card:',
      `${registration('userGroup: all, card: login').replace(', password]', ']')}card:`,
      'registration.procedures[0].fields',
    ],
    [
      'campus cards at a branch there is not',
      'card:',
      'money: { ways: { card: { branches: [moon] } } }\ncard:',
      'money.ways.card.branches',
    ],
    ['a lock counted in days', 'card:', 'lockOut: { lock: P1D }\ncard:', 'lockOut.lock'],
  ])('%s is a mistake', (_, from, to, path) => {
    put('good.yaml', good.replace(from, to));
    expect(mistakes()).toContain(`good.yaml: ${path}`);
  });

  test('policies at hand can be indexed without files', () => {
    const demo = policies.get('demo');
    expect(createPolicies([demo]).all()).toEqual([demo]);
    expect(createPolicies([demo]).has('zju')).toBe(false);
    expect(libraryPolicySchema.safeParse({}).success).toBe(false);
  });
});
