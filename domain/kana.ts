const rows: Readonly<Record<string, string>> = {
  'あ い う え お': 'a i u e o',
  'か き く け こ': 'ka ki ku ke ko',
  'が ぎ ぐ げ ご': 'ga gi gu ge go',
  'さ し す せ そ': 'sa shi su se so',
  'ざ じ ず ぜ ぞ': 'za ji zu ze zo',
  'た ち つ て と': 'ta chi tsu te to',
  'だ ぢ づ で ど': 'da ji zu de do',
  'な に ぬ ね の': 'na ni nu ne no',
  'は ひ ふ へ ほ': 'ha hi fu he ho',
  'ば び ぶ べ ぼ': 'ba bi bu be bo',
  'ぱ ぴ ぷ ぺ ぽ': 'pa pi pu pe po',
  'ま み む め も': 'ma mi mu me mo',
  'や ゆ よ': 'ya yu yo',
  'ら り る れ ろ': 'ra ri ru re ro',
  'わ ゐ ゑ を ん ゔ': 'wa i e o n vu',
};

const latin: ReadonlyMap<string, string> = new Map(
  Object.entries(rows).flatMap(([kana, letters]) => {
    const written = letters.split(' ');
    return kana.split(' ').map((each, index): [string, string] => [each, written[index] ?? '']);
  }),
);

const small: Readonly<Record<string, string>> = {
  ゃ: 'ya',
  ゅ: 'yu',
  ょ: 'yo',
  ぁ: 'a',
  ぃ: 'i',
  ぅ: 'u',
  ぇ: 'e',
  ぉ: 'o',
};

/** `き` and `ゃ` are `kya`, but `し` and `ゃ` are `sha`, `ち` and `ょ` `cho`, `ふ` and `ぁ` `fa`. */
function joined(before: string, after: string): string {
  const stem = before.slice(0, -1);
  return /^(?:sh|ch|j)$/u.test(stem) ? stem + after.replace('y', '') : stem + after;
}

/**
 * Kana in Latin letters after Hepburn, as passports and banks abroad write Japanese names; everything else as it stands. Long vowels stay as they are spelled, a
 * long mark is dropped, and `n` before `b`, `m` and `p` stays `n`.
 */
export function romanised(text: string): string {
  const hiragana = text
    .normalize('NFKC')
    .replaceAll(/[\u30A1-\u30F6]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0x60));
  let doubled = false;
  let written = '';
  let syllable = '';
  for (const letter of hiragana) {
    const after = small[letter];
    if (after !== undefined && syllable !== '') {
      syllable = joined(syllable, after);
      continue;
    }
    written += syllable;
    syllable = '';
    const plain = latin.get(letter);
    if (letter === 'っ') doubled = true;
    else if (plain === undefined) written += letter === 'ー' ? '' : letter;
    else syllable = doubled ? (plain.startsWith('ch') ? 't' : plain.charAt(0)) + plain : plain;
    if (letter !== 'っ') doubled = false;
  }
  return written + syllable;
}
