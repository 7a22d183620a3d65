// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag } from '@latticra/evidence-format';
import { nonEffects } from '../fixture/non-effects.js';
import type { ReleaseFixture } from '../fixture/release.js';
import { artifactManifest } from './schema.js';

/** Makes the report that shows what an artifact manifest has to say, and writes none. */
export function artifactManifestTemplateDocument(
  manifestPath: string,
  fixture: ReleaseFixture,
): EvidenceDocument {
  const { readiness } = fixture;
  return {
    title: 'LATTICRA OS IMAGE ARTIFACT MANIFEST TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_artifact_manifest_template_present: flag(
        readiness.os_image_artifact_manifest_template_present,
      ),
      template_mode: 'no-effect-template',
      template_decision: 'blocked-template-only-no-artifact-write',
      manifest_path: manifestPath,
      artifact_manifest_written: 0,
      artifact_manifest_candidate_present: flag(readiness.os_image_artifact_manifest_candidate_present),
      artifact_manifest_ready_for_operator_review: 0,
    }),
    sections: [
      {
        name: 'required_future_manifest',
        fields: [{ key: 'header', value: artifactManifest.title }, ...artifactManifest.template()],
      },
      nonEffects(fixture),
    ],
  };
}
