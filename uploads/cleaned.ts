import type { UploadFault } from '../domain/upload-faults.ts';

export interface Faulty {
  readonly fault: UploadFault;
  /** The most that is allowed, where there were too many. */
  readonly max?: number;
}

/** An upload drawn anew: nothing of its bytes is left but what can be seen. */
export interface Cleaned {
  readonly mediaType: 'image/jpeg' | 'application/pdf';
  readonly content: Buffer;
  readonly pages: number;
  /** SHA-256 of the pictures in it, in base64url: the same for the same picture, whatever was written beside it. */
  readonly contentHash: string;
}

export const isFaulty = (answer: object): answer is Faulty => 'fault' in answer;

/** How much of a file is looked at. Milliseconds, and bytes of memory a PDF may need while it is drawn. */
export interface Bounds {
  readonly maxPages: number;
  readonly withinMs: number;
  readonly maxMemory?: number;
}
