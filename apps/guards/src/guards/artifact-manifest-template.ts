// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';
import { COMPLETE, FROM_FILES, putRelease } from '../release.js';

const LANE = 'latticra-os-image-artifact-manifest-template';

export const artifactManifestTemplate: Guard = {
  name: 'latticra_os_image_artifact_manifest_template',
  summary: 'the template lists the fields that a real manifest has, and writes none',
  async check(drive) {
    const template = await drive.accepts(LANE);
    expectFields(template, {
      template_status: 'ok',
      template_mode: 'no-effect-template',
      template_decision: 'blocked-template-only-no-artifact-write',
      artifact_manifest_written: 0,
      artifact_manifest_candidate_present: 0,
      artifact_manifest_ready_for_operator_review: 0,
    });
    const section = template.document.sections.find(({ name }) => name === 'required_future_manifest');
    const listed = section?.fields.map(({ key }) => key) ?? [];
    putRelease(drive);
    const real = (await drive.accepts(FROM_FILES, ...COMPLETE)).document.fields.map(({ key }) => key);
    if (listed.join() !== ['header', ...real].join()) {
      throw new GuardFailure(`${LANE}: lists ${listed.join(', ')}, a manifest has ${real.join(', ')}`);
    }
    await drive.refuses(LANE, ['--artifact-manifest', 'x'], 64, /unknown flag --artifact-manifest/);
  },
};
