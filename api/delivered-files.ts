import { Temporal } from 'temporal-polyfill';
import { v5 } from 'uuid';
import {
  documentOfRequest,
  type DocumentFile,
  type DocumentStand,
  storeDocument,
  takeDownload,
} from '../db/queries/ill-documents.ts';
import type { DeliveryPolicy } from '../domain/policy-delivery.ts';
import type { Actor } from '../domain/roles.ts';
import { endOf } from '../domain/review-deadlines.ts';
import { isFaulty } from '../uploads/cleaned.ts';
import { endingOf } from '../uploads/document.ts';
import type { ApiDeps } from './deps.ts';
import { fileBytes, type GivenFile } from './files.ts';
import { problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { illOf } from './request-intake.ts';

/** How documents are sent. What one is, its bytes tell, whatever it is called. */
export const documentTypes = [
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'application/octet-stream',
];

export const uploadProblems = [
  'upload-kind-unknown',
  'upload-unreadable',
  'upload-encrypted',
  'upload-too-many-pages',
  'upload-too-many-pixels',
  'upload-too-slow',
  'upload-infected',
  'scanner-unavailable',
  'uploads-busy',
] as const satisfies readonly ProblemCode[];

export const downloadProblems = [
  'delivery-none',
  'delivery-held',
  'delivery-expired',
  'delivery-used-up',
  'delivery-deleted',
] as const satisfies readonly ProblemCode[];

export const deliveredFile = {
  description: 'The file, as it was delivered.',
  body: fileBytes,
  mediaType: 'application/octet-stream',
  headers: { 'Content-Disposition': 'A name for the file.' },
} as const;

const soon = { headers: { 'Retry-After': '30' } };

/** Whatever it is, it is saved and never shown within the site. */
export function fileReply({ content, mediaType, number }: DocumentFile) {
  const name = `${number.replaceAll(/[^\w-]/gu, '_')}.${endingOf(mediaType)}`;
  return {
    status: 200 as const,
    headers: {
      'Content-Type': mediaType,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    },
    body: content,
  };
}

export interface Uploaded {
  readonly library: string;
  readonly about: 'request' | 'supply';
  readonly aboutId: string;
  readonly file: GivenFile;
  readonly actor: Actor;
  readonly now: number;
}

const nameSpace = '1d3d3a7a-6d2b-5c53-9f6e-8a30cc1f6f10';

/** Documents that are delivered: taken from librarians, given to readers and to other libraries (I14). */
export function createDeliveredFiles({ orm, policies, uploads }: ApiDeps) {
  const rulesOf = (library: string): DeliveryPolicy['documents'] =>
    illOf(policies.get(library)).delivery.documents;

  return {
    rulesOf,

    /** Keeps a file as it is – told by its bytes, looked at by the scanner –, once for what it is about. Answers its id. */
    async keep({ library, about, aboutId, file, actor, now }: Uploaded): Promise<string> {
      const kept = await uploads.keep(file.bytes);
      if ('later' in kept)
        throw problem(kept.later === 'busy' ? 'uploads-busy' : 'scanner-unavailable', {}, soon);
      if (isFaulty(kept)) throw problem(kept.fault, kept.max === undefined ? {} : { max: kept.max });
      const id = v5(`${aboutId}:${file.hash}`, nameSpace);
      const at = new Date(now);
      const policy = policies.get(library);
      const { supplied } = rulesOf(library);
      const until = endOf(policy, Temporal.Instant.fromEpochMilliseconds(now), supplied.keepFor);
      await storeDocument(orm, {
        id,
        library,
        about,
        aboutId,
        name: '',
        mediaType: kept.mediaType,
        hash: file.hash,
        bytes: file.bytes,
        actor,
        storedAt: at,
        // What is offered to another library needs no release of its own.
        ...(about === 'supply' && { releasedAt: at, expiresAt: new Date(until.epochMilliseconds) }),
      });
      return id;
    },

    /** Gives the document, or tells why not. @param issue of a mailed link; undefined for a reader who has signed in */
    async give(document: DocumentStand | undefined, limit: number, now: number, issue?: number) {
      const found =
        document && (await takeDownload(orm, { id: document.id, limit, issue, now: new Date(now) }));
      if (!found) throw whyNot(document, limit, issue);
      return fileReply(found);
    },

    ofRequest: (requestId: string, now: number) => documentOfRequest(orm, requestId, new Date(now)),
  };
}

function whyNot(document: DocumentStand | undefined, limit: number, issue: number | undefined) {
  if (!document || document.withdrawn) return problem('delivery-none');
  if (document.deleted) return problem('delivery-deleted');
  if (!document.released) return problem('delivery-held');
  if (document.expired || (issue !== undefined && document.issue !== issue))
    return problem('delivery-expired');
  return problem('delivery-used-up', { limit });
}
