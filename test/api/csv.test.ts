import { expect, test } from '@jest/globals';
import { csv } from '../../api/csv.ts';

test('F10 a table for spreadsheets: quoted where it must be, and no text becomes a formula', () => {
  const cells = ['plain', 'a,"b"', 'two\nlines', '=HYPERLINK("http://x")', '+1', '-1', '@x', '\t=1', -5, 3];
  expect(csv([cells])).toBe(
    '\uFEFFplain,"a,""b""","two\nlines","\'=HYPERLINK(""http://x"")",\'+1,\'-1,\'@x,\'\t=1,-5,3\r\n',
  );
});
