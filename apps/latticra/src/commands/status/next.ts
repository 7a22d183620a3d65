// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { formatCommand } from '@latticra/shell-words';
import type { Contents, Item } from './contents.js';
import type { Parts } from './parts.js';

/** A command to type, and what it is for. */
export interface Next {
  readonly why: string;
  /** A line for a POSIX shell. */
  readonly command: string;
}

/** What is known of the manifest of a release. */
export type ManifestState =
  | { readonly state: 'none' }
  /** It names what is not as it says. */
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'incomplete'; readonly missing: readonly string[] }
  | { readonly state: 'complete' };

/** Returns the next command for a folder, as it was named. */
export function nextCommand(
  folder: string,
  { bundles }: Contents,
  parts: Parts,
  manifest: ManifestState,
): Next {
  const at = (item: Item | undefined) => (item === undefined ? undefined : join(folder, item.path));
  const [bundle] = bundles;
  if (bundle !== undefined && (bundle === '' || manifest.state === 'complete' || manifest.state === 'none')) {
    return { why: 'check every file of the bundle', command: line('verify', join(folder, bundle)) };
  }
  if (manifest.state !== 'none') return nextOfManifest(folder, at(parts.manifest) ?? '', manifest);
  if (parts.iso === undefined && parts.vmImage === undefined) return nextOfInputs(folder, parts, at);
  const images = {
    iso: at(parts.iso),
    'vm-image': at(parts.vmImage),
  };
  if (parts.sbom === undefined) {
    if (parts.rootfs === undefined) {
      return {
        why: 'an SBOM is missing, and is made of the root file system, or of the SBOM of another tool',
        command: line('help', 'os-image-sbom'),
      };
    }
    const output = join(folder, 'sbom.spdx.json');
    return {
      why: 'list the packages of the system in an SBOM',
      command: line('os-image-sbom', ...flags({ rootfs: at(parts.rootfs), ...images, output })),
    };
  }
  const signed = (image: string | undefined) => (image === undefined ? undefined : 'unsigned-local');
  const listed = (image: string | undefined) => (image === undefined ? undefined : at(parts.sbom));
  const record = line(
    'os-image-artifact-manifest-from-files',
    ...flags({
      iso: images.iso,
      'iso-sbom': listed(images.iso),
      'iso-signature': signed(images.iso),
      'vm-image': images['vm-image'],
      'vm-format': parts.vmImage === undefined ? undefined : parts.vmImage.kind === 'qcow2' ? 'qcow2' : 'raw',
      'vm-sbom': listed(images['vm-image']),
      'vm-signature': signed(images['vm-image']),
      'operator-recovery-path': at(parts.runbook),
      'relative-to': folder,
    }),
  );
  return {
    why: 'record the files of the release in an artifact manifest',
    command: `${record} > ${formatCommand([join(folder, 'manifest.txt')])}`,
  };
}

function nextOfManifest(folder: string, path: string, manifest: ManifestState): Next {
  if (manifest.state === 'complete') {
    return {
      why: 'stage the release as a folder for an operator',
      command: line(
        'os-image-operator-bundle-from-artifacts',
        ...flags({ 'artifact-manifest': path, 'output-dir': join(folder, 'operator-bundle') }),
      ),
    };
  }
  return {
    why: 'see all that the manifest lacks, and record the files again',
    command: line('os-image-artifact-manifest-validate', ...flags({ 'artifact-manifest': path })),
  };
}

function nextOfInputs(
  folder: string,
  parts: Parts,
  at: (item: Item | undefined) => string | undefined,
): Next {
  const { kernel, initramfs, rootfs } = parts;
  if (kernel === undefined || initramfs === undefined) {
    return {
      why: 'see a whole release made, on the boot seed',
      command: line('rehearse', ...flags({ 'output-dir': join(folder, 'rehearsal') })),
    };
  }
  return {
    why: 'build the release of the system whose parts are here',
    command: line(
      'os-image-build',
      ...flags({
        kernel: at(kernel),
        initramfs: at(initramfs),
        rootfs: at(rootfs),
        root: rootfs === undefined ? 'none' : undefined,
        'operator-recovery-path': at(parts.runbook),
        'output-dir': join(folder, 'release'),
      }),
    ),
  };
}

/** Writes flags that have a value; a value that begins with dashes is tied to its flag. */
function flags(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
  });
}

const line = (...words: string[]) => formatCommand(['latticra', ...words]);
