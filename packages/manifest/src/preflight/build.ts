// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag } from '@latticra/evidence-format';
import type { ImageToolSurvey } from '@latticra/toolchain';
import { nonEffects } from '../fixture/non-effects.js';
import type { ReleaseFixture } from '../fixture/release.js';
import { missingSections } from '../missing.js';
import type { BuildInputs } from './build-inputs.js';
import { futureCommandShapes, leftOutOfRecipe } from './command-shapes.js';
import { availability } from './toolchain.js';

/** Makes the report of what an image build would find, and of the commands that it would run. */
export function buildPreflightDocument(
  manifestPath: string,
  fixture: ReleaseFixture,
  inputs: BuildInputs,
  tools: ImageToolSurvey,
): EvidenceDocument {
  const { readiness } = fixture;
  const { paths, present } = inputs;
  const inputsReady = inputs.missing.length === 0;
  const toolsReady = tools.missingForImage.length === 0;
  // grub-mkrescue starts it for the EFI system partition, and makes nothing without it.
  const missingTools = [...tools.missingForImage, ...(tools.paths.mformat === undefined ? ['mformat'] : [])];
  return {
    title: 'LATTICRA OS IMAGE BUILD PREFLIGHT',
    fields: fields({
      preflight_status: 'ok',
      latticra_os_image_build_preflight_present: flag(readiness.os_image_build_preflight_present),
      preflight_mode: 'no-effect-build-readiness-report',
      preflight_decision: 'blocked-no-build-execution',
      manifest_path: manifestPath,
      input_manifest_path: paths.inputManifest,
      input_manifest_present: flag(present.inputManifest),
      kernel_image_input_path: paths.kernel,
      kernel_image_input_present: flag(present.kernel),
      initramfs_input_path: paths.initramfs,
      initramfs_input_present: flag(present.initramfs),
      rootfs_input_path: paths.rootfs,
      rootfs_input_present: flag(present.rootfs),
      output_dir_path: paths.outputDir,
      output_dir_present: flag(present.outputDir),
      input_bundle_manifest_required: 1,
      input_bundle_manifest_valid: flag(inputs.manifestValid),
      ...availability(tools),
      build_inputs_ready: flag(inputsReady),
      build_toolchain_ready: flag(toolsReady),
      os_image_build_recipe_ready: flag(
        readiness.os_image_build_recipe_contract_present &&
          readiness.os_image_build_recipe_template_present &&
          inputsReady &&
          missingTools.length === 0,
      ),
    }),
    sections: [
      ...missingSections('missing_for_build', [
        ...inputs.missing,
        ...missingTools.map((program) => `${program}: no such program on PATH`),
      ]),
      futureCommandShapes(paths, fixture),
      leftOutOfRecipe(),
      nonEffects(fixture, {
        os_image_build_execution_allowed: flag(readiness.os_image_build_execution_allowed),
        artifact_manifest_written: 0,
      }),
    ],
  };
}
