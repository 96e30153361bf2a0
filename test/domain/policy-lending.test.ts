import { expect, test } from '@jest/globals';
import { centrePolicy, lendingMistakes, lendingPolicy } from '../../domain/policy-lending.ts';

test('I8 a policy of lending names peers and branches that there are', () => {
  const lending = lendingPolicy.parse({
    to: ['beta', 'nobody'],
    branch: 'nowhere',
    marks: [{ peers: ['missing'], text: 'CCC' }],
  });
  const centre = centrePolicy.parse({ members: ['beta', 'stranger'] });
  const found = lendingMistakes({ lending, centre, peers: ['beta'], branches: ['main'] });
  expect(found.map(({ message }) => message)).toEqual([
    'there is no peer nobody',
    'there is no peer missing',
    'there is no peer stranger',
    'there is no branch nowhere',
  ]);
  expect(() => lendingPolicy.parse({ marks: [{ text: 'for nobody' }] })).toThrow('state whose requests');
});
