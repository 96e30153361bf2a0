import { z } from 'zod';
import { type DeskHold, deskHold, type DeskItem, deskItem, deskLoan } from '../../../db/queries/desk.ts';
import { openTask } from '../../../db/queries/tasks.ts';
import { peerName } from '../../../domain/policy-peers.ts';
import { answer } from '../../answer.ts';
import { conditionsOf, deskHoldBody, deskLoanBody, whenText } from '../../bodies/desk.ts';
import { isoOrNull } from '../../bodies/hold.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ScanResult } from '../../commands-port.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { barcode, checkedIn, desk } from '../../schemas/desk.ts';
import { createWords, type Words } from '../../words.ts';
import { branchOf, showItem } from './counter.ts';

type Instruction = ScanResult['instruction'];

/** What to do with the copy, in a sentence. */
function instructionText(words: Words, { before, instruction, hold }: Scan): string {
  const card = hold?.card ?? '';
  if (instruction.do === 'shelve')
    return words.text(before.state === 'put-away' ? 'desk.put-away' : 'desk.shelve');
  if (instruction.do === 'send-back')
    return words.say('desk.send-back', { library: peerName(words.policy, instruction.to, words.language) });
  if (instruction.do === 'send') {
    const { name } = words.place(instruction.to);
    return hold
      ? words.say('desk.send-for-hold', { place: name, card })
      : words.say('desk.send', { place: name });
  }
  const pickup = hold && words.place(hold.pickupPlace);
  if (pickup?.kind === 'stop') return words.say('desk.stop-crate', { place: pickup.name, card });
  return hold?.keepUntil
    ? words.say('desk.keep-until', { card, until: hold.keepUntil })
    : words.say('desk.keep', { card });
}

/** What is kept for a reader is handed out under its library's conditions: the desk hears of them before. */
function withConditions(words: Words, scan: Scan): string {
  const told = scan.instruction.do === 'keep' ? conditionsOf(words, scan.before) : [];
  const conditions = told.map(({ text }) => text).join('; ');
  const text = instructionText(words, scan);
  return conditions === '' ? text : words.say('desk.under-conditions', { text, conditions });
}

function slipOf(words: Words, { before, hold }: Scan) {
  if (!hold) return null;
  return {
    card: hold.card,
    name: hold.name,
    title: hold.title,
    barcode: before.barcode,
    pickupPlace: words.place(hold.pickupPlace).name,
    keepUntil: isoOrNull(hold.keepUntil),
    keepUntilText: hold.keepUntil === null ? null : whenText(words, hold.keepUntil),
    conditions: conditionsOf(words, before).map(({ text }) => text),
  };
}

interface Scan {
  /** The copy as it was before the scan. */
  readonly before: DeskItem;
  readonly instruction: Instruction;
  readonly hold: DeskHold | undefined;
}

/** Taking copies back at the desk (L1). */
export function checkInRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const task = async (library: string, words: Words, { instruction, hold }: Scan) => {
    if (instruction.do !== 'keep' || !hold) return null;
    const call = await openTask(deps.orm, library, hold.id, 'phone-reader');
    return call ? { id: call.id, text: words.text('desk.phone') } : null;
  };

  const report = async (
    caller: StaffCaller,
    before: DeskItem,
    { instruction, loanId }: ScanResult,
    words: Words,
    now: number,
  ) => {
    const { library } = caller;
    const holdId = 'holdId' in instruction ? instruction.holdId : undefined;
    const [item, hold, returned] = await Promise.all([
      deskItem(deps.orm, library, before.barcode),
      holdId === undefined ? undefined : deskHold(deps.orm, library, holdId),
      loanId === undefined ? undefined : deskLoan(deps.orm, library, loanId),
    ]);
    const scan = { before, instruction, hold };
    return {
      do: instruction.do,
      text: withConditions(words, scan),
      item: await showItem(deps, caller, item ?? before, words, now),
      request: instruction.do === 'send-back' ? { id: instruction.requestId } : null,
      sendTo: instruction.do === 'send' ? words.place(instruction.to) : null,
      hold: hold ? deskHoldBody(hold, words) : null,
      slip: slipOf(words, scan),
      task: await task(library, words, scan),
      returned: returned ? deskLoanBody(returned, words, now) : null,
    };
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/check-ins',
      summary: 'Take a copy back, and hear what to do with it',
      description:
        'Ends the loan, if it was lent; then the copy is kept for the next reader, sent on, or shelved. A copy that has its place already gets the same ' +
        'instruction again, so scanning twice does no harm.',
      access: ['desk'],
      idempotent: true,
      body: z.strictObject({ barcode, branch: desk }),
      problems: ['item-unknown', 'item-withdrawn', 'place-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'What to do.', body: checkedIn }, 202: acceptedResponse },
    }).handle(async ({ caller, body, key, language, now }) => {
      const { library, actor } = caller;
      const words = wordsFor(library, language);
      const branch = branchOf(words.policy, body.branch);
      const item = await deskItem(deps.orm, library, body.barcode);
      if (!item) throw problem('item-unknown');
      const scan = { itemId: item.itemId, branch, actor };
      const location = `/v1/staff/items?barcode=${encodeURIComponent(body.barcode)}`;
      return answer(
        deps.commands.checkIn(item.loanId, scan, key.id, { library }),
        location,
        async (done) => ({
          status: 200,
          body: await report(caller, item, done, words, now),
        }),
      );
    }),
  ];
}
