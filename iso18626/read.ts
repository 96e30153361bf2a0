import type { ErrorData, Message, MessageName } from './message.ts';
import { retryFrom2017 } from './message.ts';
import type { Differences, Edition, Group, Leaf, Part, Parts } from './shape.ts';
import { messageShapes } from './shapes.ts';
import { type Element, namespace, NotXml, readTree } from './tree.ts';

/** What was read. */
export interface Reading {
  /** Undefined where it cannot be understood; `mistakes` say why. */
  readonly message?: Message | undefined;
  /** Which message it is, as far as that can be told. */
  readonly name?: MessageName | undefined;
  /** The edition it says it is written in; the other is understood as well. */
  readonly edition: Edition;
  /** What of the header could be read, for the confirmation of what could not. */
  readonly header: Readonly<Record<string, unknown>>;
  /** Everything that is not as the standard has it, for the confirmation; of a message that was understood, what was passed over. */
  readonly mistakes: readonly ErrorData[];
}

/** A tolerant reader: order, unknown elements, either edition's names, missing optional parts do not matter; each is noted. */
class Reader {
  readonly mistakes: ErrorData[] = [];
  understood = true;

  note(errorType: ErrorData['errorType'], errorValue: string): void {
    this.mistakes.push({ errorType, errorValue: errorValue.slice(0, 200) });
  }

  group(element: Element, shape: Group<Parts>, path: string): Record<string, unknown> {
    const known = Object.entries(shape.parts);
    for (const child of element.children) {
      if (!known.some(([name, part]) => isNamed(child, name, part)))
        this.note('UnrecognisedDataElement', `${path}/${child.name}`);
    }
    const read = known.map(([name, part]) => {
      const there = element.children.filter((child) => isNamed(child, name, part));
      return [name, this.part(there, part, `${path}/${name}`)] as const;
    });
    return Object.fromEntries(read.filter(([, value]) => value !== undefined));
  }

  part(elements: readonly Element[], { shape, count }: Part, path: string): unknown {
    const values = elements
      .map((element) => this.value(element, shape as Leaf<unknown> | Group<Parts>, path))
      .filter((value) => value !== undefined);
    if (count === 'many') return values.length > 0 ? values : undefined;
    if (elements.length > 1) this.note('UnrecognisedDataElement', `${path}[2]`);
    if (count === 'one' && values.length === 0) {
      this.understood = false;
      if (elements.length === 0) this.note('BadlyFormedMessage', `${path} is missing`);
    }
    return values[0];
  }

  value(element: Element, shape: Leaf<unknown> | Group<Parts>, path: string): unknown {
    if (shape.is === 'group') return this.group(element, shape, path);
    const value = shape.read(element.text, element.attributes.scheme);
    if (value === undefined) this.note(mistakeAt(path), `${path}: ${element.text.trim()}`);
    return value;
  }
}

const isNamed = ({ name }: Element, wanted: string, { name2017 }: Differences) =>
  name === wanted || name === name2017;

function mistakeAt(path: string): ErrorData['errorType'] {
  if (path.endsWith('requestingAgencyMessage/action')) return 'UnsupportedActionType';
  if (path.endsWith('/reasonForMessage')) return 'UnsupportedReasonForMessageType';
  return 'UnrecognisedDataValue';
}

const isMessageName = (name: string): name is MessageName => Object.hasOwn(messageShapes, name);

function unreadable(errorValue: string, edition: Edition = '1.2'): Reading {
  return { edition, header: {}, mistakes: [{ errorType: 'BadlyFormedMessage', errorValue }] };
}

/**
 * Reads a message of either edition, tolerantly (I18): what is understood is kept, what is not is named. Never throws: what a peer sends decides nothing here.
 *
 * @param xml the document; its length is to be bounded by whoever takes it in
 */
export function readMessage(xml: string): Reading {
  let root: Element;
  try {
    root = readTree(xml);
  } catch (error) {
    if (error instanceof NotXml) return unreadable(error.message);
    throw error;
  }
  if (root.name !== 'ISO18626Message' || (root.namespace !== '' && root.namespace !== namespace))
    return unreadable(`not an ISO18626Message: ${root.name}`.slice(0, 200));
  const edition: Edition = root.attributes.version?.startsWith('2021') ? '2021' : '1.2';
  const [element, ...others] = root.children;
  if (!element || others.length > 0) return unreadable('one message is expected', edition);
  if (!isMessageName(element.name))
    return unreadable(`unknown message: ${element.name}`.slice(0, 200), edition);
  return readNamed(element, element.name, edition);
}

function readNamed(element: Element, name: MessageName, edition: Edition): Reading {
  const reader = new Reader();
  const body = reader.group(element, messageShapes[name], name);
  const header = (body.header ?? body.confirmationHeader ?? {}) as Readonly<Record<string, unknown>>;
  const about = { name, edition, header, mistakes: reader.mistakes };
  if (!reader.understood) return about;
  const message = { name, body } as unknown as Message;
  if (message.name !== 'supplyingAgencyMessage') return { ...about, message };
  return { ...about, message: { ...message, body: retryFrom2017(message.body) } };
}
