interface Stated {
  readonly value: string;
}

/** The part of a supplier's message that may say where a copy lies. */
export interface Offering {
  readonly messageInfo: { readonly note?: string | undefined };
  readonly deliveryInfo?:
    | {
        readonly URL?: string | undefined;
        readonly itemId?: readonly string[] | undefined;
        readonly deliveryMethod?: Stated | undefined;
      }
    | undefined;
}

const longest = 2_000;
const inText = /https?:\/\/[^\s<>"]+/iu;

function asAddress(text: string | undefined): string | undefined {
  const found = text === undefined ? undefined : inText.exec(text)?.[0].replace(/[).,;]+$/u, '');
  return found !== undefined && found.length <= longest && URL.canParse(found) ? found : undefined;
}

/**
 * Where a supplier says that a copy lies. The 2021 edition has an element for it; with the 2017 edition, which only says that it is sent by `URL`, suppliers write the address where an item's number belongs, or in
 * the note.
 */
export function offeredAddress({ messageInfo, deliveryInfo }: Offering): string | undefined {
  if (!deliveryInfo) return undefined;
  const { URL: stated, itemId = [], deliveryMethod } = deliveryInfo;
  if (stated !== undefined) return asAddress(stated);
  if (deliveryMethod?.value.toUpperCase() !== 'URL') return undefined;
  return itemId.map(asAddress).find((each) => each !== undefined) ?? asAddress(messageInfo.note);
}
