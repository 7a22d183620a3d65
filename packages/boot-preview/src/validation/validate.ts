// SPDX-License-Identifier: Apache-2.0
import type { SignerPolicy } from '@latticra/signature';
import { refusal } from '../error.js';
import { type HeldEvidence, holdEvidence, type LoadedEvidence } from '../evidence/load.js';
import { holdPlace } from '../files/inside.js';
import type { ProfileName } from '../profile.js';
import { checkArgv } from './argv.js';
import { checkConsent } from './consent.js';
import { checkExpected } from './expected.js';
import { checkFirmware } from './firmware.js';
import { checkFixture } from './fixture.js';
import { checkBuildId, checkLog } from './log.js';
import { checkMachine } from './machine.js';
import { checkManifest } from './manifest.js';
import { checkReports } from './reports.js';
import { checkScreen } from './screen.js';

/** A record whose every statement was checked again. */
export interface ValidatedEvidence {
  readonly record: LoadedEvidence;
  /** What cannot be verified on this machine, one line each; with any, the record does not count as complete. */
  readonly unverifiable: readonly string[];
}

/** The validated records, at most one for each profile. */
export type EvidenceValidation = ReadonlyMap<ProfileName, ValidatedEvidence>;

export interface EvidenceValidationOptions {
  readonly cwd: string;
  /** Receives the number of bytes of the images that each step has read. */
  readonly onBytes?: (count: number) => void;
  /** Whose signatures count: every record has to have one of theirs then. */
  readonly signers?: SignerPolicy | undefined;
}

/**
 * Validates records of boots, of different profiles. Nothing in a record is believed: every file is measured, kernel and
 * configuration are read out of the image, and log, argv, consent and firmware are compared with what follows from it.
 * @throws BootPreviewError with the code of the first thing that does not hold; HeldFileError, ManifestError
 */
export async function validateEvidence(
  paths: readonly string[],
  options: EvidenceValidationOptions,
): Promise<EvidenceValidation> {
  const validated = new Map<ProfileName, ValidatedEvidence>();
  for (const path of paths) {
    await holdEvidence(path, options, async (held) => {
      const { name } = held.evidence.profile;
      const earlier = validated.get(name);
      if (earlier !== undefined) {
        throw refusal(
          'doubled-profile',
          path,
          'profile',
          `${earlier.record.path} is a record of ${name} too`,
          {
            fix: 'give one record for each profile',
          },
        );
      }
      const record = { ...held, folder: held.folder.path };
      validated.set(name, { record, unverifiable: await validateHeld(held, options) });
    });
  }
  return validated;
}

/**
 * Validates one record that is about to be written.
 * @returns what cannot be verified on this machine, one line each
 * @throws as {@link validateEvidence}
 */
export function validateRecord(
  record: LoadedEvidence,
  options: Pick<EvidenceValidationOptions, 'onBytes'> = {},
): Promise<string[]> {
  return holdPlace(record, ({ folder }) => validateHeld({ ...record, folder }, options));
}

async function validateHeld(
  record: HeldEvidence,
  { onBytes }: Pick<EvidenceValidationOptions, 'onBytes'>,
): Promise<string[]> {
  await checkFixture(record);
  const artifacts = await checkManifest(record, onBytes === undefined ? {} : { onBytes });
  const { buildId } = artifacts;
  await checkConsent(record);
  checkBuildId(record, buildId);
  const { serialLog: log } = record.evidence.files;
  await checkLog(record, { field: 'serial_console_boot_log', log, hasEnd: true }, buildId);
  checkExpected(record, artifacts);
  await checkArgv(record);
  checkMachine(record);
  await checkReports(record);
  await checkScreen(record, buildId);
  return checkFirmware(record);
}
