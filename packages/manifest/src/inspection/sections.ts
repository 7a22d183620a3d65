// SPDX-License-Identifier: Apache-2.0
import type {
  DiskFacts,
  FactsByKind,
  FileSystem,
  Inspection,
  LinuxKernel,
  Loader,
  Partition,
  PeProgram,
} from '@latticra/disk-image/inspect';
import { type FieldValues, flag, type Section } from '@latticra/evidence-format';
import { printable } from '../printable.js';
import { itemSections, orUnknown, section } from './value.js';

const loadersText = (loaders: readonly Loader[]) =>
  loaders.length === 0
    ? 'none'
    : printable(
        loaders
          .map(
            ({ path, architecture, signed }) =>
              `${path} (${architecture}, ${signed ? 'signed' : 'unsigned'})`,
          )
          .join(', '),
      );

const fileSystemValues = (fileSystem: FileSystem | undefined): FieldValues => ({
  file_system: fileSystem?.type ?? 'unknown',
  file_system_label: printable(fileSystem?.label ?? ''),
  file_system_uuid: printable(fileSystem?.uuid ?? 'none'),
  file_system_size_bytes: orUnknown(fileSystem?.size),
  verity_uuid: fileSystem?.verity?.uuid ?? 'none',
});

const partitionSections = (partitions: readonly Partition[]) =>
  itemSections('partition', 'partitions', partitions, (partition) => ({
    number: partition.number,
    type: partition.type,
    name: printable(partition.name),
    offset_bytes: partition.offset,
    size_bytes: partition.size,
    active: flag(partition.active),
    efi_system: flag(partition.efiSystem),
    ...fileSystemValues(partition.fileSystem),
    loaders: loadersText(partition.loaders),
  }));

const diskSections = ({ scheme, bootCode, partitions, fileSystem }: DiskFacts): Section[] => [
  section('disk', { partition_table: scheme, boot_code: flag(bootCode), ...fileSystemValues(fileSystem) }),
  ...partitionSections(partitions),
];

const date = (value: Date | undefined) => value?.toISOString().replace('.000Z', 'Z') ?? 'none';

const isoSections = ({ volume, rockRidge, boot, system, partitions }: FactsByKind['iso9660']): Section[] => [
  section('iso9660', {
    volume_id: orUnknown(volume?.volumeId),
    volume_size_bytes: orUnknown(volume?.size),
    system_id: orUnknown(volume?.systemId),
    publisher_id: orUnknown(volume?.publisherId),
    preparer_id: orUnknown(volume?.preparerId),
    application_id: orUnknown(volume?.applicationId),
    created: date(volume?.created),
    modified: date(volume?.modified),
    rock_ridge: flag(rockRidge),
    system_area: system.scheme,
    boot_code: flag(system.bootCode),
  }),
  ...itemSections(
    'boot_entry',
    'boot_entries',
    boot,
    ({ platform, bootable, emulation, offset, loadSectors, loaders }) => ({
      platform,
      bootable: flag(bootable),
      emulation,
      offset_bytes: offset,
      load_sectors: loadSectors,
      loaders: loadersText(loaders),
    }),
  ),
  ...partitionSections(partitions),
];

function qcow2Sections({ facts, check, disk }: FactsByKind['qcow2']): Section[] {
  if (!facts) return [];
  const { features, snapshots } = facts;
  return [
    section('qcow2', {
      version: facts.version,
      virtual_size_bytes: facts.virtualSize,
      cluster_size_bytes: facts.clusterSize,
      backing_file: printable(features.backingFile ?? 'none'),
      backing_format: printable(features.backingFormat ?? 'none'),
      external_data: flag(features.externalData),
      data_file: printable(features.dataFile ?? 'none'),
      encryption: features.encryption,
      compression: features.compression,
      extended_l2: flag(features.extendedL2),
      bitmaps: flag(features.bitmaps),
      unknown_features: `0x${features.unknownFeatures.toString(16)}`,
      allocated_clusters: orUnknown(check?.allocatedClusters),
      compressed_clusters: orUnknown(check?.compressedClusters),
      leaked_clusters: orUnknown(check?.leaks),
    }),
    ...itemSections('snapshot', 'snapshots', snapshots, ({ id, name }) => ({
      id: printable(id),
      name: printable(name),
    })),
    ...(disk ? diskSections(disk) : []),
  ];
}

const foreignSections = (name: string, facts: FactsByKind['vmdk']): Section[] => [
  section(name, {
    subformat: printable(facts.subformat),
    version: printable(facts.version),
    virtual_size_bytes: orUnknown(facts.virtualSize),
    needs_other_files: flag(facts.needsOthers),
  }),
  ...(facts.disk ? diskSections(facts.disk) : []),
];

const kernelSection = ({ format, architecture, version, protocol }: LinuxKernel) =>
  section('kernel', {
    format,
    architecture,
    version: orUnknown(version),
    boot_protocol: orUnknown(protocol),
  });

const programSections = (name: string, { architecture, efi, signed, sections }: PeProgram): Section[] => [
  section(name, {
    architecture,
    efi: flag(efi),
    signature: signed ? 'present-unverified' : 'unsigned',
  }),
  ...itemSections('section', 'sections', sections, ({ name: called, offset, size }) => ({
    name: printable(called),
    offset_bytes: offset,
    size_bytes: size,
  })),
];

/** Lists what is known of a file of this kind, with a section for each part of it. */
export function factSections({ kind, facts }: Inspection): Section[] {
  if (facts === undefined) return [];
  switch (kind) {
    case 'iso9660':
      return isoSections(facts);
    case 'disk':
      return diskSections(facts);
    case 'qcow2':
      return qcow2Sections(facts);
    case 'vhd':
    case 'vhdx':
    case 'vmdk':
    case 'vdi':
      return foreignSections(kind, facts);
    case 'linux':
      return [kernelSection(facts), ...(facts.efi ? programSections('efi', facts.efi) : [])];
    case 'uki':
      return [...(facts.kernel ? [kernelSection(facts.kernel)] : []), ...programSections('efi', facts)];
    case 'pe':
      return programSections('program', facts);
    case 'elf':
      return [
        section('program', {
          architecture: facts.architecture,
          bits: facts.bits,
          type: facts.type,
          multiboot: facts.multiboot.join(',') || 'none',
        }),
      ];
    case 'multiboot':
      return [section('program', { multiboot: facts.versions.join(',') })];
    case 'cpio':
      return itemSections(
        'segment',
        'segments',
        facts.segments,
        ({ offset, format, entries, microcode, obstacle }) => ({
          format,
          offset_bytes: offset,
          entries: orUnknown(entries),
          microcode: flag(microcode),
          linux_obstacle: obstacle ?? 'none',
        }),
      );
    case 'tar':
      return [section('archive', { format: facts.format })];
    case 'compressed':
      return [
        section('compressed', {
          compression: facts.compression,
          content: orUnknown(facts.content),
          linux_obstacle: facts.obstacle ?? 'none',
        }),
      ];
    case 'file-system':
      return [section('file_system', { ...fileSystemValues(facts), loaders: loadersText(facts.loaders) })];
    case 'signature':
      return [section('signature', { format: facts.format, signature: 'present-unverified' })];
    default:
      return [];
  }
}
