import { connect, type Socket } from 'node:net';
import type { ClamdAddress } from '../config/values.ts';

/** What a scanner says of a file. `unavailable`: nothing, or nothing that is understood. */
export type ScanVerdict = 'clean' | 'infected' | 'unavailable';

/** Looks for viruses in what is uploaded, before anything else reads it. */
export interface Scanner {
  readonly scan: (bytes: Buffer) => Promise<ScanVerdict>;
}

const pieceSize = 64 * 1024;
/** Longer than any answer of the daemon; whoever sends more is none. */
const longestAnswer = 1000;

/** The pieces of an INSTREAM command: each after its length in four bytes, the last one empty. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  yield Buffer.from('zINSTREAM\0');
  for (let at = 0; at <= bytes.length; at += pieceSize) {
    const piece = bytes.subarray(at, at + pieceSize);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    yield length;
    if (piece.length === 0) return;
    yield piece;
  }
  yield Buffer.alloc(4);
}

function verdictOf(answer: string): ScanVerdict {
  if (answer === 'stream: OK') return 'clean';
  return /^stream: .+ FOUND$/su.test(answer) ? 'infected' : 'unavailable';
}

/** Asks a ClamAV daemon over TCP (its INSTREAM command). It has `timeoutMs` for the whole conversation. */
export function createClamd({ host, port }: ClamdAddress, timeoutMs = 15_000): Scanner {
  return {
    scan: (bytes) =>
      new Promise((resolve) => {
        const socket: Socket = connect({ host, port });
        let answer = '';
        const end = (verdict: ScanVerdict) => {
          clearTimeout(timer);
          socket.destroy();
          resolve(verdict);
        };
        const timer = setTimeout(end, timeoutMs, 'unavailable');
        socket.setEncoding('latin1');
        socket.on('connect', () => {
          for (const piece of pieces(bytes)) socket.write(piece);
        });
        socket.on('data', (part: string) => {
          answer += part;
          if (answer.includes('\0') || answer.length > longestAnswer)
            end(verdictOf(answer.slice(0, Math.max(answer.indexOf('\0'), 0))));
        });
        socket.on('error', () => end('unavailable'));
        socket.on('close', () => end('unavailable'));
      }),
  };
}

/** For an installation without a scanner: files are only drawn anew. */
export const noScanner: Scanner = { scan: async () => 'clean' };
