// SPDX-License-Identifier: Apache-2.0
import type { Scalar } from '@latticra/evidence-format/define';
import {
  always,
  bit,
  claims,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  field,
  matching,
  numbered,
  oneOf,
  optional,
  orNone,
  readinessClaims,
  text,
  where,
  wholeNumber,
} from '@latticra/evidence-format/define';
import { HOST_LINES } from '@latticra/vm-run';

const OUTCOMES = ['booted', 'refused', 'failed'] as const;
const EXPECTATIONS = ['boot', 'refusal'] as const;

/** The outcome of a case: its boot showed what it had to, the firmware refused its loader, or neither. */
export type BootOutcome = (typeof OUTCOMES)[number];

/** The expectation and the outcome of a case. */
interface Judged {
  readonly record: { readonly expect: (typeof EXPECTATIONS)[number] };
  readonly verdict: { readonly outcome: BootOutcome };
}

/** Returns whether the outcome is the one that a case is there for. */
export function isAsExpected({ expect }: Judged['record'], { outcome }: Judged['verdict']): boolean {
  return outcome === (expect === 'boot' ? 'booted' : 'refused');
}

/** The names that a run gives its files, so that a record cannot point anywhere else. */
const fileName = matching(/[a-z][a-z-]*\.(?:log|txt|png)/, 'the bare name of a file', 'file-name');

/** The name of an image or of a machine, as a matrix has it: no two cases share a name that is put together from these. */
const partName = matching(/[a-z0-9][a-z0-9.-]{0,62}/, 'a name of the matrix', 'name');

const fileLines = <const Place extends string>(key: string, place: Place) =>
  [
    field(`${key}_path`, `${place}.name`, fileName),
    field(`${key}_sha256`, `${place}.sha256`, digest),
  ] as const;

/**
 * Describes the digests of the firmware that ran, and of the template for the machine's variables; SeaBIOS has none.
 */
const firmwareLines = <const Place extends string>(when: string, place: Place) =>
  [
    field(`firmware_code_sha256_${when}`, `${place}.code`, digest),
    field(`firmware_variables_sha256_${when}`, `${place}.variables`, orNone(digest)),
  ] as const;

const UNKNOWN = 'unknown';

/** Returns the scalar of what `scalar` takes, or of `unknown`, which is read as undefined. */
const known = <T>(scalar: Scalar<T>): Scalar<T | undefined> => ({
  expected: `${scalar.expected} or ${UNKNOWN}`,
  placeholder: [...scalar.placeholder, UNKNOWN],
  texts: { ...scalar.texts, words: [...(scalar.texts.words ?? []), UNKNOWN] },
  print: (value) => (value === undefined ? UNKNOWN : scalar.print(value)),
  read: (found) => (found === UNKNOWN ? { value: undefined } : scalar.read(found)),
});
const orUnknown = known(wholeNumber);
const bitOrUnknown = known(bit);

/** A text that is not the word for none. */
const expectedText = where(text, (value) => value !== 'none', 'a text');

/**
 * Milliseconds from the start of QEMU to the first byte of each part of the boot, unknown where no line tells it. They are what a
 * clock said, and can be checked no further than that they follow each other and that the log has those parts.
 */
const phaseLines = [
  field('phase_firmware_ms', 'record.phases.firmware', orUnknown),
  field('phase_loader_ms', 'record.phases.loader', orUnknown),
  field('phase_kernel_ms', 'record.phases.kernel', orUnknown),
  field('phase_init_ms', 'record.phases.init', orUnknown),
  field('phase_end_ms', 'record.phases.end', wholeNumber),
] as const;

/**
 * One boot of one case: what was asked, what was seen, and the files beside the record that show it. Its verdict is
 * only a statement until `verifyRecord` has derived it again.
 */
export const bootRecord = defineDocument('LATTICRA BOOT MATRIX RECORD', [
  field('case', 'record.caseName', text),
  field('image_name', 'record.imageName', partName),
  field('image_format', 'record.imageFormat', oneOf(['iso', 'raw', 'qcow2'])),
  field('image_bytes', 'record.imageBytes', wholeNumber),
  field('image_sha256_before', 'record.imageBefore', digest),
  field('image_sha256_after', 'record.imageAfter', digest),
  field('attach', 'record.attach', oneOf(['cdrom', 'usb', 'disk'])),
  field('machine_name', 'record.machineName', partName),
  field('qemu_machine', 'record.machine', oneOf(['pc-i440fx', 'q35'])),
  // With its version: `pc-q35-7.2`.
  field('qemu_machine_resolved', 'record.machineResolved', text),
  field('qemu_accelerator', 'record.accelerator', oneOf(['tcg', 'kvm'])),
  field('qemu_version', 'record.qemuVersion', text),
  // Of the machine that QEMU ran on; undefined in records from before it was asked.
  optional('record.host', HOST_LINES),
  field('firmware', 'record.firmware', oneOf(['seabios', 'uefi', 'uefi-secure-boot'])),
  ...firmwareLines('before', 'record.firmwareBefore'),
  ...firmwareLines('after', 'record.firmwareAfter'),
  field('expected', 'record.expect', oneOf(EXPECTATIONS)),
  field('expected_exit_code', 'record.evidence.exitCode', orNone(wholeNumber)),
  field('expected_prompt', 'record.evidence.prompt', orNone(expectedText)),
  field('expected_build_id', 'record.evidence.buildId', orNone(expectedText)),
  field('forbid_services', 'record.evidence.forbidServices', bit),
  field('outcome', 'verdict.outcome', oneOf(OUTCOMES)),
  derived('outcome_as_expected', ({ record, verdict }: Judged) => Number(isAsExpected(record, verdict))),
  // Why it failed; undefined where it did not.
  field('reason', 'verdict.reason', orNone(text)),
  field('end_kind', 'record.endKind', oneOf(['exit', 'stopped', 'signal', 'timeout', 'flood'])),
  // Where it ended by itself.
  field('end_exit_code', 'record.endCode', orNone(wholeNumber)),
  // How it ended, for a person.
  field('end', 'record.end', text),
  field('boot_duration_ms', 'record.durationMs', wholeNumber),
  ...phaseLines,
  // Whether what the image starts was the seed's own, byte for byte, when it was booted; for `tabulate` to look at again.
  field('loader_is_ours', 'record.own.loader', bitOrUnknown),
  field('kernel_is_ours', 'record.own.kernel', bitOrUnknown),
  ...fileLines('serial_log', 'record.serialLog'),
  ...fileLines('qemu_argv_record', 'record.argvRecord'),
  optional('record.screenshot', [
    field('screenshot_path', 'name', fileName),
    field('screenshot_sha256', 'sha256', digest),
  ]),
  ...claims('usb_write_execution_allowed', 'usb_write_executed', 'qemu_execution_allowed_by_guard'),
  always('host_mutation_performed', 0),
  ...readinessClaims,
  numbered('expected_lines', 'record.evidence.lines', text, { prefix: 'line_', first: 1 }),
  numbered('expected_texts', 'record.evidence.contains', text, { prefix: 'text_', first: 1 }),
  numbered('expected_patterns', 'record.evidence.patterns', text, { prefix: 'pattern_', first: 1 }),
  // Beside those that no expectation takes away.
  numbered('forbidden_patterns', 'record.evidence.forbid', text, { prefix: 'pattern_', first: 1 }),
]);

/** A record, and the verdict that it states. */
export type ParsedRecord = DocumentValue<typeof bootRecord>;
export type BootRecord = ParsedRecord['record'];
/** The verdict on a record, derived from its facts and from the log beside it. */
export type Verdict = ParsedRecord['verdict'];
/** A file beside the record: a bare name, and 64 hexadecimal digits. */
export type RecordedFile = BootRecord['serialLog'];
/** Digests of the firmware, 64 hexadecimal digits each. */
export type FirmwareDigests = BootRecord['firmwareBefore'];

/** What stands before the name of a file beside a record, on lines of these keys. */
const NAMING = '_path=';
const NAMING_KEYS = ['serial_log', 'qemu_argv_record', 'screenshot'];

/**
 * Returns the names of files that a record has, before it is parsed: to read them ahead. Of a record that is one they are all it names.
 */
export function namesIn(record: Uint8Array): string[] {
  const text = Buffer.from(record.buffer, record.byteOffset, record.length).toString('latin1');
  const names: string[] = [];
  // No pattern goes through all of it: there are ten thousand of these.
  for (let at = text.indexOf(NAMING); at >= 0; at = text.indexOf(NAMING, at + 1)) {
    if (!NAMING_KEYS.includes(text.slice(text.lastIndexOf('\n', at) + 1, at))) continue;
    const name = text.slice(at + NAMING.length, text.indexOf('\n', at));
    if (fileName.read(name) !== undefined) names.push(name);
  }
  return names;
}

/** The name of a record in its folder. */
export const RECORD_FILE = 'record.txt';
