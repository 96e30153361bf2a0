import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * What an operator can search open processes by (G1). Search attributes are not encrypted: opaque ids and codes only. They show where an open
 * process stands; how a closed one ended is in its result.
 */
export const attributes = {
  process: defineSearchAttributeKey('CarrelProcess', 'KEYWORD'),
  library: defineSearchAttributeKey('CarrelLibrary', 'KEYWORD'),
  state: defineSearchAttributeKey('CarrelState', 'KEYWORD'),
  patron: defineSearchAttributeKey('CarrelPatron', 'KEYWORD'),
  deadline: defineSearchAttributeKey('CarrelDeadline', 'DATETIME'),
};
