import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Bounds, Cleaned, Faulty } from './cleaned.ts';
import type { UploadKind } from './kind.ts';

/** More than any telephone's camera takes in its usual setting, and little enough to be decoded. */
export const maxPixels = 64_000_000;
/** The longer side of what is kept: enough to read every stamp on a sheet of paper. */
const maxSide = 3000;
/** A0 at 300 dots an inch. */
const maxPagePixels = 140_000_000;

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');

/** A picture's pixels, upright, on white, as JPEG without anything beside them: where it was taken, by what, and when are gone. */
export async function cleanPicture(
  bytes: Buffer,
  kind: Exclude<UploadKind, 'pdf'>,
  { withinMs }: Pick<Bounds, 'withinMs'>,
): Promise<Cleaned | Faulty> {
  if (kind === 'png' && isAnimatedPng(bytes)) return { fault: 'upload-animated' };
  try {
    const found = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (found.format !== kind) return { fault: 'upload-unreadable' };
    if ((found.pages ?? 1) > 1) return { fault: 'upload-animated' };
    if (found.width * found.height > maxPixels) return { fault: 'upload-too-many-pixels', max: maxPixels };
    const content = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
      .timeout({ seconds: Math.max(1, Math.round(withinMs / 1000)) })
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .jpeg({ quality: 82 })
      .toBuffer();
    return { mediaType: 'image/jpeg', content, pages: 1, contentHash: hashOf(content) };
  } catch (error) {
    return { fault: String(error).includes('timeout') ? 'upload-too-slow' : 'upload-unreadable' };
  }
}

/** The library decodes an animated PNG as its first picture; a chunk before the pixels tells that there are more. */
function isAnimatedPng(bytes: Buffer): boolean {
  const control = bytes.indexOf('acTL', 8, 'latin1');
  const pixels = bytes.indexOf('IDAT', 8, 'latin1');
  return control !== -1 && (pixels === -1 || control < pixels);
}

/** Why a picture, or scanned pages, cannot be read; undefined: they can. Their first page is decoded, small. */
export async function pictureFault(
  bytes: Buffer,
  { withinMs }: Pick<Bounds, 'withinMs'>,
): Promise<Faulty | undefined> {
  try {
    await sharp(bytes, { limitInputPixels: maxPagePixels, failOn: 'truncated' })
      .timeout({ seconds: Math.max(1, Math.round(withinMs / 1000)) })
      .resize({ width: 64, height: 64, fit: 'inside' })
      .raw()
      .toBuffer();
    return undefined;
  } catch (error) {
    const text = String(error);
    if (text.includes('timeout')) return { fault: 'upload-too-slow' };
    if (text.includes('pixel limit')) return { fault: 'upload-too-many-pixels', max: maxPagePixels };
    return { fault: 'upload-unreadable' };
  }
}
