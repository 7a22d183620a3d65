// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import type { DeviceInspector } from '@latticra/usb-cmd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { requestOf, writeRelease } from '../test/release.js';
import { bundleReport } from './report.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify/verify.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('the USB command of a bundle for a stick that was looked at', () => {
  it.each([
    [BOOT_ISO.length, 'none', '1'],
    [BOOT_ISO.length - 1, 'too-small', '0'],
  ])(
    'the USB command for a stick of %d bytes is held to the size of the ISO',
    async (sizeBytes, reason, ready) => {
      await writeRelease(join(cwd, 'release'));
      const asked: unknown[] = [];
      const inspector: DeviceInspector = {
        locate: async (node) => ({ node }),
        inspect: async (...args) => {
          asked.push(args);
          const facts = {
            wholeDisk: 1,
            removable: 1,
            readOnly: 0,
            mounted: 0,
            backsSystem: 0,
            storageMember: 0,
            holdsIso: 0,
            sizeBytes,
            mountedNodes: [],
          } as const;
          return { inspected: true, facts };
        },
      };
      const request = {
        ...requestOf('release/manifest.txt', 'out'),
        devices: { linux: '/dev/sdb', macos: '/dev/rdiskN' },
      };
      await stageOperatorBundle(request, { cwd, inspectorFor: () => inspector });
      const { fields } = parseDocument(await readFile(join(cwd, 'out/usb-write-linux.txt')));
      expect(Object.fromEntries(fields.map(({ key, value }) => [key, value]))).toMatchObject({
        device_blocked_reason: reason,
        usb_write_command_ready: ready,
      });
      // Elsewhere nobody sees that device: what was seen of it is recorded.
      await verifyOperatorBundle(join(cwd, 'out'));
      // That a device holds the ISO is asked of the ISO that lies there.
      expect(JSON.stringify(asked)).toContain(JSON.stringify(join(cwd, 'release/os.iso')));
    },
  );
});

describe('the report of a bundle', () => {
  it('the report of a bundle names files below the folder as it was named, with one slash', () => {
    const { fields } = bundleReport({
      artifactManifestPath: 'm.txt',
      bundleDir: 'a//b//',
      artifactVersion: '1',
      artifacts: { iso: 'os.iso', vmImage: 'os.raw' },
      vmImageFormat: 'raw',
      sboms: { iso: 'sbom.spdx.json', vmImage: 'sbom.spdx.json' },
      options: {
        manifestPath: 'm.toml',
        devices: { linux: '/dev/sdX', macos: '/dev/rdiskN' },
        seen: { linux: 'none', macos: 'none' },
        firmware: { kind: 'seabios' },
        serialLog: 's.log',
        bootRecords: [],
        verifiedBy: undefined,
        checksumsSigned: false,
        keysProveNothing: false,
        promotion: undefined,
        pageVersion: undefined,
        documentsVersion: undefined,
      },
    });
    expect(Object.fromEntries(fields.map(({ key, value }) => [key, value]))).toMatchObject({
      bundle_status: 'ok',
      bundle_mode: 'local-artifact-handoff-no-install',
      bundle_dir: 'a//b//',
      iso_artifact_path: 'a//b/os.iso',
      vm_sha256_path: 'a//b/os.raw.sha256',
    });
  });
});
