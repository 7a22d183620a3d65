// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, type FieldValues, fields, flag } from '@latticra/evidence-format';
import { IMAGE_TOOLS, type ImageTool, type ImageToolSurvey } from '@latticra/toolchain';
import { nonEffects } from '../fixture/non-effects.js';
import type { ReleaseFixture } from '../fixture/release.js';

/** The tools that every build machine has: the report says whether they are there, and not where. */
const UTILITIES: readonly ImageTool[] = ['tar', 'gzip', 'cpio', 'awk', 'sed', 'find', 'sha256_tool'];

const TOOLS = (Object.keys(IMAGE_TOOLS) as ImageTool[]).filter((tool) => !UTILITIES.includes(tool));

/** Returns the field `<tool>_available` of each tool: 1 where it is on PATH. */
export function availability(
  { paths }: ImageToolSurvey,
  tools: readonly ImageTool[] = [...TOOLS, ...UTILITIES],
): FieldValues {
  return Object.fromEntries(tools.map((tool) => [`${tool}_available`, flag(paths[tool] !== undefined)]));
}

/** Makes the report of which tools and which firmware can be seen on this machine. */
export function toolchainPreflightDocument(
  manifestPath: string,
  fixture: ReleaseFixture,
  survey: ImageToolSurvey,
): EvidenceDocument {
  const placed = TOOLS.map((tool) => ({
    ...availability(survey, [tool]),
    [`${tool}_path`]: survey.paths[tool] ?? 'missing',
  }));
  return {
    title: 'LATTICRA OS IMAGE TOOLCHAIN PREFLIGHT',
    fields: fields({
      preflight_status: 'ok',
      latticra_os_image_toolchain_preflight_present: flag(
        fixture.readiness.os_image_toolchain_preflight_present,
      ),
      preflight_mode: 'no-effect-tool-visibility-report',
      preflight_decision: 'toolchain-readiness-report-no-install',
      manifest_path: manifestPath,
      ...Object.assign({}, ...placed),
      ...availability(survey, UTILITIES),
      ovmf_firmware_path: survey.ovmf ?? 'missing',
      seabios_firmware_path: survey.seaBios ?? 'missing',
      // The seed's own assembler and image writers are part of this project.
      embedded_toolchain_ready: 1,
      grub_toolchain_ready: flag(survey.missingForGrub.length === 0),
      os_image_toolchain_ready: flag(survey.missingForImage.length === 0),
    }),
    sections: [nonEffects(fixture)],
  };
}
