import type { Coverage, CoveragePoint } from './coverage.ts';

const year = String.raw`(?<![\d])(?:1[4-9]|20)\d\d(?!\d)`;
const volumeWords = String.raw`(?:vol(?:ume)?s?|v|bd|band|jg|jahrg|t|nr|no)\.?`;
const volume = new RegExp(
  String.raw`(?:${volumeWords}\s*|第)(?<marked>\d{1,4})|^(?<plain>\d{1,3})(?=[.(\s:/]|$)|^(?<dotted>\d{1,4})\.(?=${year})`,
  'iu',
);
const bothRanges = new RegExp(
  String.raw`^(?:${volumeWords}\s*)?(?<v1>\d{1,4})\s*-\s*(?:${volumeWords}\s*)?(?<v2>\d{1,4})\s*[(（]\s*(?<y1>${year})\s*-\s*(?<y2>${year})\s*[)）]$`,
  'iu',
);

function point(text: string): CoveragePoint | undefined {
  const date = new RegExp(year, 'u').exec(text)?.[0];
  const { marked, plain, dotted } = volume.exec(text.trim())?.groups ?? {};
  const number = marked ?? dotted ?? plain;
  if (date === undefined && number === undefined) return undefined;
  return { ...(date !== undefined && { date }), ...(number !== undefined && { volume: number }) };
}

function run(text: string): Coverage | undefined {
  const both = bothRanges.exec(text)?.groups;
  if (both)
    return { from: { date: both['y1'], volume: both['v1'] }, to: { date: both['y2'], volume: both['v2'] } };
  const at = text.search(/[-‐-―]|至|～|~/u);
  const [first, last] = at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const from = point(first);
  if (last === undefined) return from && { from, to: from };
  const to = point(last);
  if (last.trim() !== '' && to === undefined && from === undefined) return undefined;
  if (!from && !to) return undefined;
  return { ...(from && { from }), ...(to && { to }) };
}

/**
 * Runs of a serial as cataloguers write them (MARC 866 $a): `v.1(1990)-v.25(2014)`, `1.1950 - 10.1959; 12.1961 -`, `1990-1995, 1998-`. Undefined where nothing of it is understood:
 * then nobody knows what is there.
 */
export function coverageOfText(text: string): readonly Coverage[] | undefined {
  const runs = text
    .normalize('NFKC')
    .replaceAll(/[‐-―]/gu, '-')
    .split(/[,;、]/u)
    .flatMap((part) => run(part.trim()) ?? []);
  return runs.length === 0 ? undefined : runs;
}
