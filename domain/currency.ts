/** How many decimals currencies have that ISO 4217 gives another number than 2. */
const decimals: Readonly<Record<string, number>> = {
  ...fill(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...fill(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...fill(4, 'CLF UYW'),
};

function fill(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, digits]));
}

/** The number of decimals of a currency (ISO 4217); undefined for what is not written like one. Amounts are whole minor units of them (P10). */
export function fractionDigits(currency: string): number | undefined {
  return /^[A-Z]{3}$/u.test(currency) ? (decimals[currency] ?? 2) : undefined;
}
