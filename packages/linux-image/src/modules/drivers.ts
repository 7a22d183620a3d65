// SPDX-License-Identifier: Apache-2.0

/** Drivers that a kernel has to have for a kind of medium, of each group one. */
const MEDIA = [
  { medium: 'CD drives', groups: [['sr_mod'], ['cdrom']] },
  { medium: 'SATA drives', groups: [['ahci']] },
  { medium: 'IDE drives', groups: [['ata_piix', 'ata_generic', 'pata_acpi']] },
  { medium: 'USB drives', groups: [['usb_storage', 'uas'], ['xhci_pci', 'xhci_hcd'], ['sd_mod']] },
  { medium: 'NVMe drives', groups: [['nvme']] },
  { medium: 'virtio drives', groups: [['virtio_blk', 'virtio_scsi'], ['virtio_pci']] },
] as const;

/** A kind of medium that the kernel cannot read its root from. */
export interface MissingDrivers {
  /** `USB drives`. */
  readonly medium: string;
  /** The modules, by name; `a or b` where one of two would do. */
  readonly modules: readonly string[];
}

/** Lists the media that no driver is for, by the names of all that is built into a kernel or among its modules. */
export function missingDrivers(names: ReadonlySet<string>): MissingDrivers[] {
  return MEDIA.map(({ medium, groups }) => ({
    medium,
    modules: groups
      .filter((group) => !group.some((name) => names.has(name)))
      .map((group) => group.join(' or ')),
  })).filter(({ modules }) => modules.length > 0);
}
