import type { Edition, Message } from './message.ts';
import { retryTo2017 } from './message.ts';
import { type Group, type Leaf, nameIn, type Part, type Parts } from './shape.ts';
import { messageShapes } from './shapes.ts';
import { escaped, namespace } from './tree.ts';

export interface Written {
  readonly xml: string;
  /** Paths of what the edition has no place for; whoever sends it may say it in a note. */
  readonly unsaid: readonly string[];
}

/** Writes what the schema of one edition asks for, in its order. */
class Writer {
  readonly unsaid: string[] = [];
  readonly #edition: Edition;

  constructor(edition: Edition) {
    this.#edition = edition;
  }

  group(value: Readonly<Record<string, unknown>>, { parts, order2017 }: Group<Parts>, path: string): string {
    const names = this.#edition === '1.2' && order2017 ? order2017 : Object.keys(parts);
    return names.map((name) => this.part(name, parts[name], value[name], `${path}/${name}`)).join('');
  }

  part(name: string, part: Part | undefined, value: unknown, path: string): string {
    if (!part) throw new Error(`No part ${path}.`);
    const given = (part.count === 'many' ? value : [value]) as readonly unknown[] | undefined;
    const values = (given ?? []).filter((each) => each !== undefined);
    if (part.only !== undefined && part.only !== this.#edition) {
      if (values.length > 0) this.unsaid.push(path);
      return '';
    }
    if (values.length === 0) return this.absent(name, part, path);
    const most = this.#edition === '1.2' ? (part.most2017 ?? values.length) : values.length;
    if (values.length > most) this.unsaid.push(`${path}[${most + 1}]`);
    const element = nameIn(this.#edition, name, part);
    const shape = part.shape as Leaf<unknown> | Group<Parts>;
    return values
      .slice(0, most)
      .map((each) => this.element(element, shape, each, path))
      .join('');
  }

  /** The 2017 edition wants `multipleItemRequestId` even where there is none. */
  absent(name: string, { count, needed }: Part, path: string): string {
    if (count !== 'one' && needed !== this.#edition) return '';
    if (name === 'multipleItemRequestId') return `<${name}/>`;
    throw new Error(`An ISO 18626 message of edition ${this.#edition} cannot be without ${path}.`);
  }

  element(name: string, shape: Leaf<unknown> | Group<Parts>, value: unknown, path: string): string {
    if (shape.is === 'group')
      return `<${name}>${this.group(value as Record<string, unknown>, shape, path)}</${name}>`;
    const { text, scheme } = shape.write(value, this.#edition);
    const attribute = scheme === undefined ? '' : ` ill:scheme="${escaped(scheme)}"`;
    return `<${name}${attribute}>${escaped(text)}</${name}>`;
  }
}

const versions: Readonly<Record<Edition, string>> = { '1.2': '1.2', '2021': '2021-2' };

/**
 * Writes a message so that it is valid by the schema of the peer's edition (v1.2 or 2021-2): names, order, attributes with their namespace. Throws when a part is missing that
 * the edition cannot be without.
 */
export function writeMessage({ name, body }: Message, edition: Edition): Written {
  const writer = new Writer(edition);
  const said = name === 'supplyingAgencyMessage' && edition === '1.2' ? retryTo2017(body) : body;
  const content = writer.group(said, messageShapes[name], name);
  const root = `<ISO18626Message xmlns="${namespace}" xmlns:ill="${namespace}" ill:version="${versions[edition]}">`;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${root}<${name}>${content}</${name}></ISO18626Message>\n`;
  return { xml, unsaid: writer.unsaid };
}
