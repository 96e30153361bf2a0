import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../dev/ports.ts';
import { type IllGiven, illPolicyFile, peerKeysText } from '../support/ill-policy.ts';
import { type Rig, startRig } from './rig.ts';

/** Two agencies that ask each other, each a rig of its own: nothing is shared, neither database nor engine. */
export interface IllRig {
  readonly asker: Rig;
  readonly owner: Rig;
  readonly stop: (keepFolders: boolean) => Promise<void>;
}

const names = ['asker', 'owner'] as const;

/** @param ill of both libraries' policies for interlibrary loan, what is not as it always is */
export async function startIllRig(say: (text: string) => void, ill: IllGiven): Promise<IllRig> {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-faults-ill-'));
  const ports = { asker: await freePort(), owner: await freePort() };
  const start = async (name: (typeof names)[number]) => {
    const other = name === 'asker' ? 'owner' : 'asker';
    const neighbours = [{ name: other, url: `http://127.0.0.1:${ports[other]}`, edition: '2021' as const }];
    const policies = join(folder, name);
    await mkdir(policies);
    await writeFile(join(policies, 'demo.yaml'), stringify(illPolicyFile(name, neighbours, ill)));
    const env = { CARREL_POLICIES: policies, CARREL_PEERS: peerKeysText(name, neighbours) };
    return startRig(say, { name, apiPort: ports[name], env });
  };
  const asker = await start('asker');
  const owner = await start('owner').catch(async (error: unknown) => {
    await asker.stop(true);
    throw error;
  });
  return {
    asker,
    owner,
    stop: async (keepFolders) => {
      await Promise.all([asker.stop(keepFolders), owner.stop(keepFolders)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
