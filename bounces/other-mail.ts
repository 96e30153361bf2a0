import type { OpenedMail } from './open-mail.ts';

/** Mail that comes to a return address and says nothing of whether the notice arrived. */
export type OtherMail = 'auto-reply' | 'challenge' | 'receipt' | 'complaint';

const repliesInHeaders: readonly (readonly [name: string, value: RegExp])[] = [
  ['auto-submitted', /^auto-(?:replied|notified)/i],
  ['x-autoreply', /./],
  ['x-autorespond', /./],
  ['x-auto-response-suppress', /all|oof/i],
  ['precedence', /^(?:auto[_-]?reply|junk)/i],
  ['x-vacation', /./],
];

const replySubject =
  /^(?:re: ?|aw: ?)?(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|automatische antwort|auto: |out of (?:the )?office|vacation|abwesen|自動返信|自动回复|自動回覆|不在(?:通知|のお知らせ)|【自動返信】)/i;

const challenge =
  /(?:(?:confirm|verify) (?:that )?(?:you are|you['’]re|your (?:message|e-?mail)|this (?:message|e-?mail))|(?:is|am) (?:using|protected by) .{0,40}(?:boxbe|spam ?arrest|challenge)|boxbe|spamarrest|tmda|to (?:have|get) your (?:message|mail) delivered|送信者(?:認証|確認)|发件人验证|寄件者驗證)/i;

function reportType(mail: OpenedMail): string {
  return /report-type="?([\w-]+)/i.exec(mail.header('content-type')[0] ?? '')?.[1]?.toLowerCase() ?? '';
}

/** Which kind of mail it is that must never count against an address; undefined: none of those known. */
export function otherMail(mail: OpenedMail): OtherMail | undefined {
  const type = reportType(mail);
  if (type === 'disposition-notification') return 'receipt';
  if (type === 'feedback-report') return 'complaint';
  if (challenge.test(mail.subject) || challenge.test(mail.text.slice(0, 4_000))) return 'challenge';
  const marked = repliesInHeaders.some(([name, value]) => mail.header(name).some((each) => value.test(each)));
  return marked || replySubject.test(mail.subject.trim()) ? 'auto-reply' : undefined;
}
