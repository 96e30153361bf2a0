const digits = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const;

const units = [
  [100_000_000n, '亿'],
  [10_000n, '万'],
  [1_000n, '仟'],
  [100n, '佰'],
  [10n, '拾'],
] as const;

/** Below ten thousand billion yuan: 亿 is counted up to 9999 9999. */
const tooLarge = 10n ** 18n;

function digit(value: bigint): string {
  return digits[Number(value)] ?? '';
}

/** A whole number above zero. Between a unit and what follows it, 零 stands for the places that are skipped, one for however many. */
function inWords(value: bigint): string {
  const [unit, name] = units.find(([each]) => each <= value) ?? [1n, ''];
  if (unit === 1n) return digit(value);
  const low = value % unit;
  const gap = low < unit / 10n ? '零' : '';
  return `${inWords(value / unit)}${name}${low === 0n ? '' : `${gap}${inWords(low)}`}`;
}

function below(jiao: bigint, fen: bigint): string {
  if (jiao === 0n && fen === 0n) return '整';
  if (fen === 0n) return `${digit(jiao)}角整`;
  return jiao === 0n ? `${digit(fen)}分` : `${digit(jiao)}角${digit(fen)}分`;
}

/**
 * An amount in Chinese capitals, as it stands on vouchers: `人民币壹仟肆佰零玖元伍角整`. After the rules for filling in bills and vouchers of the Payment and
 * Settlement Measures (《支付结算办法》附一《正确填写票据和结算凭证的基本规定》): 人民币 without a gap before the amount; 整 after 元 and after 角, never after 分; 零 where places
 * are skipped, once for however many; also between 元 and 角 where the ones are zero and the tenths are not, which the rules leave open, and between 元 and 分.
 *
 * @param amountMinor fen, not negative
 * @throws RangeError for what cannot be written so
 */
export function chineseCapitals(amountMinor: bigint): string {
  if (amountMinor < 0n || amountMinor >= tooLarge) throw new RangeError('The amount cannot be written.');
  const yuan = amountMinor / 100n;
  const [jiao, fen] = [(amountMinor % 100n) / 10n, amountMinor % 10n];
  if (amountMinor === 0n) return '人民币零元整';
  if (yuan === 0n) return `人民币${below(jiao, fen)}`;
  const skips = jiao === 0n ? fen !== 0n : yuan % 10n === 0n;
  return `人民币${inWords(yuan)}元${skips ? '零' : ''}${below(jiao, fen)}`;
}
