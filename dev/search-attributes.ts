import type { Connection } from '@temporalio/client';

/** What operators find workflows by; a server must know them before a workflow may set them. */
export const searchAttributes = {
  CarrelProcess: 'Keyword',
  CarrelLibrary: 'Keyword',
  CarrelState: 'Keyword',
  CarrelPatron: 'Keyword',
  CarrelDeadline: 'Datetime',
} as const;

/** The numbers of Temporal's enum IndexedValueType, which the SDK does not export. */
const wireTypes = { Keyword: 2, Datetime: 6 };

/** Whether all of Carrel's search attributes can be used in the namespace. */
export async function searchAttributesKnown(connection: Connection, namespace: string): Promise<boolean> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(searchAttributes).every((name) => name in customAttributes);
}

/** Makes Carrel's search attributes known to a server that was started without them. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const types = Object.entries(searchAttributes).map(([name, type]) => [name, wireTypes[type]] as const);
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(types),
  });
}
