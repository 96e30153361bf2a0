import { runProgram } from './run-program.ts';

const wanted = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8'];

/**
 * The machine's locale by which PostgreSQL's extensions tell letters from signs. With the plain "C", pg_trgm
 * would see no letters in Japanese or Chinese text and index nothing of it.
 */
export async function characterLocale(): Promise<string> {
  const { stdout } = await runProgram('locale', ['-a']);
  const known = stdout.split('\n').map((name) => name.trim());
  return wanted.find((name) => known.includes(name)) ?? 'C';
}
