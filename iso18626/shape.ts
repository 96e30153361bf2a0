/** The 2017 edition, whose schema is v1.2, and the one of 2021; they are not interchangeable. */
export type Edition = '1.2' | '2021';

/** What an element without parts holds, and how it is said. */
export interface Leaf<T> {
  readonly is: 'leaf';
  /** Undefined: what stands there cannot be this. */
  readonly read: (text: string, scheme: string | undefined) => T | undefined;
  readonly write: (
    value: T,
    edition: Edition,
  ) => { readonly text: string; readonly scheme?: string | undefined };
}

/** What an element with parts holds, in the order in which they are said. */
export interface Group<P extends Parts> {
  readonly is: 'group';
  readonly parts: P;
  /** The order of the 2017 edition where it differs. */
  readonly order2017?: readonly string[] | undefined;
}

export type Count = 'one' | 'maybe' | 'many';

/** How often an element may be there, and where the editions differ. */
export interface Part<S = unknown, C extends Count = Count> extends Differences {
  readonly shape: S;
  readonly count: C;
}

export interface Differences {
  /** Only this edition has it. */
  readonly only?: Edition;
  /** What the 2017 edition calls it. */
  readonly name2017?: string;
  /** How many the 2017 edition takes, of what may be there many times. */
  readonly most2017?: number;
  /** The edition that cannot be without it. */
  readonly needed?: Edition;
}

export interface Parts {
  readonly [name: string]: Part;
}

type Named<P extends Parts, C extends Count> = {
  [K in keyof P]: P[K] extends Part<unknown, C> ? K : never;
}[keyof P];

/** The value that a shape describes. */
export type Value<S> =
  S extends Leaf<infer T>
    ? T
    : S extends Group<infer P>
      ? { readonly [K in Named<P, 'one'>]: Value<P[K]['shape']> } & {
          readonly [K in Named<P, 'maybe'>]?: Value<P[K]['shape']> | undefined;
        } & { readonly [K in Named<P, 'many'>]?: readonly Value<P[K]['shape']>[] | undefined }
      : never;

export const one = <S>(shape: S, differences: Differences = {}): Part<S, 'one'> => ({
  shape,
  count: 'one',
  ...differences,
});

export const maybe = <S>(shape: S, differences: Differences = {}): Part<S, 'maybe'> => ({
  shape,
  count: 'maybe',
  ...differences,
});

export const many = <S>(shape: S, differences: Differences = {}): Part<S, 'many'> => ({
  shape,
  count: 'many',
  ...differences,
});

export function group<const P extends Parts>(parts: P, order2017?: readonly (keyof P & string)[]): Group<P> {
  return { is: 'group', parts, order2017 };
}

/** Its name in an edition. */
export function nameIn(edition: Edition, name: string, { name2017 }: Differences): string {
  return edition === '1.2' ? (name2017 ?? name) : name;
}
