import { describe, expect, test } from '@jest/globals';
import { assert, boolean, constantFrom, integer, property, record, string } from 'fast-check';
import {
  type ApplicationLink,
  applicationSecret,
  isApplicationSecret,
} from '../../domain/application-link.ts';
import {
  applicationStates,
  confirmationReasons,
  decisionReasons,
  decisions,
  isOpenApplication,
  resubmissionReasons,
  stateAfter,
  withdrawalReasons,
} from '../../domain/registration.ts';

const state = constantFrom(...applicationStates);
const version = integer({ min: 1, max: 4 });
const facts = record({ state, version, decidedBy: constantFrom(null, 'staff:1' as const) });
const wish = record({ decision: constantFrom(...decisions), hasRemark: boolean(), needsAccount: boolean() });

describe('what may be done about an application', () => {
  test('A5 a decision stands only for what the reviewer has seen, with a reason where the applicant is to be told one', () => {
    assert(
      property(facts, record({ state, version }), wish, (now, seen, wanted) => {
        const allowed = decisionReasons(now, seen, wanted).length === 0;
        const same = now.state === seen.state && now.version === seen.version;
        const told = wanted.hasRemark || ['approve', 'merge'].includes(wanted.decision);
        const fits = wanted.decision !== 'merge' || !wanted.needsAccount;
        const theirs = isOpenApplication(now.state) && now.state !== 'confirming';
        return allowed === (same && told && fits && theirs);
      }),
    );
  });

  test('A5 whoever comes second hears who was first', () => {
    const decidedAt = new Date('2026-11-24T04:00:00Z');
    const now = { state: 'approved', version: 1, decidedBy: 'staff:1', decidedAt } as const;
    const seen = { state: 'reviewing', version: 1 } as const;
    const wanted = { decision: 'reject', hasRemark: false, needsAccount: false } as const;
    expect(decisionReasons(now, seen, wanted)).toEqual([
      { code: 'application-decided', state: 'approved', by: 'staff:1', at: '2026-11-24T04:00:00.000Z' },
    ]);
  });

  test('A5 an ended application stays ended, whoever asks for what', () => {
    assert(
      property(facts, version, wish, (now, given, wanted) => {
        const refused = [
          decisionReasons(now, now, wanted),
          resubmissionReasons(now, given),
          confirmationReasons(now, given),
          withdrawalReasons(now),
        ].every((reasons) => reasons.length > 0);
        return isOpenApplication(now.state) || refused;
      }),
    );
    expect(Object.values(stateAfter).filter(isOpenApplication).toSorted()).toEqual([
      'correcting',
      'questioned',
    ]);
  });

  test('A5 the applicant answers and corrects when asked, one version after the other', () => {
    assert(
      property(facts, version, (now, given) => {
        const awaited = ['questioned', 'correcting'].includes(now.state) && given === now.version + 1;
        return (resubmissionReasons(now, given).length === 0) === awaited;
      }),
    );
  });
});

describe('an applicant’s links', () => {
  const applicationId = constantFrom('a', 'b');
  const link = record({ to: constantFrom('access', 'confirm'), applicationId, version });
  const of = ({
    to,
    applicationId: id,
    version: of_,
  }: {
    to: string;
    applicationId: string;
    version: number;
  }) =>
    (to === 'confirm'
      ? { to, applicationId: id, version: of_ }
      : { to: 'access', applicationId: id }) as ApplicationLink;

  test('A2 A11 a secret opens what it was made for and nothing else: not another application, not another version, not access for confirming', () => {
    assert(
      property(link, link, string(), (one, other, noise) => {
        const [mine, yours] = [of(one), of(other)];
        const same = JSON.stringify(mine) === JSON.stringify(yours);
        const given = applicationSecret('key', mine);
        return (
          isApplicationSecret('key', yours, given) === same &&
          !isApplicationSecret('key', mine, `${given}${noise}x`)
        );
      }),
    );
    expect(
      isApplicationSecret(
        'another key',
        of({ to: 'access', applicationId: 'a', version: 1 }),
        applicationSecret('key', { to: 'access', applicationId: 'a' }),
      ),
    ).toBe(false);
  });
});
