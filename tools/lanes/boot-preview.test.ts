// SPDX-License-Identifier: Apache-2.0
/** The boot-preview lanes that report on the fixture alone: what each says of it, and that it leaves nothing behind. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lane as manifestTemplate } from '../../apps/seabios-grub-boot-preview-boot-artifact-manifest-template/src/lane.js';
import { lane as manifestValidate } from '../../apps/seabios-grub-boot-preview-boot-artifact-manifest-validate/src/lane.js';
import { lane as evidenceTemplate } from '../../apps/seabios-grub-boot-preview-evidence-template/src/lane.js';
import { lane as evidenceValidate } from '../../apps/seabios-grub-boot-preview-evidence-validate/src/lane.js';
import { lane as argvTemplate } from '../../apps/seabios-grub-boot-preview-qemu-argv-template/src/lane.js';
import shipped from '../../installer/manifests/seabios-grub-boot-preview.toml';
import type { Lane } from '../../packages/lane/src/index.js';
import { documentValues, tryLane } from '../testing/lane.js';

/** A lane beside no file at all. */
interface Report {
  readonly lane: Lane;
  readonly title: string;
  /** A value of its own, beside those that all of them have. */
  readonly own: Readonly<Record<string, string>>;
  /** The section of what is needed, the last but one. */
  readonly section: string;
  /** The first line of that. */
  readonly need: string;
}

const REPORTS: readonly Report[] = [
  {
    lane: manifestTemplate,
    title: 'SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST TEMPLATE',
    own: { disk_image_created: '0' },
    section: 'required_future_manifest_fields',
    need: 'artifact_id=<required-before-boot-artifact>',
  },
  {
    lane: manifestValidate,
    title: 'SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST VALIDATION',
    own: { boot_artifact_manifest_candidate_ready: '0' },
    section: 'missing_required_future_fields',
    need: 'artifact_id=missing',
  },
  {
    lane: argvTemplate,
    title: 'SEABIOS GRUB BOOT PREVIEW QEMU ARGV TEMPLATE',
    own: { qemu_run_performed: '0' },
    section: 'required_future_inputs',
    need: 'operator_review_id=<required-before-qemu-execution>',
  },
  {
    lane: evidenceTemplate,
    title: 'SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE TEMPLATE',
    own: { capture_template_mode: 'no-effect-template' },
    section: 'required_future_bundle_fields',
    need: 'operator_review_id=<required-before-boot-evidence>',
  },
  {
    lane: evidenceValidate,
    title: 'SEABIOS GRUB BOOT PREVIEW EVIDENCE VALIDATION',
    own: { boot_evidence_candidate_ready: '0' },
    section: 'missing_required_future_evidence',
    need: 'operator_review_id=missing',
  },
];

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-preview-lanes-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe.each(REPORTS)('$lane.bin', ({ lane, title, own, section, need }) => {
  it('the lane says what is needed, as text and as JSON, and writes nothing', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith(`${title}\n`)).toBe(true);
    expect(stdout).toContain(`\n[${section}]\n${need}\n`);
    expect(documentValues(stdout)).toMatchObject({ ...own, bootable_os_ready: '0' });
    const { sections } = JSON.parse((await tryLane(lane, ['--json'], { cwd })).stdout);
    expect(Object.keys(sections).slice(-2)).toEqual([section, 'non_effects']);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('the lane measures the fixture that it read, not the one that ships', async () => {
    const text = `# reviewed today\n${shipped}`;
    await writeFile(join(cwd, 'own.toml'), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const { stdout } = await tryLane(lane, ['--manifest', 'own.toml'], { cwd });
    expect(documentValues(stdout)).toMatchObject({
      manifest_path: 'own.toml',
      manifest_measurement: `sha256:${sha256}`,
    });
  });
});
