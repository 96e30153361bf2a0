import { Patron, PatronChange } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { columnsOf } from '../../db/patron-data.ts';
import type { Step, Tx } from '../../db/transaction.ts';
import { changedFields, type PatronData } from '../../domain/patron-data.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { loginReasons } from './login-reasons.ts';
import { patronSubject, record } from '../record.ts';

/** What the card is to be stands in the `patron_change` of that id. */
export interface OpenPatron extends Step {
  readonly changeId: string;
}

interface Opening {
  readonly card: string;
  readonly data: PatronData;
}

/** Opens a card at the desk: its number must be nobody's, nor what somebody signs in with. The new reader's id is the change's `patronId`. */
export async function openPatron(
  deps: ActivityDeps,
  tx: Tx,
  { changeId, now }: OpenPatron,
): Promise<Refused | { patronId: string }> {
  const change = present(await tx.findOne(PatronChange, { id: changeId }), `change ${changeId}`);
  const { library, patronId: id, actor } = change;
  const { card, data } = change.wanted as unknown as Opening;
  const at = new Date(now);
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 1))', [`card:${library}:${card}`]);
  const reasons: Reason[] = await loginReasons(tx, { id, library }, data.login);
  const [taken] = await tx.execute(
    'select id from patron where library = ? and (card = ? or lower(login) = lower(?)) limit 1',
    [library, card, card],
  );
  if (taken) reasons.push({ code: 'card-taken' });
  if (reasons.length > 0) return refuse(...reasons);
  tx.create(Patron, {
    id,
    library,
    card,
    emailState: 'none',
    createdAt: at,
    ...(columnsOf(data) as Pick<Patron, 'name' | 'language' | 'userGroup'>),
  });
  const fields = changedFields(blank(deps, library), data);
  tx.assign(change, { before: {}, fields, appliedAt: at });
  record(tx, patronSubject({ id, library }), { kind: 'patron-opened', actor, at, detail: { changeId } });
  return { patronId: id };
}

/** What a reader's data is before anything is known of them. */
function blank({ policies }: ActivityDeps, library: string): PatronData {
  return {
    name: '',
    birthDate: null,
    phone: null,
    language: policies.get(library).language,
    login: null,
    details: {},
    userGroup: '',
    expiresOn: null,
    overdraftLimit: null,
    deposit: 0,
    permissions: [],
    noticePreferences: {},
  };
}
