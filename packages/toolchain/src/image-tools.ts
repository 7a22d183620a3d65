// SPDX-License-Identifier: Apache-2.0
import { findSeaBios } from './firmware/find.js';
import { type FirmwareRoots, firmwareRoots } from './firmware/roots.js';
import { surveyFirmware } from './firmware/survey.js';
import { type Environment, findProgram } from './program.js';

/**
 * The tools that making and booting an OS image may take, in the order in which reports list them: a name for
 * reports, and the programs any one of which is enough.
 */
export const IMAGE_TOOLS = {
  qemu_img: ['qemu-img'],
  qemu_system_x86_64: ['qemu-system-x86_64'],
  xorriso: ['xorriso'],
  grub_mkrescue: ['grub-mkrescue'],
  grub_mkstandalone: ['grub-mkstandalone'],
  grub_mkimage: ['grub-mkimage'],
  grub_file: ['grub-file'],
  mformat: ['mformat'],
  mcopy: ['mcopy'],
  c_compiler: ['cc', 'gcc', 'clang'],
  as: ['as'],
  ld: ['ld'],
  ssh_keygen: ['ssh-keygen'],
  tar: ['tar'],
  gzip: ['gzip'],
  cpio: ['cpio'],
  awk: ['awk'],
  sed: ['sed'],
  find: ['find'],
  sha256_tool: ['sha256sum', 'shasum'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A tool by its name in reports. */
export type ImageTool = keyof typeof IMAGE_TOOLS;

/** grub-mkrescue starts xorriso for the ISO and mtools for the EFI system partition in it. */
const GRUB_TOOLCHAIN: readonly ImageTool[] = [
  'grub_mkrescue',
  'grub_mkstandalone',
  'grub_mkimage',
  'grub_file',
  'xorriso',
  'mformat',
  'mcopy',
];

const IMAGE_TOOLCHAIN: readonly ImageTool[] = [
  'qemu_img',
  'qemu_system_x86_64',
  'xorriso',
  'grub_mkrescue',
  'tar',
  'gzip',
  'cpio',
  'awk',
  'sed',
  'find',
  'sha256_tool',
];

/** The tools and firmware found on this machine. */
export interface ImageToolSurvey {
  /** Where each tool was found. */
  readonly paths: Readonly<Record<ImageTool, string | undefined>>;
  /** The UEFI code that a VM would get, and the SeaBIOS image. */
  readonly ovmf: string | undefined;
  readonly seaBios: string | undefined;
  /** Programs that a rescue image of GRUB's needs and that are not there; any of the names will do. */
  readonly missingForGrub: readonly string[];
  /** The same for an OS image. */
  readonly missingForImage: readonly string[];
}

/**
 * Looks for the tools of an image build along PATH and for firmware where QEMU would. Runs nothing.
 * @throws ToolchainError `firmware-mismatched`, `bad-descriptor` for firmware that is there but wrong
 */
export function surveyImageTools(
  env: Environment = process.env,
  roots: FirmwareRoots = firmwareRoots(env),
): ImageToolSurvey {
  const find = (programs: readonly string[]) =>
    programs.map((program) => findProgram(program, env)).find((path) => path !== undefined);
  const paths = Object.fromEntries(
    Object.entries(IMAGE_TOOLS).map(([tool, programs]) => [tool, find(programs)]),
  ) as ImageToolSurvey['paths'];
  const missing = (tools: readonly ImageTool[]) =>
    tools.filter((tool) => paths[tool] === undefined).map((tool) => IMAGE_TOOLS[tool].join(' or '));
  return {
    paths,
    ovmf: surveyFirmware('auto', 'q35', roots).code,
    seaBios: findSeaBios(roots),
    missingForGrub: missing(GRUB_TOOLCHAIN),
    missingForImage: missing(IMAGE_TOOLCHAIN),
  };
}
