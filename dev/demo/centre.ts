import { readers as neighbours } from '../neighbour-library/sign-ins.ts';
import { outside, signInInge } from './ill.ts';
import { type Ask, expectStatus, openPortal, waitFor } from './portal.ts';

interface Place {
  readonly url: string;
  readonly tell: (text: string) => void;
}

const title = 'Effi Briest';
const barcode = '7700000035';

/** Nele, a reader of the library next door. */
async function signInNele(url: string): Promise<Ask> {
  const [nele] = neighbours;
  const wish = { library: 'neighbour', card: nele?.card, password: nele?.password };
  const { token } = await expectStatus(201, openPortal(url, 'en')('POST', '/v1/sessions', wish));
  return openPortal(url, 'en', token);
}

/** What an earlier telling has left on its way ends first. */
async function clearUp(nele: Ask, librarian: Ask): Promise<void> {
  const { items } = await expectStatus(200, nele('GET', '/v1/me/requests?limit=100'));
  for (const { id, state } of items as { id: string; state: string }[])
    if (['requested', 'promised', 'asked'].includes(state))
      await nele('POST', `/v1/me/requests/${id}/cancel`);
  const out = await expectStatus(200, librarian('GET', '/v1/staff/outside-requests?group=out&limit=100'));
  for (const { id, title: lent } of out.items as { id: string; title: string }[])
    if (lent.includes(title))
      await librarian('POST', `/v1/staff/outside-requests/${id}/return`, { desk: 'main' });
}

const becomes = (nele: Ask, id: string, wanted: string) =>
  waitFor(`Nele’s request to be ${wanted}`, 60, async () => {
    const { body } = await nele('GET', `/v1/me/requests/${id}`);
    return body.state === wanted ? body : undefined;
  });

/** The other way round, and through a centre: it knows who has the book, and neither of the two libraries need know of the other. */
export async function askThroughCentre(
  { url, tell }: Place,
  { librarian }: { readonly librarian: Ask },
): Promise<void> {
  const [nele, inge] = [await signInNele(url), await signInInge(url)];
  await clearUp(nele, librarian);
  const work = { title, author: 'Fontane, Theodor', isbn: '9783980001755' };
  const sent = { delivery: 'post', address: 'Nele Brandt\nHafenstraße 7\n20457 Hamburg', limitMinor: 500 };
  const wish = { service: 'loan', literature: 'book', work, ...sent, override: ['duplicate', 'held-here'] };
  const { id } = await expectStatus(201, nele('POST', '/v1/me/requests', wish));
  tell(`Next door, Nele would like “${title}”. Her library asks the centre, which knows who has it.`);

  const request = await outside(librarian, title);
  const shipment = { barcode, costMinor: 300 };
  await expectStatus(200, librarian('POST', `/v1/staff/outside-requests/${request.id}/shipment`, shipment));
  const received = await becomes(nele, id, 'received');
  tell(`Ilse has it as a request of ${request.requester.name}, and sends the book straight to Nele.`);
  tell(`Nele’s list says: „${received.stateText}“`);

  await expectStatus(200, inge('POST', `/v1/staff/requests/${id}/send-back`, {}));
  await waitFor('the way back to be known at the supplier', 60, async () => {
    const { body } = await librarian('GET', `/v1/staff/outside-requests/${request.id}`);
    return body.waitsFor === 'return' ? body : undefined;
  });
  await librarian('POST', `/v1/staff/outside-requests/${request.id}/return`, { desk: 'main' });
  await becomes(nele, id, 'completed');
  tell(
    'It is sent back; the centre hears of it from the one, and tells the other. All three have it completed.',
  );
}
