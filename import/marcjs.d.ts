declare module 'marcjs' {
  interface MarcjsRecord {
    leader: string;
    /** `[tag, value]`, or `[tag, indicators, code, value, code, value …]`. */
    fields: string[][];
  }
  export const Marc: { parse(raw: Uint8Array, format: 'iso2709'): MarcjsRecord };
}
