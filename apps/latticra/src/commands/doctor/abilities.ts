// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants } from 'node:fs';
import {
  type Environment,
  type FirmwareRoots,
  findFirmware,
  findProgram,
  firmwareRoots,
  type PackageNames,
  packagesOf,
  surveyImageTools,
  ToolchainError,
} from '@latticra/toolchain';

/** Something that takes more than Node, and whether this machine has it. */
export interface Ability {
  readonly what: string;
  readonly can: boolean;
  /** By what, or what is missing; one line. */
  readonly how: string;
  /** What to install where something is missing; empty where nothing that is installed would help. */
  readonly install: readonly PackageNames[];
}

/** The outside as it is looked at. */
export interface Machine {
  readonly env: Environment;
  readonly roots?: FirmwareRoots;
  /** The device of the kernel's hypervisor. */
  readonly kvm?: string;
}

/** Looks at what this machine can do, in the order in which a person comes to want it. Runs no program. */
export function surveyAbilities({ env, roots = firmwareRoots(env), kvm = '/dev/kvm' }: Machine): Ability[] {
  const tools = surveyImageTools(env, roots);
  const program = (what: string, ...names: string[]): Ability => {
    const missing = names.filter((name) => findProgram(name, env) === undefined);
    const found = names.map((name) => findProgram(name, env)).filter((path) => path !== undefined);
    return missing.length === 0 ? can(what, found.join(', ')) : cannot(what, missing);
  };
  return [
    can('build images, write SBOMs, manifests and bundles, verify them', `Node ${process.version}`),
    can('boot the seed where there is no QEMU', 'the embedded v86'),
    program('boot any image in QEMU', 'qemu-system-x86_64'),
    hypervisor(kvm),
    firmware('boot by BIOS', tools.seaBios, 'SeaBIOS', { debian: 'seabios', homebrew: 'qemu' }),
    firmware('boot by UEFI', tools.ovmf, 'UEFI firmware', { debian: 'ovmf', homebrew: 'qemu' }),
    firmware('boot by UEFI with Secure Boot', secureBoot(roots), 'firmware for it', { debian: 'ovmf' }),
    program("build the boot seed's machine code again from its sources", 'as', 'ld'),
    tools.missingForGrub.length === 0
      ? can('build images that GRUB starts', tools.paths.grub_mkrescue ?? '')
      : cannot('build images that GRUB starts', tools.missingForGrub),
    program('record the commit of a source tree', 'git'),
  ];
}

const can = (what: string, how: string): Ability => ({ what, can: true, how, install: [] });

function cannot(what: string, missing: readonly string[]): Ability {
  const install = missing.map((name) => packagesOf(name));
  return { what, can: false, how: `no ${missing.join(', ')}`, install };
}

function firmware(what: string, path: string | undefined, name: string, install: PackageNames): Ability {
  return path === undefined ? { what, can: false, how: `no ${name}`, install: [install] } : can(what, path);
}

function secureBoot(roots: FirmwareRoots): string | undefined {
  try {
    return findFirmware({ machine: 'q35', secureBoot: true }, roots).code;
  } catch (error) {
    if (error instanceof ToolchainError && error.code === 'firmware-missing') return undefined;
    throw error;
  }
}

/** Says whether virtual machines run at the speed of this one: a person may have the device and not the right to it. */
function hypervisor(kvm: string): Ability {
  const what = 'boot at full speed, by KVM';
  try {
    accessSync(kvm, constants.R_OK | constants.W_OK);
    return can(what, kvm);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const how = isThere
      ? `${kvm} is not yours to use: join the group kvm`
      : `no ${kvm}: QEMU emulates, which takes longer`;
    return { what, can: false, how, install: [] };
  }
}
