// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { type VmTestFirmware, vmTestCommand } from '@latticra/qemu-argv';
import { assessDevice, type DeviceInspector, type UsbPlatform, usbWriteDocument } from '@latticra/usb-cmd';
import type { ReadyArtifacts } from './bundle-manifest.js';
import { type ArtifactNames, BUNDLE_FILE } from './names.js';

/** What the command documents of a bundle are made from. */
export interface CommandRequest {
  /** The readiness fixture that guarded the run, as it was named. */
  readonly manifestPath: string;
  /** The device to show for each platform: a placeholder, or one of this machine. */
  readonly devices: Readonly<Record<UsbPlatform, string>>;
  readonly firmware: VmTestFirmware;
  /** Where the VM test command writes the guest's serial output. */
  readonly serialLog: string;
}

/** The artifacts, verified, and their names in the bundle. */
export interface NamedArtifacts extends ReadyArtifacts {
  readonly names: ArtifactNames;
}

/** The memory and processors of the machine in a VM test command. */
const VM_DEFAULTS = { memoryMib: 2048, cpus: 2 } as const;

/**
 * Makes the command documents of the artifacts that there are, by file name. The commands name the artifacts as they lie beside
 * them: they are run inside the bundle's folder, wherever that is.
 */
export async function commandDocuments(
  { manifestPath, devices, firmware, serialLog }: CommandRequest,
  { names, iso, vmImage }: NamedArtifacts,
  { inspectorFor, isoPath }: CommandView,
): Promise<Map<string, EvidenceDocument>> {
  const documents = new Map<string, EvidenceDocument>();
  if (iso !== undefined && names.iso !== undefined) {
    for (const [platform, file] of USB_FILES) {
      const source = { path: isoPath, size: iso.measurement.size };
      const device = await assessDevice(devices[platform], platform, source, inspectorFor(platform));
      documents.set(file, usbWriteDocument({ manifestPath, isoPath: names.iso, iso, device }));
    }
  }
  if (vmImage !== undefined && names.vmImage !== undefined) {
    documents.set(
      BUNDLE_FILE.vmTest,
      vmTestCommand({
        manifestPath,
        imagePath: names.vmImage,
        imageFormat: vmImage.record.format,
        image: vmImage,
        firmware,
        serialLog,
        ...VM_DEFAULTS,
      }),
    );
  }
  return documents;
}

/** How devices are looked at, and where the ISO lies by which it is told whether one of them holds it. */
export interface CommandView {
  readonly inspectorFor: (platform: UsbPlatform) => DeviceInspector;
  readonly isoPath: string;
}

const USB_FILES = [
  ['linux', BUNDLE_FILE.usbLinux],
  ['macos', BUNDLE_FILE.usbMacos],
] as const;
