// SPDX-License-Identifier: Apache-2.0
import { type Measurement, measureOpen, pathOf } from '@latticra/held-files';
import { checkRecovery, type RecoveryOutcome } from '../artifact/recovery.js';
import { assertDigest } from '../digest.js';
import { type InspectInput, inspectFile, requireContent } from '../inspected.js';
import { type PlaceOptions, placeOf } from '../place.js';
import { type LookedInto, REQUIRE_INPUT } from './content.js';
import type { LoadedInputBundle } from './load.js';
import type { MeasureInput } from './measure.js';
import { checkRootfs } from './rootfs.js';
import type { InputRecord, RootfsRecord } from './schema.js';

/** An input that was measured again and found as recorded. */
export interface VerifiedInput<Record extends InputRecord = InputRecord> {
  readonly record: Record;
  /** Absolute path of what was measured. */
  readonly resolvedPath: string;
  readonly measurement: Measurement;
}

/** An input bundle whose every statement was checked. */
export interface InputBundleValidation extends RecoveryOutcome {
  readonly loaded: LoadedInputBundle;
  readonly kernel: VerifiedInput;
  readonly initramfs: VerifiedInput;
  readonly rootfs: VerifiedInput<RootfsRecord> & {
    /** How many files, folders, links and devices it holds. */
    readonly members: number;
  };
}

/** Where inputs may lie, and how they are measured. */
export interface InputBundleValidateOptions extends PlaceOptions {
  /** `measureOpen` unless given. */
  readonly measure?: MeasureInput;
  /** `inspectFile` unless given. */
  readonly inspect?: InspectInput;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures everything that an input bundle manifest names, each file once, and compares it with what it says.
 * @throws ManifestError `mismatch`; `format` for a file that is something else; `archive` for the root file system; `outside`
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 */
export async function validateInputBundle(
  loaded: LoadedInputBundle,
  { measure = measureOpen, inspect = inspectFile, signal, ...places }: InputBundleValidateOptions = {},
): Promise<InputBundleValidation> {
  const { folder, manifest } = loaded;
  const recovery = await checkRecovery(manifest.operatorRecoveryPath, folder, places);
  const check = async (input: LookedInto): Promise<VerifiedInput> => {
    const record: InputRecord = manifest[input];
    const place = placeOf(folder, record.path, places);
    const resolvedPath = pathOf(place);
    const { measurement, inspection } = await inspect(place, { signal });
    assertDigest(resolvedPath, record.sha256, measurement);
    requireContent(resolvedPath, inspection, REQUIRE_INPUT[input]);
    return { record, resolvedPath, measurement };
  };
  const kernel = await check('kernel');
  const initramfs = await check('initramfs');
  const record = manifest.rootfs;
  const place = placeOf(folder, record.path, places);
  const resolvedPath = pathOf(place);
  const { measurement, members } = await checkRootfs(place, record.format, measure, signal);
  assertDigest(resolvedPath, record.sha256, measurement);
  return { loaded, kernel, initramfs, rootfs: { record, resolvedPath, measurement, members }, ...recovery };
}
