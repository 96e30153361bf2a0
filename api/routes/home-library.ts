import { z } from 'zod';
import { guessedLibrary, illLibraries } from '../../domain/home-library.ts';
import type { Language } from '../../domain/languages.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { createAccountLinks } from '../account-links.ts';
import { networkOf } from '../auth/address.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { accountLink, homeChoices, homeGuess } from '../schemas/home-library.ts';
import { nameOf, namedOnce, namedOnceElse, readerName } from '../schemas/sign-in-name.ts';
import { id, iso, password } from '../schemas/values.ts';

const linkList = z.strictObject({ items: z.array(accountLink) });

/** Which library a request goes to: guessed from where it comes, chosen among those where the reader has an account (I2). */
export function homeLibraryRoutes(deps: ApiDeps): Route[] {
  const links = createAccountLinks(deps);
  const described = ({ code, name, language }: LibraryPolicy, asked: Language) => ({
    code,
    name: name[asked],
    language,
    form: `/v1/libraries/${code}/request-form`,
  });
  const guess = (address: string) => guessedLibrary(deps.policies.all(), address) ?? null;

  const linked = async (patronId: string, language: Language) => {
    const found = await links.list(patronId);
    return found.map(({ library, patronId: other, card, linkedAt }) => ({
      library,
      libraryName: deps.policies.get(library).name[language],
      patronId: other,
      card,
      linkedAt: iso(linkedAt),
    }));
  };

  return [
    route({
      method: 'get',
      path: '/v1/home-library',
      summary: 'Which library somebody most likely belongs to',
      description:
        'Guessed from the address the request comes from; behind a trusted proxy, from the one it states.',
      access: 'public',
      responses: { 200: { description: 'The guess, and all there are.', body: homeGuess } },
    }).handle(async ({ address, language }) => ({
      status: 200,
      body: {
        guess: guess(address),
        libraries: illLibraries(deps.policies.all()).map((policy) => described(policy, language)),
      },
    })),
    route({
      method: 'get',
      path: '/v1/me/home-libraries',
      summary: 'The libraries that the reader can send requests to',
      access: 'patron',
      responses: { 200: { description: 'Where the reader has an account.', body: homeChoices } },
    }).handle(async ({ caller, address, language }) => {
      const own = { library: caller.library, card: await links.cardOf(caller.id), own: true };
      const others = (await links.list(caller.id)).map(({ library, card }) => ({
        library,
        card,
        own: false,
      }));
      const offered = illLibraries(deps.policies.all());
      const choices = [own, ...others].flatMap(({ library, ...account }) => {
        const policy = offered.find(({ code }) => code === library);
        return policy ? [{ ...described(policy, language), ...account }] : [];
      });
      const guessed = guess(address);
      const chosen = choices.find(({ code }) => code === guessed) ?? choices[0];
      return { status: 200, body: { guess: guessed, chosen: chosen?.code ?? null, choices } };
    }),
    route({
      method: 'get',
      path: '/v1/me/account-links',
      summary: 'The reader’s accounts at other libraries',
      access: 'patron',
      responses: { 200: { description: 'The accounts.', body: linkList } },
    }).handle(async ({ caller, language }) => ({
      status: 200,
      body: { items: await linked(caller.id, language) },
    })),
    route({
      method: 'post',
      path: '/v1/me/account-links',
      summary: 'Link an account at another library',
      description:
        'Proven by its card number and password, tried and locked like any sign-in. A link counts until either password is set anew; then it is proven again.',
      access: 'patron',
      body: z.strictObject({ ...readerName, password }).refine(namedOnce, namedOnceElse),
      problems: ['sign-in-failed', 'too-many-attempts', 'account-link-own', 'new-password-required'],
      responses: { 200: { description: 'All linked accounts.', body: linkList } },
    }).handle(async ({ caller, body, address, language, now }) => {
      await links.link(caller, {
        library: body.library,
        name: nameOf(body),
        password: body.password,
        network: networkOf(address),
        now,
      });
      return { status: 200, body: { items: await linked(caller.id, language) } };
    }),
    route({
      method: 'delete',
      path: '/v1/me/account-links/:id',
      summary: 'End a link with an account at another library',
      description: 'Requests that were submitted by it stay where they are, and are seen there.',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['account-link-unknown'],
      responses: { 204: { description: 'Ended.' } },
    }).handle(async ({ caller, params, now }) => {
      await links.unlink(caller, params.id, now);
      return { status: 204 };
    }),
  ];
}
