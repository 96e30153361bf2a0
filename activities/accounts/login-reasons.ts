import type { Tx } from '../../db/transaction.ts';
import type { Reason } from '../../domain/refusal.ts';

/** A sign-in name must lead to one reader, whether it is another's name or another's card. */
export async function loginReasons(
  tx: Tx,
  { id, library }: { id: string; library: string },
  login: string | null | undefined,
): Promise<Reason[]> {
  if (!login) return [];
  const [other] = await tx.execute(
    'select id from patron where library = ? and id <> ? and (lower(login) = lower(?) or card = ?) limit 1',
    [library, id, login, login],
  );
  return other ? [{ code: 'login-taken' }] : [];
}
