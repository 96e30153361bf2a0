/*
 * What servers say in words. Each pattern stands for wordings seen in the wild; gaps are bounded, so that no text can make matching slow.
 */

/** Nobody can be reached at the address. */
const nobody: readonly RegExp[] = [
  /(?:unknown|no such|invalid|non-?existent) (?:local )?(?:user|mailbox|recipient|address|account|person)/i,
  /(?:user|mailbox|recipient|address|account|domain)(?: name| address)?.{0,60}?(?: is)? (?:unknown|not found|not exist|invalid|rejected)/i,
  /(?:user|mailbox|recipient|address|account|domain|email).{0,80}?(?:does ?n[o']t|do not|no longer) exist/i,
  /(?:mailbox|account|user).{0,40}?(?:disabled|deactivated|inactive|suspended|closed|unavailable)/i,
  /(?:couldn['’]t be found|could not be found|wasn['’]t found|no mailbox (?:here )?by that name|not a valid (?:user|mailbox|recipient))/i,
  /doesn['’]t have an? .{0,40}?account/i,
  /(?:host or domain name not found|host unknown|no mx|null mx|unrouteable address|unroutable address)/i,
  /(?:收件人|收信人|收件者|用户|用戶|使用者|帐号|账号|帳號|帐户|账户|邮箱|信箱|地址|域名).{0,80}?(?:不存在|未找到|无效|無效|禁用|停用|冻结|注销)/,
  /(?:无此用户|查无此人|不存在该用户|没有该用户|查無此人)/,
  /(?:宛先|あて先|送信先|ユーザー?|メールアドレス|アドレス).{0,40}?(?:不明|存在しません|存在しない|見つかりません|見つからない|間違)/,
  /(?:Empfänger|Benutzer|Postfach|Adresse|Konto).{0,60}?(?:unbekannt|existiert nicht|nicht gefunden|ungültig|deaktiviert)/i,
];

/** It did not work this time, or not because of the address. */
const thisTime: readonly RegExp[] = [
  /(?:mailbox|inbox|account|user).{0,60}?(?:full|exceeded)|over ?quota|quota|out of storage|insufficient (?:system )?(?:storage|disk)/i,
  /(?:too large|message size|size limit|too many|rate limit|greylist|gr[ae]y.?list)/i,
  /(?:try again later|temporar|timed? ?out|time limit|expired|retry time|connection (?:refused|dropped)|could not connect)/i,
  /(?:spam|black ?list|block ?list|blocked|reputation|policy|dmarc|\bspf\b|dkim|content (?:denied|rejected)|virus)/i,
  /(?:邮箱|信箱|空间|空間|容量|配额).{0,30}?(?:已满|满了|已滿|不足|超出|超过|超過)|垃圾邮件|频率|反垃圾|拒绝接收|暂时|稍后/,
  /(?:容量|受信ボックス|メールボックス|受信箱).{0,30}?(?:超え|オーバー|いっぱい|満杯|一杯|不足)|迷惑メール|受信拒否|一時的|しばらく/,
  /Postfach.{0,30}?voll|Speicherplatz|vorübergehend|später erneut/i,
];

/** It has not been given up. */
const later: readonly RegExp[] = [
  /(?:delayed|delay\))|will (?:continue|keep) (?:to try|trying)|still (?:being )?(?:trying|tried)|warning message only|do not need to resend/i,
  /has not (?:yet )?been delivered.{0,80}?(?:after|yet)|will be retried|not yet been delivered/i,
  /(?:仍在尝试|继续尝试|将继续|投递延迟|延迟投递)/,
  /(?:配信が遅れて|遅延して|引き続き配信|再送信する必要はありません)/,
  /(?:wird weiter versucht|verzögert sich|noch nicht zugestellt)/i,
];

const givenUp =
  /(?:permanent|given up|giving up|fatal error|undeliverable|退信|退回|投递失败|配信不能|endgültig)/i;

const says = (patterns: readonly RegExp[], text: string) => patterns.some((pattern) => pattern.test(text));

/** What the words say of the address; undefined: nothing that is known here. Of both, the more careful reading wins. */
export function spokenOutcome(text: string): 'hard' | 'soft' | undefined {
  if (says(thisTime, text)) return 'soft';
  return says(nobody, text) ? 'hard' : undefined;
}

/** Whether the words say that delivery is still being tried. */
export function isDelay(text: string): boolean {
  return says(later, text) && !givenUp.test(text);
}

/** The line that says why, for the record. */
export function reasonLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const telling = lines.find(
    (line) => /(?<!\d)[45]\d\d[ -]|[45]\.\d\.\d/.test(line) || spokenOutcome(line) !== undefined,
  );
  return telling ?? lines.find((line) => line !== '') ?? '';
}
