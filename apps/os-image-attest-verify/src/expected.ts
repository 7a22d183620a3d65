// SPDX-License-Identifier: Apache-2.0
import { basename, resolve } from 'node:path';
import { type AttestationPolicy, externalParameters } from '@latticra/attestation';
import { recordedSeedBuild, seedBuildRecord } from '@latticra/boot-seed';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import { buildRecord, recordedBuild } from '@latticra/linux-release';

/** The flags that say which build is expected. */
export interface BuildFlags {
  readonly 'build-record': string | undefined;
  readonly 'build-type': string | undefined;
  readonly 'expect-parameter': readonly string[];
}

/**
 * Returns the build that a provenance is expected to be of; undefined where nobody said.
 * @throws LaneError `usage`; EvidenceError for a file that is no record of a build; HeldFileError
 */
export async function expectedBuild(flags: BuildFlags, cwd: string): Promise<AttestationPolicy['build']> {
  const { 'build-record': path, 'build-type': buildType, 'expect-parameter': given } = flags;
  if (path !== undefined && (buildType !== undefined || given.length > 0)) {
    throw new LaneError('usage', '--build-record says type and parameters: leave the flags for them out');
  }
  if (path !== undefined) return buildIn(path, cwd);
  if (buildType === undefined) {
    if (given.length === 0) return undefined;
    throw new LaneError('usage', '--expect-parameter: goes with --build-type');
  }
  const parameters = given.map((text): [string, string] => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === '')
      throw new LaneError('usage', `--expect-parameter: expected name=value, found ${JSON.stringify(text)}`);
    return [name, value];
  });
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    throw new LaneError('usage', '--expect-parameter: one name is given twice');
  }
  return { buildType, parameters: Object.fromEntries(parameters) };
}

async function buildIn(path: string, cwd: string): Promise<AttestationPolicy['build']> {
  const { bytes, sha256 } = await readStableFile(resolve(cwd, path), { maxBytes: MAX_DOCUMENT_BYTES });
  const file = { name: basename(path), sha256 };
  const isSeed = Buffer.from(bytes).toString('latin1').startsWith(`${seedBuildRecord.title}\n`);
  try {
    const build = isSeed
      ? recordedSeedBuild(seedBuildRecord.parse(bytes), file)
      : recordedBuild(buildRecord.parse(bytes), file);
    return { buildType: build.buildType, parameters: externalParameters(build) };
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new EvidenceError(cause.code, `${path}: ${cause.message}`, {});
  }
}
