/** Why an upload is not taken; each has a text in every language. */
export const uploadFaults = [
  'upload-kind-unknown',
  'upload-unreadable',
  'upload-encrypted',
  'upload-animated',
  'upload-too-many-pages',
  'upload-too-many-pixels',
  'upload-too-slow',
  'upload-infected',
] as const;

export type UploadFault = (typeof uploadFaults)[number];
