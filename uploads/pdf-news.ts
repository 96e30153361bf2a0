/** What the thread that draws a PDF is given. */
export interface Drawing {
  readonly bytes: Uint8Array;
  readonly maxPages: number;
  /** It is only opened. */
  readonly openOnly?: boolean;
}

/** A page as RGBA pixels, and its size in points. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly points: readonly [width: number, height: number];
}

/** What it tells while it draws; its last word is anything but `page`. */
export type PdfNews =
  | ({ readonly kind: 'page' } & DrawnPage)
  | { readonly kind: 'done' | 'too-many-pages' | 'encrypted' | 'unreadable' };
