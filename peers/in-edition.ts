import { since2021 } from '../iso18626/codes.ts';
import type { Edition, Message } from '../iso18626/message.ts';
import { writeMessage } from '../iso18626/write.ts';

/**
 * Writes a message for a peer's edition. What the 2017 edition has no place for is said in the note, by its element's name; an action or a status that it does not know becomes a notification,
 * which changes no status there.
 */
export function inEdition(
  message: Message,
  edition: Edition,
): { readonly xml: string; readonly message: Message } {
  const known = edition === '1.2' ? withKnownCodes(message) : message;
  const { xml, unsaid } = writeMessage(known, edition);
  const lines = unsaid.flatMap((path) => saidAt(known, path));
  if (lines.length === 0) return { xml, message: known };
  const noted = withNote(known, lines.join('\n'));
  return { xml: writeMessage(noted, edition).xml, message: noted };
}

function withKnownCodes(message: Message): Message {
  if (message.name === 'requestingAgencyMessage' && since2021.has(message.body.action))
    return withNote({ ...message, body: { ...message.body, action: 'Notification' } }, message.body.action);
  if (message.name !== 'supplyingAgencyMessage' || !since2021.has(message.body.statusInfo.status))
    return message;
  const { messageInfo, statusInfo } = message.body;
  const body = {
    ...message.body,
    messageInfo: { ...messageInfo, reasonForMessage: 'Notification' as const },
    statusInfo: { ...statusInfo, status: 'Loaned' as const },
  };
  return withNote({ ...message, body }, statusInfo.status);
}

function withNote(message: Message, more: string): Message {
  const joined = (note: string | undefined) => (note ? `${note}\n${more}` : more);
  if (message.name === 'requestingAgencyMessage')
    return { ...message, body: { ...message.body, note: joined(message.body.note) } };
  if (message.name === 'supplyingAgencyMessage') {
    const { messageInfo } = message.body;
    const noted = { ...messageInfo, note: joined(messageInfo.note) };
    return { ...message, body: { ...message.body, messageInfo: noted } };
  }
  if (message.name !== 'request' || !message.body.serviceInfo) return message;
  const { serviceInfo } = message.body;
  return {
    ...message,
    body: { ...message.body, serviceInfo: { ...serviceInfo, note: joined(serviceInfo.note) } },
  };
}

/** `loanCondition: LibraryUseOnly`, of a path such as `supplyingAgencyMessage/retryInfo`: the texts and codes there, each by its element's name. */
function saidAt({ body }: Message, path: string): string[] {
  const [, ...names] = path.replace(/\[\d+\]$/u, '').split('/');
  const found = names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    body,
  );
  return tell(names.at(-1) ?? '', found);
}

function tell(name: string, value: unknown): string[] {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  const texts = values.map(textOf).filter((text) => text !== undefined);
  if (texts.length > 0) return [`${name}: ${texts.join(', ')}`];
  return values.flatMap((each) => Object.entries(each ?? {}).flatMap(([inner, part]) => tell(inner, part)));
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { value: code } = (value ?? {}) as { readonly value?: unknown };
  return typeof code === 'string' ? code : undefined;
}
