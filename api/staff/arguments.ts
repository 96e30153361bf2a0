import { parseArgs } from 'node:util';
import { staffEmail, staffLogin, staffName } from '../schemas/staff.ts';

export const usage = `npm run staff -- create --library CODE --login LOGIN --name NAME [--email ADDRESS]
npm run staff -- reset --library CODE --login LOGIN

  create  makes the first administrator of a library, who then takes in everybody else
  reset   gives an administrator a new password for once, and forgets the second factor: for one who
          has lost both, and for everybody's devices after CARREL_SECRET has changed

Both print the password, which is good for 24 hours and for setting an own one. DATABASE_URL names the database.`;

export interface CreateWish {
  readonly act: 'create';
  readonly library: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
}

export interface ResetWish {
  readonly act: 'reset';
  readonly library: string;
  readonly login: string;
}

const options = {
  library: { type: 'string' },
  login: { type: 'string' },
  name: { type: 'string' },
  email: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const mistake = (sentences: readonly string[]) => new Error(`${sentences.join('\n')}\n\n${usage}`);

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw mistake([error instanceof Error ? error.message : String(error)]);
  }
}

type Values = ReturnType<typeof parsed>['values'];

function mistakesIn(act: string, values: Values, hasLibrary: (code: string) => boolean): string[] {
  const { library, login, name, email } = values;
  const found: string[] = [];
  if (library === undefined) found.push('--library is missing.');
  else if (!hasLibrary(library)) found.push(`There is no policy for a library ${library}.`);
  if (login === undefined) found.push('--login is missing.');
  else if (!staffLogin.safeParse(login).success)
    found.push('--login: small letters a–z, digits, and between them . _ - and @; at most 64.');
  if (act === 'reset' && (name !== undefined || email !== undefined))
    found.push('--name and --email are for create.');
  if (act === 'create' && !staffName.safeParse(name).success)
    found.push('--name: one line of at most 120 characters.');
  if (act === 'create' && email !== undefined && !staffEmail.safeParse(email).success)
    found.push('--email is no e-mail address.');
  return found;
}

/** Reads the command line; undefined when help is asked for. Throws one error with every mistake and how it is done. */
export function readArguments(
  argv: readonly string[],
  hasLibrary: (code: string) => boolean,
): CreateWish | ResetWish | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const [act = ''] = positionals;
  if ((act !== 'create' && act !== 'reset') || positionals.length > 1)
    throw mistake(['Say create or reset.']);
  const mistakes = mistakesIn(act, values, hasLibrary);
  if (mistakes.length > 0) throw mistake(mistakes);
  const { library = '', login = '', name = '', email = null } = values;
  return act === 'create' ? { act, library, login, name: name.trim(), email } : { act, library, login };
}
