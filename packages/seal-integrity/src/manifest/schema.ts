// SPDX-License-Identifier: Apache-2.0

/** The identity that a project gives itself. */
export interface ProjectIdentity {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly repository: string;
  readonly license: string;
  readonly description: string | undefined;
}

/** The values of `latticra.seal` in which projects differ: all the rest is fixed, and was checked. */
export interface SealManifest {
  readonly project: ProjectIdentity;
  /** Patterns of what stays out of the scope. */
  readonly exclude: readonly string[];
  /** Paths that have to be there and in the scope. */
  readonly requiredFiles: readonly string[];
  /** Patterns of file names that must not be in the scope. */
  readonly denyFilenames: readonly string[];
  /** Text that must not be in any file, each in parts to be joined, so that the manifest itself does not hold it. */
  readonly denyContents: readonly (readonly string[])[];
  /** The size in MiB over which files are warned of; undefined where the manifest does not say. */
  readonly maxFileSizeMb: 25 | undefined;
}

/** The paths of all files of Seal, from the root. A manifest that declares its outputs elsewhere is refused. */
export const SEAL_FILES = {
  manifest: 'latticra.seal',
  lock: 'latticra.seal.lock',
  report: 'reports/latticra-seal-cli-report.txt',
  hashList: 'reports/latticra-seal-cli-hashes.txt',
  smokeReport: 'reports/latticra-seal-report.txt',
  smokeHashList: 'reports/latticra-seal-file-hashes.txt',
} as const;

/** The folder of the reports. */
export const REPORT_FOLDER = 'reports';
