import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import type { Gateways } from '../activities/gateways/payment-gateway.ts';
import type { ApiConfig } from '../config/config.ts';
import type { PeerKeys } from '../config/peer-keys.ts';
import type { Policies } from '../config/policies.ts';
import type { Printer } from '../documents/printer.ts';
import type { Texts } from '../notices/texts.ts';
import type { Uploads } from '../uploads/intake.ts';
import type { Commands } from './commands-port.ts';
import type { Processes } from './processes-port.ts';

/** What the API is made of; nothing else reaches it. */
export interface ApiDeps {
  readonly orm: MikroORM;
  readonly policies: Policies;
  readonly texts: Texts;
  readonly printer: Printer;
  readonly commands: Commands;
  readonly processes: Processes;
  /** What readers upload goes through it. */
  readonly uploads: Uploads;
  /** What agencies prove themselves with, by `library/peer`. */
  readonly peerKeys: ReadonlyMap<string, PeerKeys>;
  /** For verifying what gateways tell; what they say of money, only activities ask. */
  readonly gateways: Gateways;
  /** Epoch milliseconds; the API asks no other clock. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly config: ApiSettings;
}

/** The part of the configuration that routes need. */
export type ApiSettings = Pick<ApiConfig, 'secret' | 'publicUrl' | 'trustProxy' | 'environment'> &
  Partial<Pick<ApiConfig, 'temporalUiUrl' | 'peerCertificateHeader' | 'oidcSecrets' | 'members'>>;
