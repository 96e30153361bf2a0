import { v7 } from 'uuid';
import { StaffRecoveryCode, StaffTotp } from '../../db/entities/index.ts';
import type { StaffMember } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { problem } from '../problem.ts';
import { derivedKey } from './derived-key.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { seal, unseal } from './sealed.ts';
import { lockStaff } from './staff-records.ts';
import { acceptedStep, newTotpSecret } from './totp.ts';

/** How a code was right. */
export type CodeKind = 'totp' | 'recovery';

/** Staff's second factor (A13): one-time codes of a device (RFC 6238), and recovery codes. Instants are epoch milliseconds. */
export interface SecondFactor {
  /** Makes a secret that waits for its first code, in place of any that waited before; it replaces the device in use only when confirmed. */
  readonly begin: (tx: Tx, staffId: string, now: number) => Promise<string>;
  /** Confirms the device that waits by a code of its; false: none waits, or the code is wrong. */
  readonly confirm: (tx: Tx, staffId: string, code: string, now: number) => Promise<boolean>;
  /** Uses up a code. Undefined: it is wrong, or was used before. */
  readonly use: (tx: Tx, staffId: string, code: string, now: number) => Promise<CodeKind | undefined>;
  /** Makes new recovery codes; the old ones no longer work. */
  readonly makeRecoveryCodes: (tx: Tx, staffId: string) => Promise<string[]>;
}

const plain = (code: string) => code.normalize('NFKC').replaceAll(/\s/g, '');

export function createSecondFactor(secret: string): SecondFactor {
  const totpKey = derivedKey(secret, 'totp');
  const recoveryKey = derivedKey(secret, 'recovery-code');

  /** Kept under another secret than this service has now, it opens no more; an administrator resets it. */
  const open = ({ staffId, secret: sealed }: StaffTotp): string => {
    try {
      return unseal(totpKey, staffId, sealed);
    } catch {
      throw problem('second-factor-unreadable');
    }
  };

  const stepOf = (device: StaffTotp, code: string, now: number) =>
    acceptedStep(open(device), code, { now, lastStep: device.lastStep ?? null });

  const useDevice = async (tx: Tx, staffId: string, code: string, now: number): Promise<boolean> => {
    const device = await tx.findOne(StaffTotp, { staffId, confirmedAt: { $ne: null } });
    const step = device ? stepOf(device, code, now) : undefined;
    if (device && step !== undefined) device.lastStep = step;
    return step !== undefined;
  };

  const useRecoveryCode = async (tx: Tx, staffId: string, code: string, now: number): Promise<boolean> => {
    const codeHash = hashRecoveryCode(recoveryKey, staffId, code);
    const unused = { staffId, codeHash, usedAt: null };
    return (await tx.nativeUpdate(StaffRecoveryCode, unused, { usedAt: new Date(now) })) === 1;
  };

  return {
    begin: async (tx, staffId, now) => {
      await lockStaff(tx, staffId);
      await tx.nativeDelete(StaffTotp, { staffId, confirmedAt: null });
      const made = newTotpSecret();
      const sealed = seal(totpKey, staffId, made);
      tx.create(StaffTotp, { id: v7(), staffId, secret: sealed, createdAt: new Date(now) });
      return made;
    },
    confirm: async (tx, staffId, code, now) => {
      await lockStaff(tx, staffId);
      const device = await tx.findOne(StaffTotp, { staffId, confirmedAt: null });
      const step = device ? stepOf(device, plain(code), now) : undefined;
      if (!device || step === undefined) return false;
      await tx.nativeDelete(StaffTotp, { staffId, confirmedAt: { $ne: null } });
      device.confirmedAt = new Date(now);
      device.lastStep = step;
      return true;
    },
    use: async (tx, staffId, given, now) => {
      await lockStaff(tx, staffId);
      const code = plain(given);
      if (/^\d{6}$/.test(code)) return (await useDevice(tx, staffId, code, now)) ? 'totp' : undefined;
      return (await useRecoveryCode(tx, staffId, code, now)) ? 'recovery' : undefined;
    },
    makeRecoveryCodes: async (tx, staffId) => {
      await tx.nativeDelete(StaffRecoveryCode, { staffId });
      const made = newRecoveryCodes();
      for (const code of made)
        tx.create(StaffRecoveryCode, { staffId, codeHash: hashRecoveryCode(recoveryKey, staffId, code) });
      return made;
    },
  };
}

/** Forgets device and recovery codes; needs no secret, so that it also helps when the secret they were kept under is gone. */
export async function forgetSecondFactor(tx: Tx, staffId: string): Promise<void> {
  await lockStaff(tx, staffId);
  await tx.nativeDelete(StaffRecoveryCode, { staffId });
  await tx.nativeDelete(StaffTotp, { staffId });
}

/** Where a member of staff stands with the second factor. */
export interface SecondFactorState {
  readonly confirmedAt: Date | null;
  readonly recoveryCodesLeft: number;
}

export async function secondFactorOf(tx: Tx, { id }: Pick<StaffMember, 'id'>): Promise<SecondFactorState> {
  const device = await tx.findOne(StaffTotp, { staffId: id, confirmedAt: { $ne: null } });
  const recoveryCodesLeft = await tx.count(StaffRecoveryCode, { staffId: id, usedAt: null });
  return { confirmedAt: device?.confirmedAt ?? null, recoveryCodesLeft };
}
