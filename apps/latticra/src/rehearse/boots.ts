// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { bootCase, imageCase, isAsExpected } from '@latticra/boot-cases';
import { findProgram, firmwareRoots, requireSeaBios } from '@latticra/toolchain';
import { NOTHING_EXPECTED, type SystemExpectation } from '@latticra/vm-run';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';

const QEMU = 'qemu-system-x86_64';

/** An image that is booted for a record, and what it has to show. */
export interface RecordedBoot {
  readonly name: 'iso' | 'qcow2';
  /** Absolute. */
  readonly path: string;
  readonly expected: Partial<SystemExpectation>;
  readonly memoryMib: number;
  readonly timeoutMs: number;
}

/** Returns why no boot can be recorded here; undefined where one can. @throws ToolchainError where QEMU was asked for and SeaBIOS is missing */
export function bootProblem({ emulator, env }: Pick<Rehearsal, 'emulator' | 'env'>): string | undefined {
  if (emulator === 'v86') return 'a record is one of QEMU, and --emulator v86 was asked for';
  if (emulator === 'auto' && findProgram(QEMU, env) === undefined)
    return `a record is one of QEMU, and ${QEMU} is not on PATH`;
  requireSeaBios(firmwareRoots(env));
  return undefined;
}

/** Boots an image by SeaBIOS in QEMU, and keeps a record of it among the evidence, signed by the machine where it has a key. Returns its path. */
export function recordBoot(
  { account, at, env, signal }: Rehearsal,
  { name, path, expected, memoryMib, timeoutMs }: RecordedBoot,
  { machine }: Pick<Parties, 'machine'>,
): Promise<string> {
  const which = imageCase({
    path,
    format: name,
    expected: { ...NOTHING_EXPECTED, ...expected },
    memoryMib,
    timeoutMs,
  });
  const folder = join(PROMOTION_FILE.boots, which.name);
  return account.step(`boot of the ${name}`, `${folder}/`, async () => {
    const options = { outputDir: at(PROMOTION_FILE.boots), env, signal, signer: machine?.signer };
    const { record, verdict } = await bootCase(which, options);
    if (!isAsExpected(record, verdict)) {
      throw new RehearsalError(
        'not-held',
        `the ${name} did not boot: ${verdict.reason ?? verdict.outcome}`,
        `look into ${at(folder)}`,
      );
    }
    const { machineResolved } = record;
    const signed = machine === undefined ? 'not signed' : 'signed by this machine';
    return { value: join(at(folder), 'record.txt'), result: `${machineResolved}, ${signed}` };
  });
}
