// SPDX-License-Identifier: Apache-2.0

export type { Architecture } from '../pe/architecture.js';
export type { PeSection } from '../pe/pe.js';
export type { CompressedFacts, CpioFacts, Segment, TarFacts } from './archive.js';
export type { Compression } from './compressed.js';
export type { DiskFacts, Partition, Start } from './disk.js';
export type { ElfProgram } from './elf.js';
export type { FileSystem, FileSystemType } from './file-system.js';
export type { Findings, Problem } from './findings.js';
export type { ForeignDisk } from './foreign.js';
export { nameOf } from './formats.js';
export { inspect } from './inspect.js';
export type {
  FactsByKind,
  FileSystemFacts,
  Found,
  Inspection,
  InspectionOf,
  Kind,
  LinuxFacts,
  UkiFacts,
} from './inspection.js';
export type { IsoBoot, IsoFacts } from './iso.js';
export type { LinuxKernel } from './linux.js';
export type { Loader } from './loaders.js';
export type { PeProgram } from './pe.js';
export type { Qcow2Inspection } from './qcow2.js';
export {
  type ImageForm,
  requireDisk,
  requireImage,
  requireInitramfs,
  requireIso,
  requireKernel,
  requireKind,
  requireQcow2,
  requireSignature,
  requireTar,
  requireText,
} from './require.js';
export type { TableEntry, Tables } from './tables.js';
export type { SignatureFacts } from './text.js';
