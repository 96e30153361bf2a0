import { unknownRefund } from '../../db/queries/reconcile-gateway.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { readSettlementFile, type SettlementRow } from '../gateways/settlement-file.ts';
import { feeOf, gateway, returned } from '../ledger.ts';

export interface ImportSettlement extends Step {
  readonly library: string;
  readonly fileId: string;
  readonly actor: Actor;
}

export interface SettlementImported {
  readonly fileId: string;
  readonly lines: number;
  /** Of them, those that were not known before. */
  readonly added: number;
}

/** What gateways say of what they took, kept and paid out (P9). */
export function createSettlementCommands(deps: ActivityDeps) {
  return { importSettlement: (step: ImportSettlement) => importSettlement(deps, step) };
}

/**
 * Takes a gateway's settlement file in, wholly or not at all (P9). Each line once for ever by the gateway's own id, so that a file, or one that overlaps, books nothing
 * twice. Fees are booked against the gateway's account; what it gave back and nobody here knows of waits on an account of its own. A payout is booked when it is on the bank's statement.
 */
function importSettlement(deps: ActivityDeps, step: ImportSettlement): Promise<Refused | SettlementImported> {
  return once(deps.orm, step, async (tx) => {
    const { library, fileId } = step;
    const [file] = await tx.execute<{ provider: string; content: Buffer }[]>(
      'select provider, content from settlement_file where id = ? and library = ? for no key update',
      [fileId, library],
    );
    if (!file) return refuse({ code: 'gateway-unknown' });
    const way = deps.policies.get(library).money.ways.online.find(({ code }) => code === file.provider);
    if (!way) return refuse({ code: 'gateway-unknown' });
    const rows = readSettlementFile(way.kind, file.content);
    if ('line' in rows) return refuse({ code: 'settlement-file-unreadable', line: rows.line });
    const added = await keepLines(tx, step, file.provider, rows);
    await bookLines(tx, step, file.provider);
    await tx.execute(
      'update settlement_file set imported_at = coalesce(imported_at, ?), lines = ?, added = coalesce(added, ?) where id = ?',
      [new Date(step.now), rows.length, added, fileId],
    );
    return { fileId, lines: rows.length, added };
  });
}

const columns = `key text, kind text, "providerRef" text, payout text, gross bigint, fee bigint, net bigint, currency text, "occurredAt" timestamptz`;

async function keepLines(
  tx: Tx,
  { library, fileId }: ImportSettlement,
  provider: string,
  rows: readonly SettlementRow[],
): Promise<number> {
  const given = rows.map((row) => ({
    ...row,
    gross: String(row.gross),
    fee: String(row.fee),
    net: String(row.net),
  }));
  const kept = await tx.execute<object[]>(
    `insert into settlement_line (id, library, provider, key, file_id, kind, provider_ref, payout, gross, fee, net, currency, occurred_at)
     select gen_random_uuid(), ?, ?, key, ?, kind, "providerRef", payout, gross, fee, net, currency, "occurredAt"
     from jsonb_to_recordset(?::jsonb) as row (${columns}) order by key
     on conflict (library, provider, key) do nothing returning id`,
    [library, provider, fileId, JSON.stringify(given)],
  );
  return kept.length;
}

/** By line: what the gateway keeps, and what it gave back or took away that no booking of ours knows. One statement for all lines, since a file has thousands. */
const bookings = `
  with line as (
    select settlement_line.*, 'settlement:' || library || ':' || provider || ':' || key as operation,
      case when kind = 'fee' then fee - gross else fee end as kept,
      case when kind = 'other' then gross
        when kind in ('refund', 'dispute') and ${unknownRefund('settlement_line')} then gross else 0 end as unknown
    from settlement_line where file_id = :file),
  booked as (
    insert into journal (id, library, operation, kind, at, actor)
    select gen_random_uuid(), library, operation, 'settlement', :at, :actor from line where kept <> 0 or unknown <> 0
    on conflict (operation) do nothing returning id, operation)
  insert into posting (id, journal_id, account, amount, currency)
  select gen_random_uuid(), booked.id, side.account, side.amount, line.currency
  from booked join line using (operation),
    lateral (values (:fee, kept), (:returned, -unknown), (:gateway, unknown - kept)) side (account, amount)
  where side.amount <> 0`;

async function bookLines(
  tx: Tx,
  { fileId, library, now, actor }: ImportSettlement,
  provider: string,
): Promise<void> {
  await tx.execute(bookings, {
    file: fileId,
    library,
    at: new Date(now),
    actor,
    fee: feeOf(provider),
    returned: returned(provider),
    gateway: gateway(provider),
  });
}
