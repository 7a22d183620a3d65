// SPDX-License-Identifier: Apache-2.0
/** Every way to pass something else off as the record of a boot that the tests know of. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import { formatDocument } from '@latticra/evidence-format';
import { formatCommand } from '@latticra/shell-words';
import { operatorConsent } from '../src/index.js';
import { type ConsentedImage, REVIEW_ID } from './captures.js';
import type { RecordCopy } from './record-copy.js';

/** The profile whose record is tampered with. */
export const ATTACKED = 'x86_64-seabios-grub-preview';

/** What there is to attack with. */
export interface Scene {
  /** Folder of the images. */
  readonly cwd: string;
  /** The image that the record is of. */
  readonly image: ConsentedImage;
  /** Another build of the same profile. */
  readonly otherImage: ConsentedImage;
}

/** What is done to a copy, what it is refused as, and the field that is named. */
export type Attack = [
  name: string,
  code: string,
  field: string,
  tamper: (copy: RecordCopy, scene: Scene) => void,
];

const log = (copy: RecordCopy) => readFileSync(copy.file('serial_console_boot_log'), 'utf8');
const consent = (copy: RecordCopy, change: object) =>
  copy.replace(
    'operator_consent',
    formatDocument(
      operatorConsent.document({
        operatorReviewId: REVIEW_ID,
        profile: ATTACKED,
        diskImageSha256: copy.value('disk_image_sha256').slice('sha256:'.length),
        ...change,
      }),
    ),
  );
/** Puts the image of another build, with its files, in the place of the record's, under the same names. */
const swapImage = (copy: RecordCopy, { cwd, otherImage }: Scene) => {
  const folder = dirname(copy.file('disk_image'));
  const other = join(cwd, dirname(otherImage.manifest));
  rmSync(folder, { recursive: true });
  const names = readdirSync(other).filter((name) => name !== 'operator-consent.txt');
  mkdirSync(folder);
  for (const name of names) copyFileSync(join(other, name), join(folder, name));
  copy.replace('boot_artifact_manifest', readFileSync(join(other, basename(otherImage.manifest))));
};
const claimImage = (copy: RecordCopy, { otherImage }: Scene) => {
  for (const key of ['disk_image_sha256', 'disk_image_sha256_before', 'disk_image_sha256_after']) {
    copy.set(key, `sha256:${otherImage.imageSha256}`);
  }
};
/** Changes the argv, in the record and in its file. */
const setArgv = (copy: RecordCopy, change: (argv: string[]) => string[]) => {
  const head = copy.text().split('[argv]\n')[0];
  const argv = change(argvOf(copy));
  const lines = argv.map((word, index) => `argv_${String(index).padStart(2, '0')}=${word}\n`);
  writeFileSync(copy.path, `${head}[argv]\n${lines.join('')}`);
  copy.replace('qemu_argv_record', `${formatCommand(argv)}\n`);
};
const argvOf = (copy: RecordCopy) =>
  [...copy.text().matchAll(/^argv_\d+=(.*)$/gm)].map(([, word]) => word ?? '');
const replaceWord = (from: RegExp, to: string) => (argv: string[]) =>
  argv.map((word) => word.replace(from, to));

export const ATTACKS: Attack[] = [
  ['another image, by its digest', 'other-image', 'disk_image_sha256', claimImage],
  ['another image, by its files', 'other-image', 'disk_image_sha256', swapImage],
  [
    'another image, by its path',
    'other-image',
    'disk_image_path',
    (copy) => {
      const file = copy.file('disk_image');
      copyFileSync(file, join(dirname(file), 'other.iso'));
      copy.set('disk_image_path', `${ATTACKED}/image/other.iso`);
    },
  ],
  [
    'another image, as if it had been booted, under the consent for this one',
    'not-consented',
    'disk_image_sha256',
    (copy, scene) => {
      swapImage(copy, scene);
      claimImage(copy, scene);
    },
  ],
  [
    'another image, with a consent, under the log of this one',
    'replayed-log',
    'build_id',
    (copy, scene) => {
      swapImage(copy, scene);
      claimImage(copy, scene);
      consent(copy, { diskImageSha256: scene.otherImage.imageSha256 });
    },
  ],
  [
    'another image, with a consent, and its build id written into the record',
    'replayed-log',
    'serial_console_boot_log_path',
    (copy, scene) => {
      swapImage(copy, scene);
      claimImage(copy, scene);
      consent(copy, { diskImageSha256: scene.otherImage.imageSha256 });
      copy.set('build_id', scene.otherImage.buildId);
    },
  ],
  [
    'a log that was edited',
    'edited-log',
    'serial_console_boot_log_sha256',
    (copy) => writeFileSync(copy.file('serial_console_boot_log'), `${log(copy)}all is well\r\n`),
  ],
  [
    'a log of another build',
    'replayed-log',
    'serial_console_boot_log_path',
    (copy, { image, otherImage }) =>
      copy.replace('serial_console_boot_log', log(copy).replace(image.buildId, otherImage.buildId)),
  ],
  [
    'a log of two boots',
    'replayed-log',
    'serial_console_boot_log_path',
    (copy) => copy.replace('serial_console_boot_log', log(copy) + log(copy)),
  ],
  [
    'a screen of another build',
    'replayed-log',
    'screen_serial_log_path',
    (copy, { image, otherImage }) =>
      copy.replace('screen_serial_log', log(copy).replace(image.buildId, otherImage.buildId)),
  ],
  [
    'a screen of a machine with a network',
    'foreign-argv',
    'argv_10',
    (copy) => {
      const command = readFileSync(copy.file('screen_argv_record'), 'utf8');
      copy.replace('screen_argv_record', command.replace('-nic none', '-nic user'));
    },
  ],
  [
    'a screen that is no picture',
    'record',
    'screenshot_path',
    (copy) => copy.replace('screenshot', 'It said that it is ready.\n'),
  ],
  [
    'a log of another build, behind the right one',
    'replayed-log',
    'serial_console_boot_log_path',
    (copy, { otherImage }) =>
      copy.replace('serial_console_boot_log', `${log(copy)}${SEED_BUILD_ID_PREFIX}${otherImage.buildId}\r\n`),
  ],
  [
    'a log without a build id',
    'replayed-log',
    'serial_console_boot_log_path',
    (copy) => copy.replace('serial_console_boot_log', `${SEED_SENTINEL}\r\n`),
  ],
  ...(
    [
      ['nowhere in the log, as when it was on the screen only', ''],
      ['inside an escape sequence', `\u001b]0;${SEED_SENTINEL}\u0007\r\n`],
      ['inside a sequence of control', `\u001bP\n${SEED_SENTINEL}\n\u001b\\\r\n`],
      ['as a part of a line', `I was told ${SEED_SENTINEL}\r\n`],
      ['on a line that was never ended', SEED_SENTINEL],
    ] as const
  ).map(
    ([name, text]): Attack => [
      `a sentinel ${name}`,
      'no-sentinel',
      'serial_console_boot_log_path',
      (copy, { image }) =>
        copy.replace('serial_console_boot_log', `${SEED_BUILD_ID_PREFIX}${image.buildId}\r\n${text}`),
    ],
  ),
  [
    'consent for another digest',
    'not-consented',
    'disk_image_sha256',
    (copy, { otherImage }) => consent(copy, { diskImageSha256: otherImage.imageSha256 }),
  ],
  [
    'consent for another profile',
    'not-consented',
    'profile',
    (copy) => consent(copy, { profile: 'x86_64-grub2-bios-preview' }),
  ],
  [
    'consent of another review',
    'not-consented',
    'operator_review_id',
    (copy) => consent(copy, { operatorReviewId: 'review-8' }),
  ],
  [
    'a consent that says no',
    'manifest',
    'qemu_execution_consented',
    (copy) =>
      copy.replace(
        'operator_consent',
        readFileSync(copy.file('operator_consent'), 'utf8').replace('consented=1', 'consented=0'),
      ),
  ],
  [
    'an argv with a network',
    'foreign-argv',
    'argv_10',
    (copy) => setArgv(copy, replaceWord(/^none$/, 'user')),
  ],
  [
    'an argv with a second network card',
    'foreign-argv',
    'argv_',
    (copy) => setArgv(copy, (argv) => [...argv, '-nic', 'user']),
  ],
  [
    'an argv with a writable disk',
    'foreign-argv',
    'argv_',
    (copy) => setArgv(copy, replaceWord(/,readonly=on,media/, ',readonly=off,media')),
  ],
  [
    'an argv with another disk besides',
    'foreign-argv',
    'argv_',
    (copy) => setArgv(copy, (argv) => argv.toSpliced(1, 0, '-drive', 'file=/dev/sda,format=raw')),
  ],
  [
    'an argv with another image',
    'foreign-argv',
    'argv_',
    (copy) => setArgv(copy, replaceWord(/file=.*\.iso$/, 'file=/tmp/other.iso')),
  ],
  [
    'an argv with another firmware',
    'foreign-argv',
    'argv_',
    (copy) => setArgv(copy, replaceWord(/bios\.bin$/, 'other.bin')),
  ],
  [
    'an argv of another program',
    'foreign-argv',
    'argv',
    (copy) => {
      copy.set('qemu_program_path', '/tmp/fake-qemu');
      setArgv(copy, (argv) => argv.with(0, '/tmp/fake-qemu'));
    },
  ],
  [
    'an argv whose log was elsewhere',
    'foreign-argv',
    'argv',
    (copy) => setArgv(copy, replaceWord(/path=.*serial\.log$/, 'path=/tmp/serial.log')),
  ],
  [
    'an argv that is not the one on file',
    'foreign-argv',
    'argv_',
    (copy) => copy.replace('qemu_argv_record', `${formatCommand([...argvOf(copy), '-snapshot'])}\n`),
  ],
  [
    'an argv file that is a script',
    'foreign-argv',
    'qemu_argv_record_path',
    (copy) => copy.replace('qemu_argv_record', `${formatCommand(argvOf(copy))}; reboot\n`),
  ],
  [
    'an image that the run changed',
    'image-changed',
    'disk_image_sha256_after',
    (copy) => copy.set('disk_image_sha256_after', `sha256:${'0'.repeat(64)}`),
  ],
  [
    'an image that was changed since',
    'image-changed',
    'artifact_sha256',
    (copy) => {
      const bytes = readFileSync(copy.file('disk_image'));
      bytes.writeUInt8(bytes.readUInt8(40_000) ^ 1, 40_000);
      writeFileSync(copy.file('disk_image'), bytes);
    },
  ],
  [
    'a claim written into it',
    'marked-ready',
    'bootable_os_ready',
    (copy) => copy.append('bootable_os_ready=1\n'),
  ],
  [
    'a claim that no document knows',
    'marked-ready',
    'seabios_grub_boot_claim_allowed',
    (copy) => copy.append('seabios_grub_boot_claim_allowed=1\n'),
  ],
  [
    'a section of claims',
    'marked-ready',
    'document',
    (copy) => copy.append('\n[readiness]\nboot_evidence_candidate_ready=1\n'),
  ],
  ['a better result', 'record', 'boot_result', (copy) => copy.set('boot_result', 'production-ready')],
  [
    'another profile than it was booted as',
    'record',
    'artifact_format',
    (copy) => copy.set('profile', 'x86_64-grub2-bios-preview'),
  ],
  [
    'a fixture that claims a boot',
    'fixture-claim',
    'boot_preview_manifest_path',
    (copy) =>
      copy.replace(
        'boot_preview_manifest',
        readFileSync(copy.file('boot_preview_manifest'), 'utf8').replace(
          'bootable_os_ready = false',
          'bootable_os_ready = true',
        ),
      ),
  ],
  [
    'a machine that QEMU did not have yet',
    'record',
    'qemu_machine_resolved',
    (copy) => copy.set('qemu_machine_resolved', 'pc-i440fx-99.0'),
  ],
  [
    'the machine of another profile',
    'record',
    'qemu_machine_resolved',
    (copy) => copy.set('qemu_machine_resolved', 'pc-q35-7.2'),
  ],
  ['a QEMU without a version', 'record', 'qemu_version', (copy) => copy.set('qemu_version', 'the best')],
  ['an accelerator', 'record', 'qemu_accelerator', (copy) => copy.set('qemu_accelerator', 'kvm')],
  [
    'another report for the preflight',
    'record',
    'preflight_report_path',
    (copy) => copy.replace('preflight_report', 'READY\n'),
  ],
  ...['operator_console_boot', 'qemu_log', 'preflight_report', 'boot_preview_manifest'].map(
    (name): Attack => [
      `another ${name}`,
      'mismatch',
      `${name}_sha256`,
      (copy) => writeFileSync(copy.file(name), 'something else'),
    ],
  ),
  [
    'another recovery text',
    'mismatch',
    'operator_recovery_path',
    (copy) => copy.replace('operator_recovery', 'Type rm -rf.\n'),
  ],
  ['a document of zeros', 'record', 'document', (copy) => writeFileSync(copy.path, Buffer.alloc(64))],
  ['a NUL at its end', 'record', 'document', (copy) => copy.append('\0')],
  [
    'more than a document may have',
    'too-large',
    '',
    (copy) => writeFileSync(copy.path, Buffer.alloc((4 << 20) + 1, 'a\n')),
  ],
  [
    'a manifest with a NUL',
    'manifest',
    'boot-artifact-manifest.txt: ',
    (copy) =>
      copy.replace(
        'boot_artifact_manifest',
        Buffer.concat([readFileSync(copy.file('boot_artifact_manifest')), Buffer.of(0)]),
      ),
  ],
  [
    'a log without end',
    'too-large',
    '',
    (copy) => copy.replace('serial_console_boot_log', Buffer.alloc((4 << 20) + 1, 'a\n')),
  ],
];
