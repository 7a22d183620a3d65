// SPDX-License-Identifier: Apache-2.0
/** A folder of evidence of a release that has some of everything, and can be changed in one place at a time. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BOOT_ISO, QCOW2_DISK, SIGNATURE } from '../../../tools/testing/images.js';
import { layRecord, type RecordChanges } from '../../boot-cases/test/record.js';
import { type FieldValue, fields, formatDocument, type Section } from '../../evidence-format/src/index.js';
import { buildSbom, formatSbom } from '../../sbom/src/index.js';
import { BOARD_GROUPS } from '../src/model/board-fields.js';
import { encodePng } from '../src/png/encode.js';

export const sum = (content: string | Uint8Array) => hash('sha256', content);
export const ISO_SHA256 = sum(BOOT_ISO);
export const QCOW2_SHA256 = sum(QCOW2_DISK);
export const COMMIT = '9505cacb7c714cddf6e4c1f25c3ab0b0a3c5a1d2';
const CLAIMS = {
  hardware_install_ready: 0,
  full_os_install_ready: 0,
  bootable_os_ready: 0,
  production_os_claim: 0,
} as const;

export type Values = Readonly<Record<string, FieldValue>>;

/** Formats a document with the claims that all have. */
export function documentText(title: string, values: Values, sections: readonly Section[] = []): string {
  return formatDocument({ title, fields: fields({ ...values, ...CLAIMS }), sections });
}

const digest = (hex: string) => `sha256:${hex}`;

export const MANIFEST_VALUES: Values = {
  manifest_version: 1,
  artifact_version: '12.1',
  source_commit: COMMIT,
  source_tag: 'v12.1',
  build_environment: 'debian-12-amd64',
  iso_artifact_path: 'release/demo-os.iso',
  iso_artifact_sha256: digest(ISO_SHA256),
  iso_signature_path: 'release/demo-os.iso.sig',
  vm_image_path: 'release/demo-os.qcow2',
  vm_image_format: 'qcow2',
  vm_image_sha256: digest(QCOW2_SHA256),
  operator_recovery_path: 'recovery.md',
};

const BUILD_VALUES: Values = {
  build_status: 'ok',
  build_id: '7c1f40be9a2d5583',
  artifact_version: '12.1',
  source_commit: COMMIT,
  source_tag: 'v12.1',
  build_environment: 'debian-12-amd64',
  kernel_image_path: '/srv/build/in/vmlinuz',
  kernel_image_sha256: digest(sum('kernel')),
  kernel_image_release: '6.1.0-50-cloud-amd64',
  initramfs_path: '/srv/build/in/initrd.img',
  initramfs_sha256: digest(sum('initramfs')),
  rootfs_path: '/srv/build/in/rootfs.tar',
  rootfs_sha256: digest(sum('rootfs')),
  root_mode: 'verity',
  root_image_sha256: digest(sum('root')),
  root_verity_hash: sum('verity'),
  command_line: 'console=ttyS0 latticra.build=7c1f40be9a2d5583 latticra.root=verity',
  iso_build_command: 'latticra-os-image-build --kernel /srv/build/in/vmlinuz --output-dir /srv/build/release',
  iso_path: 'demo-os.iso',
  iso_sha256: digest(ISO_SHA256),
  vm_image_qcow2_path: 'demo-os.qcow2',
  vm_image_qcow2_sha256: digest(QCOW2_SHA256),
};

/** The fields that hold in the evaluation, and what the others lack. */
export const LACKING: Readonly<Record<string, string>> = {
  hardware_install_transcript_recorded: 'no transcript of an install of this image',
  post_install_verification_recorded: 'no transcript; it follows the install',
  multi_machine_validation_recorded: 'records are signed by 1 machine key, 2 are needed',
};

/** Returns the evaluation of a folder whose manifest has that digest. */
export function evaluationText(manifestSha256: string, lacking = LACKING): string {
  const keys = BOARD_GROUPS.flatMap((group) => group.fields.map(([key]) => key));
  const values = keys.flatMap((key): [string, FieldValue][] => {
    const missing = lacking[key];
    return [
      [key, missing === undefined ? 1 : 0],
      [
        `${key}_evidence`,
        missing === undefined ? `manifest.txt ${digest(manifestSha256)}` : `missing: ${missing}`,
      ],
    ];
  });
  const commands = Object.keys(lacking).map((key, index) => ({
    key: `next_${String(index + 1).padStart(2, '0')}`,
    value: `${key}: latticra-os-image-transcript-template --kind ${key.split('_')[0]} > form.txt`,
  }));
  return documentText('LATTICRA OS IMAGE PROMOTION EVALUATION', Object.fromEntries(values), [
    { name: 'unsatisfied', fields: commands },
  ]);
}

export const sealText = (status: 'PASS' | 'FAIL') =>
  documentText(
    'LATTICRA SEAL REPORT',
    { mode: 'verification', hashes_checked: 412, failures: status === 'PASS' ? 0 : 1, status },
    [
      { name: 'checks', fields: fields({ manifest: 'PASS', hashes: status }) },
      {
        name: 'failures',
        fields: status === 'PASS' ? [] : fields({ failure_000001: 'src/init.sh was changed' }),
      },
      { name: 'changes', fields: status === 'PASS' ? [] : fields({ modified_000001: 'src/init.sh' }) },
      {
        name: 'digests',
        fields: fields({ manifest_sha256: digest(sum('seal')), root_digest: digest(sum('all')) }),
      },
    ],
  );

export function sbomText(packages = 12, isoSha256 = ISO_SHA256): string {
  const file = (id: string, name: string, sha256: string) => ({
    id,
    name: `./${name}`,
    sha1: 'a'.repeat(40),
    sha256,
    size: 1,
    types: ['ARCHIVE' as const],
  });
  const licences = ['GPL-2.0-or-later', 'MIT', 'Apache-2.0'];
  return formatSbom(
    buildSbom({
      name: 'demo-os-12.1',
      created: '2026-01-01T00:00:00Z',
      tool: { name: 'test', version: '1' },
      describes: ['demo-os'],
      packages: [
        {
          id: 'demo-os',
          name: 'demo-os',
          version: '12.1',
          declaredLicence: 'Apache-2.0',
          files: [file('iso', 'demo-os.iso', isoSha256), file('qcow2', 'demo-os.qcow2', QCOW2_SHA256)],
        },
        ...Array.from({ length: packages - 1 }, (_, index) => ({
          id: `p${index}`,
          name: `${'bcdefghijklmnopqrstuvwxyz'[index % 25]}-package-${index}`,
          version: `1.${index}`,
          ...(index % 4 < 3 && { declaredLicence: licences[index % 4] as string }),
          purl: `pkg:deb/debian/package-${index}@1.${index}`,
        })),
      ],
    }),
  );
}

/** What a screen shows: dark, with some lines. */
export const SCREEN = encodePng({
  width: 320,
  height: 200,
  pixels: Uint8Array.from({ length: 320 * 200 * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % 320, Math.floor(index / 960)];
    return y % 16 > 5 && y % 16 < 9 && x < 40 + ((y * 37) % 200) && x % 7 > 1 && y < 120 ? 200 : 8;
  }),
});

const MACHINES = [
  ['pc-bios', 'pc-i440fx', 'seabios'],
  ['q35-bios', 'q35', 'seabios'],
  ['q35-uefi', 'q35', 'uefi'],
] as const;

const GOOD =
  'LATTICRA_LOADER bios\r\n[    0.000000] Linux version 6.1.0-50\r\n[    1.310002] Run /init as init process\r\ndemo-os: ready\r\n';
export const PANIC =
  'LATTICRA_LOADER uefi\r\n[    0.000000] Linux version 6.1.0-50\r\n[    1.262907] Out of memory and no killable processes...\r\n[    1.268114] Kernel panic - not syncing: System is deadlocked on memory\r\n';

/** Lays the records of a matrix of two images by three machines, one of which failed. */
export function layRecords(folder: string, changes: RecordChanges = {}): void {
  for (const [index, [machineName, machine, firmware]] of MACHINES.entries()) {
    for (const [imageName, attach, imageSha256] of [
      ['iso', 'cdrom', ISO_SHA256],
      ['iso', 'usb', ISO_SHA256],
      ['qcow2', 'disk', QCOW2_SHA256],
    ] as const) {
      const isBad = machineName === 'q35-uefi' && attach === 'usb';
      const variables = firmware === 'uefi' ? 'c'.repeat(64) : undefined;
      const scale = 300 + index * 900 + attach.length * 150;
      layRecord(folder, isBad ? PANIC : GOOD, {
        caseName: `${imageName}_${attach}_${machineName}`,
        imageName,
        imageFormat: imageName,
        imageBefore: imageSha256,
        imageAfter: imageSha256,
        attach,
        machineName,
        machine,
        machineResolved: `${machine === 'q35' ? 'pc-q35' : machine}-7.2`,
        firmware,
        firmwareBefore: { code: 'b'.repeat(64), variables },
        firmwareAfter: { code: 'b'.repeat(64), variables },
        evidence: { lines: ['demo-os: ready'] },
        endKind: 'stopped',
        endCode: undefined,
        end: isBad ? 'was stopped at the line Kernel panic' : 'was stopped at the line demo-os: ready',
        durationMs: scale * 6,
        phases: {
          firmware: undefined,
          loader: scale,
          kernel: scale * 2,
          init: isBad ? undefined : scale * 3,
          end: scale * 5,
        },
        ...changes,
      });
    }
  }
}

/** The text of each file that is no image, by its path. */
export function releaseTexts(): Map<string, string> {
  const manifest = documentText('LATTICRA OS IMAGE ARTIFACT MANIFEST', MANIFEST_VALUES);
  const sbom = sbomText();
  const inBundle = (text: string) => text.replaceAll('release/', '');
  const bundle = new Map([
    [
      'operator-bundle/operator-bundle-report.txt',
      documentText('LATTICRA OS IMAGE OPERATOR BUNDLE', { bundle_status: 'ok', artifact_version: '12.1' }),
    ],
    ['operator-bundle/manifest.txt', inBundle(manifest)],
    ['operator-bundle/sbom.spdx.json', sbom],
    [
      'operator-bundle/usb-write-linux.txt',
      documentText('LATTICRA OS IMAGE USB WRITE COMMAND TEMPLATE', {
        iso_path: 'demo-os.iso',
        iso_measurement: digest(ISO_SHA256),
        usb_write_command: "sudo dd if='demo-os.iso' of='/dev/sdX' bs=4M conv=fsync",
      }),
    ],
    [
      'operator-bundle/vm-test-command.txt',
      documentText('LATTICRA OS IMAGE VM TEST COMMAND TEMPLATE', {
        image_path: 'demo-os.qcow2',
        image_format: 'qcow2',
        image_measurement: digest(QCOW2_SHA256),
        qemu_test_command: 'qemu-system-x86_64 -m 2048M -drive file=demo-os.qcow2',
      }),
    ],
  ]);
  const sums = [...bundle].map(([path, text]) => `${sum(text)}  ${path.split('/')[1]}\n`).join('');
  return new Map([
    ['manifest.txt', manifest],
    ['release/os-image-build.txt', documentText('LATTICRA OS IMAGE BUILD', BUILD_VALUES)],
    [
      'artifact-manifest-validation.txt',
      documentText(
        'LATTICRA OS IMAGE ARTIFACT MANIFEST VALIDATION',
        {
          artifact_manifest_ready_for_operator_review: 1,
          iso_signature_status: 'signature-recorded',
          vm_signature_status: 'signature-recorded',
        },
        [{ name: 'iso', fields: fields({ starts_bios_cd: 1, starts_uefi_usb: 1 }) }],
      ),
    ],
    ['release/sbom.spdx.json', sbom],
    ['release/demo-os.iso.sig', SIGNATURE],
    ['recovery.md', '# Way back\n\nTake the stick out.\n'],
    ['promotion-evaluation.txt', evaluationText(sum(manifest))],
    ['reports/latticra-seal.txt', sealText('PASS')],
    [
      'reviews/one.txt',
      documentText('LATTICRA OS IMAGE REVIEW', {
        artifact_version: '12.1',
        artifact_manifest_sha256: digest(sum(manifest)),
        reviewer: 'release-manager',
        decision: 'approve',
        reason: 'all of it was read',
      }),
    ],
    ['notes.txt', 'who wrote this?\n'],
    ...bundle,
    ['operator-bundle/SHA256SUMS', sums],
  ]);
}

/** Lays a release that has some of everything: three fields are missing, and one boot failed. */
export function layRelease(
  folder: string,
  change: (texts: Map<string, string>) => void = () => undefined,
): void {
  const texts = releaseTexts();
  change(texts);
  write(folder, 'release/demo-os.iso', BOOT_ISO);
  write(folder, 'release/demo-os.qcow2', QCOW2_DISK);
  for (const [path, text] of texts) write(folder, path, text);
  layRecords(join(folder, 'boot-records'));
}

/** Writes a file of a folder, with the folders that it takes. */
export function write(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
