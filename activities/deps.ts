import type { MikroORM } from '@mikro-orm/postgresql';
import type { Policies } from '../config/policies.ts';
import type { Process } from '../domain/processes.ts';
import type { Standing } from '../domain/standing.ts';
import type { Texts } from '../notices/texts.ts';
import type { MailGateway } from './gateways/mail.ts';
import type { Gateways } from './gateways/payment-gateway.ts';

/** What activities are made of; nothing else reaches them. */
export interface ActivityDeps {
  readonly orm: MikroORM;
  readonly policies: Policies;
  readonly texts: Texts;
  readonly mail: MailGateway;
  readonly gateways: Gateways;
  readonly engine: Engine;
  /** Key material from which a password link's secret is derived. */
  readonly secret: string;
  /** Where readers reach the portal; links in mails begin with it. */
  readonly publicUrl: string;
}

/** Where processes stand, by their workflow ids. */
export type Standings = Readonly<Record<string, Standing>>;

/** What activities ask of the workflow engine. */
export interface Engine {
  /**
   * Tells open processes that their rows have changed; one that has ended, or was never started, is passed over. A process whose standing is told need not look at
   * its row.
   */
  readonly wake: (workflowIds: readonly string[], standings?: Standings) => Promise<void>;
  /** Of the workflow ids given, those with an open run. */
  readonly open: (workflowIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Starts a process again that has a row but no open run; it goes on from its row. */
  readonly restart: (process: Restart) => Promise<void>;
  /** Ids of the open workflows of a process, in pages. */
  readonly listOpen: (process: Process) => AsyncIterable<readonly string[]>;
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
