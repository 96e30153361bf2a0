import { v5 } from 'uuid';

/** The name space of the ids of lines and of others' requests; it must never change. */
const nameSpace = '5d0f5c1e-6d1b-5a53-9c5e-0a8c0c3f6b18';

/** The id of another library's request to us, known before there is a row of it: it is keyed by the requester and the requester's own id of it, never by that id alone. */
export function supplyIdOf(library: string, peer: string, requestRef: string): string {
  return v5(`supply/${library}/${peer}/${requestRef}`, nameSpace);
}

/** The id of the line to another agency, and of its process `peer:<id>`. */
export function peerIdOf(library: string, peer: string): string {
  return v5(`peer/${library}/${peer}`, nameSpace);
}
