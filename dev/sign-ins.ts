import { z } from 'zod';

const member = z.object({
  login: z.string(),
  password: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
});

const signIns = z.object({
  library: z.string(),
  readers: z.array(
    z.object({
      card: z.string(),
      password: z.string(),
      name: z.string(),
      language: z.string(),
      remark: z.string().optional(),
    }),
  ),
  staff: z.array(member),
  neighbour: z
    .object({
      library: z.string(),
      staff: z.array(member),
      readers: z.array(z.object({ card: z.string(), password: z.string(), name: z.string() })),
    })
    .optional(),
});

/** Who can sign in to the demo library, for people, from what its loader wrote: its last line is JSON. */
export function signInLines(output: readonly string[]): string[] {
  const last = output.at(-1);
  if (last === undefined) return [];
  const { library, readers, staff, neighbour } = signIns.parse(JSON.parse(last));
  return [
    `Demo library "${library}". Readers sign in with card and password, staff with name and password:`,
    ...readers.map(({ card, password, name, language, remark }) =>
      row(
        card,
        password,
        [name, `(${language})`, ...(remark === undefined ? [] : [`– ${remark}`])].join(' '),
      ),
    ),
    ...staff.map(staffRow),
    ...(neighbour === undefined
      ? []
      : [
          `The library next door, "${neighbour.library}", from which it borrows:`,
          ...neighbour.readers.map(({ card, password, name }) => row(card, password, name)),
          ...neighbour.staff.map(staffRow),
        ]),
  ];
}

function staffRow({ login, password, name, roles }: z.output<typeof member>): string {
  return row(login, password, `${name} (${roles.join(', ')})`);
}

function row(login: string, password: string, who: string): string {
  return `  ${login.padEnd(15)}${password.padEnd(20)}${who}`;
}
