import { z } from 'zod';

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
  staff: z.array(
    z.object({ login: z.string(), password: z.string(), name: z.string(), roles: z.array(z.string()) }),
  ),
});

/** Who can sign in to the demo library, for people, from what its loader wrote: its last line is JSON. */
export function signInLines(output: readonly string[]): string[] {
  const last = output.at(-1);
  if (last === undefined) return [];
  const { library, readers, staff } = signIns.parse(JSON.parse(last));
  return [
    `Demo library "${library}". Readers sign in with card and password, staff with name and password:`,
    ...readers.map(({ card, password, name, language, remark }) =>
      row(
        card,
        password,
        [name, `(${language})`, ...(remark === undefined ? [] : [`– ${remark}`])].join(' '),
      ),
    ),
    ...staff.map(({ login, password, name, roles }) => row(login, password, `${name} (${roles.join(', ')})`)),
  ];
}

function row(login: string, password: string, who: string): string {
  return `  ${login.padEnd(15)}${password.padEnd(20)}${who}`;
}
