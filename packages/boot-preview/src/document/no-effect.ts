// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  type FieldValues,
  fields,
  formatDigest,
  type Section,
} from '@latticra/evidence-format';
import type { BootPreviewFixture } from '@latticra/manifest';
import { nonEffects } from './non-effects.js';
import { profileSections } from './profiles.js';

/** The fixture that a lane was guarded by; what a lane's `run` gets has it. */
export interface Guarded {
  /** As `manifest_path` shows it. */
  readonly manifestPath: string;
  /** 64 hexadecimal digits of its bytes. */
  readonly manifestSha256: string;
  readonly fixture: BootPreviewFixture;
}

/** What one report of a lane without effects has of its own. */
export interface NoEffectReport {
  readonly title: string;
  readonly values: FieldValues;
  /** What would be required, or is missing. */
  readonly required: Section;
  /** Profile by profile, where there is more to say than the fixture does; else `profileSections`. */
  readonly profiles?: readonly Section[];
}

/** A report that ends, as all of these do, with the fixture it was made beside, the profiles and the non-effects. */
export function noEffectDocument(guarded: Guarded, report: NoEffectReport): EvidenceDocument {
  const { manifestPath, manifestSha256, fixture } = guarded;
  return {
    title: report.title,
    fields: fields({
      ...report.values,
      manifest_path: manifestPath,
      manifest_measurement: formatDigest(manifestSha256),
    }),
    sections: [...(report.profiles ?? profileSections(fixture)), report.required, nonEffects(fixture)],
  };
}

/** A section that gives every key the same value: what is to stand there, or that it does not. */
export function uniformSection(name: string, keys: readonly string[], value: string): Section {
  return { name, fields: fields(Object.fromEntries(keys.map((key) => [key, value]))) };
}
