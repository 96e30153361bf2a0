import type { Connection } from '@temporalio/client';
import { attributes } from '../workflows/attributes.ts';

/** A search attribute's type, as the CLI calls it and as the number of Temporal's enum IndexedValueType, which the SDK does not export. */
const types = {
  KEYWORD: { flag: 'Keyword', wire: 2 },
  DATETIME: { flag: 'Datetime', wire: 6 },
};

/** Carrel's search attributes as the CLI takes them, e.g. "CarrelState=Keyword". */
export const searchAttributeFlags = Object.values(attributes).map(
  ({ name, type }) => `--search-attribute=${name}=${types[type].flag}`,
);

/** Whether all of Carrel's search attributes can be used in the namespace. */
export async function searchAttributesKnown(connection: Connection, namespace: string): Promise<boolean> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(attributes).every(({ name }) => name in customAttributes);
}

/** Makes Carrel's search attributes known to a server that was started without them. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const wanted = Object.values(attributes).map(({ name, type }) => [name, types[type].wire] as const);
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(wanted),
  });
}
