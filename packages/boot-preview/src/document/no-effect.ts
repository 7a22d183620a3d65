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

/** The fixture that a lane was guarded by, as its `run` is given it. */
export interface Guarded {
  /** As `manifest_path` shows it. */
  readonly manifestPath: string;
  /** 64 hexadecimal digits of its bytes. */
  readonly manifestSha256: string;
  readonly fixture: BootPreviewFixture;
}

/** The parts in which the reports of lanes without effects differ. */
export interface NoEffectReport {
  readonly title: string;
  readonly values: FieldValues;
  /** The section of what would be required, or is missing. */
  readonly required: Section;
  /** The sections of the profiles; those that `profileSections` makes of the fixture unless given. */
  readonly profiles?: readonly Section[];
}

/** Makes a report that ends, as all of these do, with the path of its fixture, the profiles and the non-effects. */
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

/** Makes a section in which every key has the same value, such as `missing`. */
export function uniformSection(name: string, keys: readonly string[], value: string): Section {
  return { name, fields: fields(Object.fromEntries(keys.map((key) => [key, value]))) };
}
