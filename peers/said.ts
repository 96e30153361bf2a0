import type { Message } from '../iso18626/message.ts';

/** What a message says in one word, for lists: its action; its reason and status; of a request its type. */
export function says(message: Message): string {
  if (message.name === 'request') return message.body.serviceInfo?.requestType ?? 'New';
  if (message.name === 'requestingAgencyMessage') return message.body.action;
  if (message.name === 'supplyingAgencyMessage')
    return `${message.body.messageInfo.reasonForMessage}/${message.body.statusInfo.status}`;
  return message.name;
}

/** A message's body as it is kept: its header stands in the row's columns. */
export function withoutHeader({ body }: Message): Readonly<Record<string, unknown>> {
  const { header: _header, ...rest } = body as { readonly header?: unknown };
  return rest;
}
