import { DefaultFailureConverter } from '@temporalio/common';

/** Failure messages and stack traces go through the codec like everything else; as they are, they would be plain text in the history. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
