// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { type ArtifactManifest, artifactManifest } from '@latticra/manifest';
import { BOOT_ISO, QCOW2_DISK, SIGNATURE, sha256Of as sha256 } from '../../../tools/testing/images.js';
import type { OperatorBundleRequest } from '../src/index.js';

/** Writes an SPDX document that lists these digests, each as a package of one file. */
export function spdxOf(...digests: string[]): string {
  return JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'release',
    documentNamespace: 'https://spdx.org/spdxdocs/release-2ed6657d-e927-568b-95e1-2665a8aea6a2',
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: test-1'] },
    packages: digests.map((checksumValue, index) => ({
      name: `image-${index}`,
      SPDXID: `SPDXRef-image-${index}`,
      downloadLocation: 'NONE',
      filesAnalyzed: false,
      checksums: [{ algorithm: 'SHA256', checksumValue }],
    })),
    relationships: digests.map((_, index) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: `SPDXRef-image-${index}`,
    })),
  });
}

/** What a test's release is to be like, where it is to differ from the usual. */
export interface ReleaseOptions {
  readonly isoName?: string;
  readonly vmName?: string;
  /** Each artifact in a folder, and with an SBOM, of its own. */
  readonly apart?: boolean;
  readonly signed?: boolean;
  /** Signatures of both images. */
  readonly signatures?: { readonly iso: Uint8Array; readonly vm: Uint8Array };
  readonly recovery?: string;
  readonly change?: (manifest: ArtifactManifest) => ArtifactManifest;
}

/** Writes a release that is ready for review into `folder`; returns the path of its manifest. */
export async function writeRelease(folder: string, options: ReleaseOptions = {}): Promise<string> {
  const { isoName = 'os.iso', vmName = 'os.qcow2', apart = false, signed = false, signatures } = options;
  const iso = BOOT_ISO;
  const vm = QCOW2_DISK;
  const write = async (name: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    return name;
  };
  const [isoSbom, vmSbom] = apart
    ? [await write('iso/sbom.json', spdxOf(sha256(iso))), await write('vm/sbom.json', spdxOf(sha256(vm)))]
    : [await write('both.json', spdxOf(sha256(iso), sha256(vm))), 'both.json'];
  const manifest: ArtifactManifest = {
    artifactVersion: '1.2.3',
    sourceCommit: 'abcdef0',
    sourceTag: 'none',
    buildEnvironment: 'local-test',
    iso: {
      path: await write(apart ? `iso/${isoName}` : isoName, iso),
      sha256: sha256(iso),
      signaturePath:
        signed || signatures
          ? await write('keys/iso-signature', signatures?.iso ?? SIGNATURE)
          : 'unsigned-local',
      sbomPath: isoSbom,
    },
    vmImage: {
      path: await write(apart ? `vm/${vmName}` : vmName, vm),
      sha256: sha256(vm),
      signaturePath: signatures ? await write('keys/vm-signature', signatures.vm) : 'unsigned-local',
      sbomPath: vmSbom,
      format: 'qcow2',
    },
    operatorRecoveryPath:
      options.recovery ?? (await write('docs/recovery.md', '# Recovery\n\nPull the plug, count to ten.\n')),
  };
  const document = artifactManifest.document((options.change ?? ((same) => same))(manifest));
  return join(folder, await write('manifest.txt', formatDocument(document)));
}

/** Makes a request for a bundle of that release. */
export function requestOf(
  artifactManifestPath: string,
  outputDir: string | undefined,
): OperatorBundleRequest {
  return {
    artifactManifestPath,
    outputDir,
    manifestPath: 'release.toml',
    devices: { linux: '/dev/sdX', macos: '/dev/rdiskN' },
    firmware: { kind: 'seabios' },
    serialLog: 'reports/serial.log',
  };
}
