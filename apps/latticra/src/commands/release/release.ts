// SPDX-License-Identifier: Apache-2.0
import type { RecordedSource } from '@latticra/evidence-format/define';
import type { KeptMeasurements } from '@latticra/held-files';
import type { Progress } from '@latticra/lane';
import type { TakenImages } from '@latticra/operator-bundle';
import type { MeasuredRoot } from '@latticra/sbom/root';
import type { ReleaseImage } from './images.js';
import type { ReleaseRequest } from './request.js';
import type { ReleaseRun } from './run.js';

/** What every step of a release is given. */
export interface Release {
  readonly request: ReleaseRequest;
  readonly run: ReleaseRun;
  readonly images: readonly ReleaseImage[];
  /** The images as they were taken for the bundle, if they were. */
  readonly taken: TakenImages | undefined;
  /** What was measured of the files in its folder in this run. */
  readonly kept: KeptMeasurements;
  /** Of the root file system, where one is named. */
  readonly root: MeasuredRoot | undefined;
  /** The runbook: as it was named, or the one that was written into the folder; with its digest. */
  readonly recovery: { readonly path: string; readonly sha256: string };
  readonly source: RecordedSource;
  readonly buildEnvironment: string;
  readonly epoch: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly manifestPath: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Shows what a program that signs has to say to the person at the terminal. */
  readonly tell: (text: string) => void;
}

/** The names of the files that a release leaves, relative to its folder. */
export const RELEASE_FILE = {
  recovery: 'recovery.md',
  sbom: 'sbom.spdx.json',
  signatures: 'signatures',
  manifest: 'manifest.txt',
  boots: 'boots',
  validation: 'artifact-manifest-validation.txt',
  bundle: 'operator-bundle',
  page: 'report.html',
} as const;
