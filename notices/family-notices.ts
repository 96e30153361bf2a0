import type { FamilyData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import type { Speaker } from './speaker.ts';

/** What has changed between a main card and a sub card; both readers are told the same (F1, F8). */
export function familyChange({ say, fact }: Speaker, { mainCard, subCard }: FamilyData): NoticeBody {
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening')),
      facts([fact('main-card'), mainCard], [fact('sub-card'), subCard]),
      ...paragraph(say('closing')),
    ],
  };
}
