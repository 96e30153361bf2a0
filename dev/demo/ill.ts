import { staff as neighbours } from '../neighbour-library/sign-ins.ts';
import { type Ask, expectStatus, expectThat, openPortal, waitFor } from './portal.ts';

interface Cast {
  /** Reads English; may ask for what other libraries have. */
  readonly emma: Ask;
  readonly desk: Ask;
  readonly cashier: Ask;
  /** The demonstration library's librarian for interlibrary loan. */
  readonly librarian: Ask;
}

interface Place {
  readonly url: string;
  readonly tell: (text: string) => void;
  readonly mail: (name: string, subject: string) => Promise<void>;
}

const card = '01000007';
const title = 'Lighthouses of the North Sea';
const barcode = '8800000003';
const journal = 'Journal of harbour history';

/** Inge of the library next door, who answers its outside requests. */
export async function signInInge(url: string): Promise<Ask> {
  const inge = neighbours.find(({ login }) => login === 'ill');
  const wish = { library: 'neighbour', login: inge?.login, password: inge?.password };
  const { token } = await expectStatus(201, openPortal(url, 'en')('POST', '/v1/staff/sessions', wish));
  return openPortal(url, 'en', token);
}

/** What an earlier telling has left on its way ends first, so that this one begins with a book on the shelf. */
async function clearUp({ emma, librarian }: Cast, inge: Ask): Promise<void> {
  const { items } = await expectStatus(200, emma('GET', '/v1/me/requests?limit=100'));
  for (const { id, state } of items as { id: string; state: string }[])
    if (['reviewing', 'choosing', 'requested', 'promised', 'asked'].includes(state))
      await librarian('POST', `/v1/staff/requests/${id}/cancel`, {});
  await inge('POST', '/v1/staff/check-ins', { barcode, branch: 'quay' });
}

const stateOf = (librarian: Ask, id: string, ...wanted: string[]) =>
  waitFor(`the request to be ${wanted.join(' or ')}`, 60, async () => {
    const { body } = await librarian('GET', `/v1/staff/requests/${id}`);
    return wanted.includes(body.state) ? body : undefined;
  });

interface OutsideRequest {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly requester: { readonly name: string };
}

/** A supplying library has the request among those that wait for it. */
export const outside = (supplier: Ask, wanted: string) =>
  waitFor('the request to come in at its supplier', 60, async () => {
    const { body } = await supplier('GET', '/v1/staff/outside-requests?limit=100');
    const found = (body.items as OutsideRequest[]).find(
      (each) => each.title.includes(wanted) && each.status === 'RequestReceived',
    );
    return found;
  });

/** A bibliography's link to the book (OpenURL), followed before signing in: the form is filled in when Emma opens it. */
async function followLink({ url, tell }: Place, emma: Ask): Promise<object> {
  const link = new URLSearchParams({
    url_ver: 'Z39.88-2004',
    rft_val_fmt: 'info:ofi/fmt:kev:mtx:book',
    'rft.btitle': title,
    'rft.au': 'Hansen, Ida',
    'rft.isbn': '9783940000033',
  });
  const kept = await expectStatus(200, openPortal(url, 'en')('GET', `/v1/openurl/demo?${link.toString()}`));
  const { form } = await expectStatus(200, emma('GET', kept.open));
  const check = await expectStatus(200, emma('POST', '/v1/me/requests/check', { draft: kept.id }));
  tell(
    `Emma follows a bibliography’s link to “${form.work.title}”. The library does not have it; the form is filled in, and says what it costs: ${check.price.price.text}.`,
  );
  return form as object;
}

async function askFor(emma: Ask, wish: object): Promise<{ id: string; number: string }> {
  const override = ['duplicate', 'held-here'];
  const body = await expectStatus(201, emma('POST', '/v1/me/requests', { ...wish, override }));
  return { id: body.id, number: body.number };
}

/** A book that the library does not have: asked for, lent by the library next door, collected, brought back, sent back. */
export async function borrowElsewhere(place: Place, cast: Cast): Promise<void> {
  const { url, tell, mail } = place;
  const { emma, desk, librarian } = cast;
  const inge = await signInInge(url);
  await clearUp(cast, inge);
  const form = await followLink(place, emma);
  const { id, number } = await askFor(emma, { ...form, delivery: 'pickup', place: 'main', limitMinor: 500 });
  tell(`She sends it. Her request has the number ${number}.`);

  const { items } = await expectStatus(200, librarian('GET', `/v1/staff/requests/${id}/suppliers`));
  const [first] = items as { peer: string; name: string; reasons: { text: string }[] }[];
  expectThat(first?.peer === 'neighbour', 'the library next door to be the first to be asked');
  const why = first?.reasons.map(({ text }) => text).join('; ');
  tell(`Ilse, the librarian, looks whom to ask. ${first?.name}: ${why}.`);
  await expectStatus(200, librarian('POST', `/v1/staff/requests/${id}/review`, { decision: 'approve' }));

  const request = await outside(inge, title);
  tell('She lets it go out. Next door, Inge finds it among the outside requests, and sends the book.');
  const shipment = { barcode, costMinor: 300 };
  await expectStatus(200, inge('POST', `/v1/staff/outside-requests/${request.id}/shipment`, shipment));
  const shipped = await stateOf(librarian, id, 'shipped');
  tell(`Emma’s list says: “${shipped.stateText}”.`);

  await expectStatus(200, librarian('POST', `/v1/staff/requests/${id}/arrival`, { desk: 'main' }));
  const label = await labelOf(desk, number);
  tell(`It arrives. Ilse labels it ${label} and puts it on the hold shelf.`);
  await mail('Emma', `Ready to collect: ${title}`);
  await expectStatus(201, desk('POST', '/v1/staff/check-outs', { card, barcode: label, branch: 'main' }));
  await stateOf(librarian, id, 'lent');
  tell('Emma collects it at the desk, as she would any hold.');

  const checked = await expectStatus(
    200,
    desk('POST', '/v1/staff/check-ins', { barcode: label, branch: 'main' }),
  );
  tell(`She brings it back. The desk reads: “${checked.text}”`);
  await expectStatus(200, librarian('POST', `/v1/staff/requests/${id}/send-back`, {}));
  await waitFor('the way back to be known next door', 60, async () => {
    const { body } = await inge('GET', `/v1/staff/outside-requests/${request.id}`);
    return body.waitsFor === 'return' ? body : undefined;
  });
  const back = await inge('POST', `/v1/staff/outside-requests/${request.id}/return`, { desk: 'quay' });
  expectThat([200, 202].includes(back.status), 'the book to be taken back next door');
  await stateOf(librarian, id, 'completed');
  tell('Ilse sends it back, Inge has it on her shelf again, and on both sides the request is completed.');
}

/** The label of our own, as the hold shelf's list shows it to the desk. */
async function labelOf(desk: Ask, number: string): Promise<string> {
  const { items } = await expectStatus(200, desk('GET', '/v1/staff/lists/hold-shelf'));
  const labels = (items as { item: { barcode: string } }[]).map(({ item }) => item.barcode);
  const label = labels.find((each) => each.endsWith(number));
  expectThat(label !== undefined, `${title} to be on the hold shelf for Emma`);
  return label ?? '';
}

interface Charge {
  readonly id: string;
  readonly cause: string;
  readonly open: { readonly amountMinor: number };
}

/** In cash; how much it was. */
async function payAll(emma: Ask, cashier: Ask): Promise<string> {
  const { items, open } = await expectStatus(200, emma('GET', '/v1/me/charges'));
  const charges = items as Charge[];
  const isCopy = ({ cause }: Charge) => cause === 'document-delivery';
  expectThat(charges.some(isCopy), 'a charge for the copy');
  const lines = charges.map((each) => ({ chargeId: each.id, amountMinor: each.open.amountMinor }));
  const patrons = await expectStatus(200, cashier('GET', `/v1/staff/patrons?card=${card}`));
  const path = `/v1/staff/patrons/${patrons.items[0].id}/payments`;
  await expectStatus(201, cashier('POST', path, { lines, means: 'cash', branch: 'main' }));
  return open.text;
}

/** A PDF of one page, as a scanner makes it. */
const scanned = [
  '%PDF-1.4',
  '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
  '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj',
  'trailer<</Root 1 0 R>>',
  '%%EOF',
].join('\n');

/** An article: copied next door, kept back until Emma has paid for it, then hers to fetch. */
export async function haveCopied(place: Place, cast: Cast): Promise<void> {
  const { url, tell } = place;
  const { emma, cashier, librarian } = cast;
  const inge = await signInInge(url);
  const work = {
    title: journal,
    issn: '2750-0012',
    component: 'Cranes before 1900',
    componentAuthor: 'Petersen, Jon',
    year: '2011',
    volume: '14',
    pages: '22-31',
  };
  const wish = { service: 'copy', literature: 'article', work, delivery: 'electronic', limitMinor: 500 };
  const { id } = await askFor(emma, { ...wish, copyright: '2026' });
  tell(`Emma asks for ten pages of the “${journal}”, and accepts what the copyright statement says.`);
  await expectStatus(200, librarian('POST', `/v1/staff/requests/${id}/review`, { decision: 'approve' }));
  const request = await outside(inge, journal);
  const path = `/v1/staff/outside-requests/${request.id}`;
  const { id: documentId } = await expectStatus(201, inge('POST', `${path}/documents`, Buffer.from(scanned)));
  await expectStatus(200, inge('POST', `${path}/shipment`, { documentId, costMinor: 200 }));
  await stateOf(librarian, id, 'held');
  tell('Inge scans them. The file is here, and waits until it is paid for.');

  const paid = await payAll(emma, cashier);
  tell(`Emma pays ${paid} at the desk: for the copy, and for what else there is.`);
  await stateOf(librarian, id, 'available', 'completed');
  const fetched = await expectStatus(200, emma('GET', `/v1/me/requests/${id}/document`));
  expectThat(fetched.bytes > 0, 'the document');
  tell('At once it is released, and she fetches it: for her own study only.');
}
