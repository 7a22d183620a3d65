// SPDX-License-Identifier: Apache-2.0
import type { Inspection } from '@latticra/disk-image/inspect';
import { type DocumentFile, type ImageForm, isDocument } from '../read/content.js';
import { digestOf, lineOf } from '../read/document.js';
import { LINUX_BUILD, meaningOf, VALIDATION } from '../read/titles.js';
import { withoutFolders } from './find.js';
import { agrees } from './images.js';
import type { BuildView, Detail, ImageView } from './model.js';
import type { Release } from './release.js';
import { shortBytes } from './words.js';

/** Makes the images of a release, each with what its content is. */
export function viewImages(release: Release): ImageView[] {
  return [...release.images].map(([form, artifact]): ImageView => {
    const { file, sha256, name } = artifact;
    const ours = release.boots.filter((boot) => boot.imageSha256 === sha256);
    const held = ours.filter(({ state }) => state === 'good' || state === 'refused').length;
    const isSame = artifact.statements.every((statement) => agrees(artifact, statement));
    return {
      form,
      name,
      sha256,
      file,
      size: file?.size,
      state: !isSame ? 'bad' : file === undefined ? 'unknown' : 'good',
      details: [
        ...(file?.content.kind === 'image' ? contentDetails(file.content.inspection) : []),
        ...signatureDetail(release, form),
        { name: 'Named by', text: `${new Set(artifact.statements.map(({ by }) => by.path)).size} documents` },
      ],
      boots: { held, total: ours.length },
    };
  });
}

function contentDetails(inspection: Inspection): Detail[] {
  const { kind, facts, problems, unread } = inspection;
  const details: Detail[] = [];
  if (kind === 'iso9660' && facts) details.push({ name: 'Volume', text: facts.volume?.volumeId });
  if (kind === 'qcow2' && facts)
    details.push({ name: 'Virtual size', text: facts.facts && shortBytes(facts.facts.virtualSize) });
  const [problem] = problems;
  if (problem !== undefined) details.push({ name: 'Problem', text: problem.message, state: 'bad' });
  if (unread.length > 0) details.push({ name: 'Unread', text: unread[0], state: 'unknown' });
  return details;
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  'present-unverified': 'there, not verified',
  'signature-recorded': 'there, not verified',
  'unsigned-local': 'declared unsigned',
};

function signatureDetail({ files }: Release, form: ImageForm): Detail[] {
  const validation = files.find((file) => isDocument(file, VALIDATION));
  if (validation === undefined || !isDocument(validation)) return [];
  const status = lineOf(validation, form === 'iso' ? 'iso_signature_status' : 'vm_signature_status');
  const section = form === 'iso' ? 'iso' : 'vm_image';
  return [
    ...startDetails(validation, section),
    { name: 'Signature', text: STATUS_WORDS[status ?? ''] ?? status ?? 'unknown', state: 'unknown' },
  ];
}

/** Says by which firmware and from which medium an image starts, as the validation found it. */
function startDetails(validation: DocumentFile, section: string): Detail[] {
  const fields = validation.content.document.sections.find(({ name }) => name === section)?.fields ?? [];
  const starts = fields.flatMap(({ key, value }) => {
    const [, firmware, medium] = /^starts_(bios|uefi)_(cd|usb|disk)$/.exec(key) ?? [];
    return firmware === undefined || value !== '1'
      ? []
      : [`${firmware.toUpperCase()} from ${medium === 'disk' ? medium : medium?.toUpperCase()}`];
  });
  return starts.length === 0 ? [] : [{ name: 'Starts', text: starts.join(', ') }];
}

/** The lines of a build that a page shows: the name for people, the line with a text, and the line with a digest. */
const BUILD_LINES: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['Build id', 'build_id', undefined],
  ['Build id', 'boot_seed_build_id', undefined],
  ['Environment', 'build_environment', undefined],
  ['Kernel', 'kernel_image_release', 'kernel_image_sha256'],
  ['Kernel', undefined, 'boot_seed_kernel_sha256'],
  ['Initramfs', undefined, 'initramfs_sha256'],
  ['Root', 'root_mode', 'root_image_sha256'],
  ['Verity', 'root_verity_hash', undefined],
  ['Command line', 'command_line', undefined],
  ['Loader', 'boot_seed_bootloader', 'boot_seed_efi_bootloader_sha256'],
  ['Unified kernel', undefined, 'uki_sha256'],
  ['Machine code', 'boot_seed_toolchain', 'boot_seed_machine_code_sha256'],
];

/** Makes the builds of a release, each with the command that repeats it. */
export function viewBuilds({ builds }: Release): BuildView[] {
  return builds.map((file): BuildView => {
    const { title } = file.content.document;
    const command = title === LINUX_BUILD ? 'iso_build_command' : undefined;
    const given = lineOf(file, command ?? 'iso_build_command') ?? lineOf(file, 'vm_image_build_command');
    return {
      title: meaningOf(title) ?? title,
      source: file,
      details: BUILD_LINES.flatMap(([name, textKey, digestKey]): Detail[] => {
        const text = textKey === undefined ? undefined : lineOf(file, textKey);
        const sha256 = digestKey === undefined ? undefined : digestOf(file, digestKey);
        return text === undefined && sha256 === undefined ? [] : [{ name, text, sha256 }];
      }).filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index),
      command: given === undefined ? undefined : withoutFolders(given),
    };
  });
}
