import * as fc from 'fast-check';
import type { Message, MessageName } from '../../iso18626/message.ts';
import { code, dateTime, decimal, region, text, trueOrFalse, wholeNumber } from '../../iso18626/leaves.ts';
import type { Edition, Group, Leaf, Part, Parts } from '../../iso18626/shape.ts';
import { messageShapes } from '../../iso18626/shapes.ts';
import {
  actions,
  errorTypes,
  messageStatuses,
  preferredEditions,
  reasonsForMessage,
  requestSubTypes,
  requestTypes,
  serviceTypes,
  since2021,
  statuses,
} from '../../iso18626/codes.ts';

const words = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '9', ' ', '<', '&', '"', "'", '>', 'ß', '馆', 'あ', '\n', '𠮷'),
    maxLength: 12,
  })
  .map((given) => given.trim());
const uri = fc.constantFrom('http://example.org/scheme', 'urn:x:y&z');
const codes = fc.record({ value: words, scheme: uri }, { requiredKeys: ['value'] });

const leaves = new Map<unknown, fc.Arbitrary<unknown>>([
  [text, words],
  [code, codes],
  [region, fc.record({ value: words })],
  [
    dateTime,
    fc
      .date({ min: new Date('1970-01-02'), max: new Date('2099-12-30'), noInvalidDate: true })
      .map((at) => at.toISOString().replace(/\.?0*Z$/u, 'Z')),
  ],
  [
    decimal,
    fc.tuple(fc.nat(99_999), fc.nat(99)).map(([whole, rest]) => `${whole}.${String(rest).padStart(2, '0')}`),
  ],
  [wholeNumber, fc.nat(999)],
  [trueOrFalse, fc.boolean()],
]);

const lists: readonly (readonly string[])[] = [
  actions,
  errorTypes,
  messageStatuses,
  preferredEditions,
  reasonsForMessage,
  requestSubTypes,
  requestTypes,
  serviceTypes,
  statuses,
  ['Y', 'N'],
];

/** The values of a closed list are found by asking its leaf. */
function closedValues(leaf: Leaf<unknown>, edition: Edition): fc.Arbitrary<unknown> {
  const list = lists.find(
    (values) =>
      values.every((value) => leaf.read(value, undefined) !== undefined) &&
      leaf.read('nothing', undefined) === undefined,
  );
  if (!list) throw new Error('No list for a closed code.');
  return fc.constantFrom(...list.filter((value) => edition === '2021' || !since2021.has(value)));
}

function valueOf(shape: Leaf<unknown> | Group<Parts>, edition: Edition): fc.Arbitrary<unknown> {
  if (shape.is === 'leaf') return leaves.get(shape) ?? closedValues(shape, edition);
  const parts = Object.entries(shape.parts).filter(([, { only }]) => only === undefined || only === edition);
  if ('electronicAddress' in shape.parts && 'physicalAddress' in shape.parts)
    return fc.oneof(
      ...parts.map(([name, part]) =>
        valueOf(part.shape as Group<Parts>, edition).map((value) => ({ [name]: value })),
      ),
    );
  const fields = parts.map(([name, part]) => [name, partOf(part, edition)] as const);
  const requiredKeys = parts
    .filter(([, { count, needed }]) => count === 'one' || needed === edition)
    .map(([name]) => name);
  return fc.record(Object.fromEntries(fields), { requiredKeys });
}

function partOf({ shape, count, most2017 }: Part, edition: Edition): fc.Arbitrary<unknown> {
  const value = valueOf(shape as Leaf<unknown> | Group<Parts>, edition);
  if (count !== 'many') return value;
  return fc.array(value, { minLength: 1, maxLength: edition === '1.2' ? (most2017 ?? 3) : 3 });
}

/** Any message that can be said in an edition. */
export function messages(edition: Edition): fc.Arbitrary<Message> {
  const names = Object.keys(messageShapes) as MessageName[];
  return fc.oneof(
    ...names.map((name) =>
      valueOf(messageShapes[name] as unknown as Group<Parts>, edition).map(
        (body) => ({ name, body }) as Message,
      ),
    ),
  );
}
