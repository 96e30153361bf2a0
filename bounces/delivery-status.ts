/** What became of a mail for one recipient, as RFC 3464 names it. */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface RecipientStatus {
  readonly action: Action;
  /** Enhanced status code of RFC 3463. */
  readonly status: string | undefined;
  readonly diagnostic: string;
}

type Fields = ReadonlyMap<string, string>;

const actions: readonly Action[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];

/**
 * Reads a `message/delivery-status` part (RFC 3464): one entry a recipient it tells of. Forgiving, since many servers write it their own way: blank lines may be missing,
 * comments may stand anywhere, `Action` or `Status` may be left out – then the other decides.
 */
export function readDeliveryStatus(content: string): RecipientStatus[] {
  return content
    .split(/\r?\n[ \t]*\r?\n/)
    .map(fieldsOf)
    .flatMap((fields) => recipientIn(fields) ?? []);
}

function fieldsOf(group: string): Fields {
  const lines = group.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const pairs = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : [];
  });
  return new Map(pairs);
}

function recipientIn(fields: Fields): RecipientStatus | undefined {
  const status = enhancedCode(fields.get('status') ?? '');
  const action = actionIn(fields.get('action') ?? '') ?? actionBy(status);
  if (!action) return undefined;
  const diagnostic = (fields.get('diagnostic-code') ?? '').replace(/^[\w-]{1,30};\s*/, '');
  return { action, status, diagnostic };
}

function actionIn(value: string): Action | undefined {
  const word = value.toLowerCase().trim();
  return actions.find((each) => word.startsWith(each)) ?? (word.startsWith('fail') ? 'failed' : undefined);
}

function actionBy(status: string | undefined): Action | undefined {
  if (status === undefined) return undefined;
  return ({ '5': 'failed', '4': 'delayed', '2': 'delivered' } as const)[status.charAt(0)];
}

/** The first enhanced status code in a text, `5.1.1`; no part of an address or a version. */
export function enhancedCode(text: string): string | undefined {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text)?.[1];
}

/** The recipient that decides, if a report tells of several – an alias that was forwarded to two: where it failed comes first. */
export function worst(recipients: readonly RecipientStatus[]): RecipientStatus | undefined {
  return actions
    .map((action) => recipients.find((each) => each.action === action))
    .find((each) => each !== undefined);
}
