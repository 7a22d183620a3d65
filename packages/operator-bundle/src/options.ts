// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag, formatDigest, type Section } from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import type { VmTestFirmware } from '@latticra/qemu-argv';
import { blindInspector, type DeviceInspector, type UsbPlatform } from '@latticra/usb-cmd';
import type { CommandRequest } from './commands.js';
import { readVerifiedBy, type VerifiedBy, verifiedByFields } from './signatures.js';

const SECTION = 'options';
const PLATFORMS = ['linux', 'macos'] as const satisfies readonly UsbPlatform[];

/** What was seen of the device of each platform on the machine that made the bundle, as JSON; `none` where none was looked at. */
export type SeenDevices = Readonly<Record<UsbPlatform, string>>;

/** What a bundle's documents were made with, besides its manifest and its artifacts. */
export interface BundleOptions extends CommandRequest {
  readonly seen: SeenDevices;
  /** The digests of the records of boots that the bundle carries, 64 hexadecimal digits each. */
  readonly bootRecords: readonly string[];
  /** By what its signatures were verified when it was made; undefined where they were not. */
  readonly verifiedBy: VerifiedBy | undefined;
  /** Whether its checksums were signed when it was made. */
  readonly checksumsSigned: boolean;
  /** Whether the keys were made for a rehearsal alone, and prove nothing. */
  readonly keysProveNothing: boolean;
  /** The digest of the list of what it was promoted by, 64 hexadecimal digits; undefined where it carries nothing of that. */
  readonly promotion: string | undefined;
  /** Which version made the page of all that lies in it; undefined where there is none. */
  readonly pageVersion: string | undefined;
  /** Which version of this package made its documents; undefined in a bundle that does not say so. */
  readonly documentsVersion: string | undefined;
}

/** Makes the section of the report that says with what the documents of the bundle were made, so that all can make them again. */
export function optionsSection(options: BundleOptions): Section {
  const { manifestPath, devices, seen, firmware, serialLog, bootRecords, verifiedBy, promotion } = options;
  const uefi = firmware.kind === 'uefi' ? firmware : undefined;
  return {
    name: SECTION,
    fields: [
      ...fields({
        manifest_path: manifestPath,
        ...Object.fromEntries(
          PLATFORMS.flatMap((platform) => [
            [`${platform}_device`, devices[platform]],
            [`${platform}_device_seen`, seen[platform]],
          ]),
        ),
        serial_log_path: serialLog,
        vm_firmware: firmware.kind,
        uefi_firmware_path: uefi?.code ?? NONE,
        uefi_firmware_format: uefi?.codeFormat ?? NONE,
        uefi_firmware_exists: flag(uefi?.codeExists === true),
        uefi_vars_template_path: uefi?.vars ?? NONE,
        uefi_vars_template_format: uefi?.varsFormat ?? NONE,
        uefi_requires_smm: flag(uefi?.requiresSmm === true),
        boot_record_count: bootRecords.length,
        ...Object.fromEntries(bootRecords.map((sha256, index) => [recordKey(index), formatDigest(sha256)])),
      }),
      ...verifiedByFields(verifiedBy),
      ...fields({
        ...(options.checksumsSigned && { checksums_signed: 1 }),
        ...(options.keysProveNothing && { keys_prove_nothing: 1 }),
        ...(promotion !== undefined && { promotion_evidence_sha256: formatDigest(promotion) }),
        ...(options.pageVersion !== undefined && { page_version: options.pageVersion }),
        ...(options.documentsVersion !== undefined && { documents_version: options.documentsVersion }),
      }),
    ],
  };
}

/** A version as npm has it (Semantic Versioning 2.0.0, without the order of its parts). */
const VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

const recordKey = (index: number) => `boot_record_${String(index + 1).padStart(2, '0')}`;

/** Reads that section of a report; undefined where it is not there, or not whole. */
export function readOptions({ sections }: EvidenceDocument): BundleOptions | undefined {
  const found = sections.find(({ name }) => name === SECTION)?.fields ?? [];
  const values = new Map(found.map(({ key, value }) => [key, value]));
  const value = (key: string) => values.get(key) ?? '';
  const path = (key: string) => (value(key) === NONE ? undefined : value(key));
  const format = (key: string) => (value(key) === 'qcow2' ? 'qcow2' : 'raw');
  const firmware: VmTestFirmware =
    value('vm_firmware') === 'uefi'
      ? {
          kind: 'uefi',
          code: path('uefi_firmware_path'),
          codeFormat: format('uefi_firmware_format'),
          codeExists: value('uefi_firmware_exists') === '1',
          vars: path('uefi_vars_template_path'),
          varsFormat: format('uefi_vars_template_format'),
          requiresSmm: value('uefi_requires_smm') === '1',
        }
      : { kind: 'seabios' };
  const bootRecords = readRecords(values);
  const [pageVersion, documentsVersion] = [values.get('page_version'), values.get('documents_version')];
  const areVersions = [pageVersion, documentsVersion].every(
    (each) => each === undefined || VERSION.test(each),
  );
  const isWhole = values.has('manifest_path') && areVersions;
  if (!isWhole || bootRecords === undefined) return undefined;
  return {
    manifestPath: value('manifest_path'),
    devices: { linux: value('linux_device'), macos: value('macos_device') },
    seen: { linux: value('linux_device_seen'), macos: value('macos_device_seen') },
    firmware,
    serialLog: value('serial_log_path'),
    bootRecords,
    verifiedBy: readVerifiedBy(values),
    checksumsSigned: values.get('checksums_signed') === '1',
    keysProveNothing: values.get('keys_prove_nothing') === '1',
    promotion: /^sha256:([0-9a-f]{64})$/.exec(value('promotion_evidence_sha256'))?.[1],
    pageVersion,
    documentsVersion,
  };
}

/** Reads the digests of records that stand there; undefined where they are not as many as are said to be. */
function readRecords(values: ReadonlyMap<string, string>): string[] | undefined {
  const digests = [...values]
    .filter(([key]) => /^boot_record_\d+$/.test(key))
    .map(([key, value], index) =>
      key === recordKey(index) ? /^sha256:([0-9a-f]{64})$/.exec(value)?.[1] : undefined,
    );
  const whole = digests.filter((digest) => digest !== undefined);
  const isWhole = whole.length === digests.length && values.get('boot_record_count') === String(whole.length);
  return isWhole ? whole : undefined;
}

type Seen = {
  location?: Awaited<ReturnType<DeviceInspector['locate']>>;
  inspection?: Awaited<ReturnType<DeviceInspector['inspect']>>;
};

/** Returns an inspector that looks with another one, and a way to tell what was seen. */
export function recordingInspector(inspector: DeviceInspector): {
  readonly inspector: DeviceInspector;
  readonly seen: () => string;
} {
  const seen: Seen = {};
  return {
    inspector: {
      async locate(path) {
        seen.location = await inspector.locate(path);
        return seen.location;
      },
      async inspect(node, iso) {
        const found = await inspector.inspect(node, iso);
        // Whatever else was learned, such as a serial number, is nobody's business who gets the bundle.
        seen.inspection = found.inspected ? { inspected: true, facts: found.facts } : found;
        return found;
      },
    },
    seen: () => (seen.location === undefined ? NONE : JSON.stringify(seen)),
  };
}

/**
 * Returns an inspector that sees what was seen when a bundle was made; one that sees nothing for what is no such record. The name
 * of a device is judged anew either way, and what was recorded decides no more than what was recorded then.
 */
export function replayingInspector(recorded: string): DeviceInspector {
  const { location, inspection } = parse(recorded);
  if (location === undefined) return blindInspector;
  return {
    locate: async () => location,
    inspect: async (node, iso) => inspection ?? blindInspector.inspect(node, iso),
  };
}

function parse(recorded: string): Seen {
  try {
    const value: unknown = JSON.parse(recorded);
    return isSeen(value) ? value : {};
  } catch {
    return {};
  }
}

/** Returns whether a value has the shape of what was seen; that its facts are those that a document can show, its writer checks. */
function isSeen(value: unknown): value is Seen {
  if (!isObject(value)) return false;
  const { location, inspection } = value;
  if (!isObject(location) || !('node' in location ? isText(location.node) : isText(location.reason)))
    return false;
  if (inspection === undefined) return true;
  if (!isObject(inspection)) return false;
  if (inspection.inspected !== true) return inspection.inspected === false && isText(inspection.reason);
  const { facts } = inspection;
  return isObject(facts) && Array.isArray(facts.mountedNodes) && facts.mountedNodes.every(isText);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
