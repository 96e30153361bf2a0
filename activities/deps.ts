import type { MikroORM } from '@mikro-orm/postgresql';
import type { Policies } from '../config/policies.ts';
import type { Process } from '../domain/processes.ts';
import type { Standing } from '../domain/standing.ts';
import type { Printer } from '../documents/printer.ts';
import type { Texts } from '../notices/texts.ts';
import type { Post } from '../peers/post.ts';
import type { Uploads } from '../uploads/intake.ts';
import type { MailGateway } from './gateways/mail.ts';
import type { Gateways } from './gateways/payment-gateway.ts';

/** What activities are made of; nothing else reaches them. */
export interface ActivityDeps {
  readonly orm: MikroORM;
  readonly policies: Policies;
  readonly texts: Texts;
  readonly printer: Printer;
  readonly mail: MailGateway;
  readonly gateways: Gateways;
  /** Sends messages to other agencies. */
  readonly post: Post;
  readonly engine: Engine;
  /** Looks at what is fetched from suppliers (I14); without it files are told by their bytes only. */
  readonly uploads?: Pick<Uploads, 'keep'>;
  /** Key material from which a password link's secret is derived. */
  readonly secret: string;
  /** Where readers reach the portal; links in mails begin with it. */
  readonly publicUrl: string;
}

/** Where processes stand, by their workflow ids. */
export type Standings = Readonly<Record<string, Standing>>;

/** By how much the engine's list of processes may lag behind; otherwise it is a second or two. */
export const listedAfterMs = 30_000;

/** What activities ask of the workflow engine. */
export interface Engine {
  /**
   * Tells open processes that their rows have changed; one that has ended, or was never started, is passed over. A process whose standing is told need not look at
   * its row.
   */
  readonly wake: (workflowIds: readonly string[], standings?: Standings) => Promise<void>;
  /**
   * Tells those of many that are open, asking for the list of them first, so that the others cost nothing. For processes that are older than `listedAfterMs`: one that the
   * list does not name yet is passed over, and left to the sweep.
   */
  readonly wakeListed: (workflowIds: readonly string[]) => Promise<void>;
  /** Like `wake`, for processes that may have ended, or never begun, and have something to do now: they are begun anew where they are not open. */
  readonly rouse: (processes: readonly Roused[]) => Promise<void>;
  /** Of the workflow ids given, those with an open run. */
  readonly open: (workflowIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Starts a process again that has a row but no open run; it goes on from its row. */
  readonly restart: (process: Restart) => Promise<void>;
  /** Ids of the open workflows of a process, in pages. */
  readonly listOpen: (process: Process) => AsyncIterable<readonly string[]>;
}

/** A process to rouse: a request, an outside request, a line to another agency, the hold of a thing that another library has lent. Its row, or the message that it begins with, is committed. */
export interface Roused {
  readonly process: 'ill' | 'supply' | 'peer' | 'hold';
  readonly id: string;
  readonly library: string;
  /** Only of a request, and of one for nobody who has a card null. */
  readonly patronId?: string | null | undefined;
  /** Where it stands, if that is known: it need not look then. */
  readonly standing?: Standing;
}

/** A process to start again, with what its search attributes show. */
export interface Restart {
  readonly process: Process;
  readonly id: string;
  readonly library: string;
  /** Null while it is about nobody who has a card. */
  readonly patronId: string | null;
  readonly state: string;
}
