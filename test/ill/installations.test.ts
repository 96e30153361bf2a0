import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { storyMs } from '../support/ill-desk.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

let world: Installations<'asker' | 'owner'>;

beforeAll(async () => {
  world = await startInstallations({ asker: {}, owner: { edition: '2021' } });
});

afterAll(() => world?.stop());

test('I18 two installations know each other by an address, an agency, an edition and nothing else', () => {
  const peers = (policy: typeof world.asker.policy) => (policy.ill === 'none' ? [] : policy.ill.peers);
  expect(peers(world.asker.policy)).toMatchObject([
    {
      code: 'owner',
      edition: '2021',
      agency: { value: 'XX-OWNER' },
      url: `${world.wire('asker', 'owner').url}/iso18626/demo`,
    },
  ]);
  expect(peers(world.owner.policy)).toMatchObject([{ code: 'asker', edition: '1.2' }]);
  expect(world.asker.url).not.toBe(world.owner.url);
});
