import type { AddressLinkData, EmailFailingData } from './content.ts';
import { type NoticeBody, paragraph } from './document.ts';
import type { Speaker } from './speaker.ts';
import { webAddress } from './web-address.ts';

/** To a new address, with the link that confirms it (A11). Throws when the link is not of the web. */
export function confirmEmail({ say }: Speaker, data: AddressLinkData): NoticeBody {
  const url = webAddress(data.url);
  if (url === undefined) throw new Error('A confirmation link must be an http or https address.');
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening')),
      { is: 'link', label: say('link'), url },
      ...paragraph(say('validity', { validUntil: data.validUntil }), say('closing')),
    ],
  };
}

/** What needs no more than its words: the address is registered, it was dropped for another, the test mail. */
export function plainWords({ say }: Speaker): NoticeBody {
  return { subject: say('subject'), blocks: paragraph(say('opening'), say('closing')) };
}

/** In the account, since mail does not arrive: why, and what now (A11). */
export function emailFailing({ say }: Speaker, { reason, pending }: EmailFailingData): NoticeBody {
  return {
    subject: say('subject'),
    blocks: paragraph(
      say(pending ? 'opening-new' : 'opening'),
      say(reason),
      say(pending ? 'closing-new' : 'closing'),
    ),
  };
}
