const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A line may break after any of these; in other scripts only at spaces. */
const ideographic =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFFEF]/u;
const closing = /^[、。，．：；？！）］｝」』》〉”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)\]}%]/u;
const opening = /[（［｛「『《〈“‘([{¥￥$€]$/u;

/** What stays together on a line: words with the space after them, single characters of scripts without spaces. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const last = found.at(-1);
    const breaks =
      last === undefined ||
      (!closing.test(segment) &&
        !opening.test(last) &&
        segment !== ' ' &&
        (last.endsWith(' ') || ideographic.test(segment) || ideographic.test(last)));
    if (breaks) found.push(segment);
    else found[found.length - 1] = `${last}${segment}`;
  }
  return found;
}

/**
 * Breaks a text into lines that are no wider than `width`: at spaces, and between characters of Chinese and Japanese, but never so that a line begins with a
 * closing mark or ends with an opening one. A word that is wider than a line is broken where the line ends. Each piece is measured once, by itself.
 */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: { text: string; width: number }[] = [{ text: '', width: 0 }];
  const add = (piece: string, wide: number, bare: number) => {
    const line = lines.at(-1);
    if (line && line.width + bare <= width) {
      line.text += piece;
      line.width += wide;
    } else lines.push({ text: piece, width: wide });
  };
  for (const piece of pieces(text)) {
    const bare = measure(piece.trimEnd());
    if (bare <= width) add(piece, piece.endsWith(' ') ? measure(piece) : bare, bare);
    else for (const { segment } of graphemes.segment(piece)) add(segment, measure(segment), measure(segment));
  }
  return lines.map((line) => line.text.trimEnd()).filter((line, index) => line !== '' || index > 0);
}
