import { readMessage } from '../../iso18626/read.ts';
import { createSchemaCheck, editionOf, type SchemaEdition, schemasPresent } from './schema-check.ts';
import type { Letter } from './two-carrels.ts';

/** What a message says, in a word or two: `request New`, `Received`, `StatusChange Loaned`. */
export function wordOf(xml: string): string {
  const { message } = readMessage(xml);
  if (!message) return 'not understood';
  if (message.name === 'request') return `request ${message.body.serviceInfo?.requestType ?? 'New'}`;
  if (message.name === 'requestingAgencyMessage') return message.body.action;
  if (message.name === 'supplyingAgencyMessage')
    return `${message.body.messageInfo.reasonForMessage} ${message.body.statusInfo.status}`;
  return message.name;
}

/** What was said, in order, as `asker: request New`; what was heard twice stands twice. */
export const said = (letters: readonly Letter[]): string[] =>
  letters.map(({ from, xml }) => `${from}: ${wordOf(xml)}`);

/** What of all that went over the wires is not valid by the schema of the edition that its reader reads; empty where the schemas are not at hand. */
export function schemaMistakes(letters: readonly Letter[], reads: (name: string) => SchemaEdition): string[] {
  if (!schemasPresent) return [];
  const check = createSchemaCheck();
  const mistakes = letters.flatMap(({ from, to, xml, answer }) => {
    const wrong =
      editionOf(xml) === reads(to) ? check.mistake(xml, reads(to)) : `not in edition ${reads(to)}`;
    const confirmation =
      answer && answer.xml !== '' ? check.mistake(answer.xml, editionOf(answer.xml)) : null;
    return [
      ...(wrong === null ? [] : [`${from} to ${to}, ${wordOf(xml)}: ${wrong}`]),
      ...(confirmation === null ? [] : [`${to} confirming ${wordOf(xml)}: ${confirmation}`]),
    ];
  });
  check.dispose();
  return mistakes;
}
