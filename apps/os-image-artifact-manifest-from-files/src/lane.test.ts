// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, sha256Of } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'from-files-'));
  await writeFile(join(cwd, "my 'image', v1.iso"), BOOT_ISO);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });

describe(lane.bin, () => {
  it('the manifest records what is there, relative to where it will lie', async () => {
    const { status, stdout } = await run(
      '--iso',
      "my 'image', v1.iso",
      '--relative-to',
      'out',
      '--iso-signature',
      'unsigned-local',
    );
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      artifact_version: 'local-candidate',
      source_commit: 'unknown',
      build_environment: `local-${process.platform}-${process.arch}`,
      iso_artifact_path: "../my 'image', v1.iso",
      iso_artifact_sha256: `sha256:${sha256Of(BOOT_ISO)}`,
      iso_signature_path: 'unsigned-local',
      vm_image_path: 'none',
      vm_image_format: 'none',
    });
  });

  it('the lane ends as the contract says for artifacts that cannot be recorded', async () => {
    await mkdir(join(cwd, 'folder.iso'));
    expect((await run('--iso', 'gone.iso')).status).toBe(66);
    expect((await run('--iso', 'folder.iso')).status).toBe(65);
    expect((await run('--vm-image', "my 'image', v1.iso")).status).toBe(65);
    expect((await run('--vm-image', "my 'image', v1.iso", '--vm-format', 'qcow2')).status).toBe(65);
    expect((await run('--vm-format', 'vmdk')).status).toBe(64);
  });
});
