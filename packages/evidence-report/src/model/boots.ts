// SPDX-License-Identifier: Apache-2.0
import type { VerifiedRecord } from '@latticra/boot-cases';
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { digestOf, lineOf, numberOf } from '../read/document.js';
import type { Evidence } from '../read/evidence.js';
import { RECORD, SMOKE } from '../read/titles.js';
import { findNamed, withoutFolders } from './find.js';
import { idOf } from './id.js';
import { decisiveLines, type LogView, readLog } from './log.js';
import type { BootView, Detail, State } from './model.js';
import { partsOf } from './parts.js';
import { checkSmoke } from './smoke.js';

/** A command that is kept on the page; longer ones are told by their file. */
const MAX_COMMAND_BYTES = 64 * 1024;

/** Makes the boots of a folder, failures first, then in the order of their names. */
export function gatherBoots(evidence: Evidence): BootView[] {
  const seen = new Set<string>();
  const boots = evidence.files.flatMap((file) => {
    if (!isDocument(file) || seen.has(file.sha256)) return [];
    const { title } = file.content.document;
    const view =
      title === RECORD ? recordView(evidence, file) : title === SMOKE ? smokeView(evidence, file) : undefined;
    if (view === undefined) return [];
    seen.add(file.sha256);
    return [view];
  });
  const ids = new Set<string>();
  const named = boots.map((boot) => {
    // Two machines may have run the same case.
    const id = ids.has(boot.id) ? idOf('boot', boot.source.path) : boot.id;
    ids.add(id);
    return { ...boot, id };
  });
  const rank = ({ state }: BootView) => (state === 'bad' ? 0 : state === 'unknown' ? 1 : 2);
  return named.sort((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
}

function recordView(evidence: Evidence, file: DocumentFile): BootView {
  const check = evidence.records.get(file.path) ?? { reason: 'was not verified' };
  const log = findNamed(evidence.files, lineOf(file, 'serial_log_path'), file.folder);
  const view = readLog(evidence, log, digestOf(file, 'serial_log_sha256'));
  const verdict = 'verified' in check ? verdictOf(check.verified) : undefined;
  const reason = 'reason' in check ? `does not hold: ${check.reason}` : verdict?.reason;
  const text = (key: string) => lineOf(file, key);
  const format = text('image_format');
  const memory = 'verified' in check ? `, ${check.verified.command.memoryMib} MiB` : '';
  return {
    id: idOf('boot', text('case') ?? file.path),
    name: text('case') ?? file.path,
    source: file,
    ...(verdict ?? { state: 'bad', word: 'broken' }),
    reason,
    form: format === 'iso' || format === 'qcow2' || format === 'raw' ? format : undefined,
    imageSha256: digestOf(file, 'image_sha256_before'),
    attach: text('attach'),
    machine: text('machine_name') ?? 'unknown',
    machineType: text('qemu_machine_resolved'),
    firmware: text('firmware'),
    durationMs: numberOf(file, 'boot_duration_ms'),
    parts: partsOf((phase) => numberOf(file, `phase_${phase}_ms`)),
    details: [
      ...machineDetails(file, `${text('qemu_machine_resolved') ?? 'unknown'}${memory}`),
      { name: 'Firmware', text: text('firmware'), sha256: digestOf(file, 'firmware_code_sha256_before') },
      imageDetail(file),
      {
        name: 'Expected',
        text: text('expected') === 'refusal' ? 'that the firmware refuses it' : 'that it boots',
      },
      { name: 'Ended', text: text('end') },
      ...ownDetails(file),
    ],
    ...logParts(view, reason),
    ...fileParts(evidence, file, 'qemu_argv_record_path', log),
  };
}

function verdictOf({ record, verdict }: VerifiedRecord): { state: State; word: string; reason?: string } {
  const wanted = record.expect === 'boot' ? 'booted' : 'refused';
  if (verdict.outcome === 'failed')
    return { state: 'bad', word: 'failed', ...(verdict.reason && { reason: verdict.reason }) };
  if (verdict.outcome === wanted)
    return wanted === 'booted' ? { state: 'good', word: 'booted' } : { state: 'refused', word: 'refused' };
  const reason =
    wanted === 'booted'
      ? 'the firmware refused it, and it had to boot'
      : 'it booted, and the firmware had to refuse it';
  return { state: 'bad', word: verdict.outcome, reason };
}

function smokeView(evidence: Evidence, file: DocumentFile): BootView {
  const text = (key: string) => lineOf(file, key);
  const iso = text('boot_seed_iso_path');
  const log = findNamed(evidence.files, text('serial_log_path'), file.folder);
  const view = readLog(evidence, log, digestOf(file, 'serial_log_sha256'));
  const { state, word, reason } = checkSmoke(evidence, file, view);
  const hasParts = file.content.document.sections.some(({ name }) => name === 'boot');
  return {
    id: idOf('boot', file.path),
    name: `${iso === undefined ? 'VM image' : 'ISO'}, ${text('boot_seed_smoke_emulator') ?? 'unknown'}`,
    source: file,
    state,
    word,
    reason,
    form: iso === undefined ? undefined : 'iso',
    imageSha256: digestOf(file, 'image_sha256_before'),
    // No case of a matrix.
    attach: undefined,
    machine: text('qemu_machine_resolved') ?? text('boot_seed_smoke_emulator') ?? 'unknown',
    machineType: text('qemu_machine_resolved'),
    firmware: text('firmware'),
    durationMs: numberOf(file, 'boot_duration_ms'),
    parts: hasParts
      ? partsOf((phase) => numberOf(file, `phase_${phase}_ms`, 'boot'))
      : partsOf((phase) => (phase === 'end' ? numberOf(file, 'boot_duration_ms') : undefined)),
    details: [
      ...machineDetails(file, text('qemu_machine_resolved') ?? 'none, emulated'),
      { name: 'Firmware', text: text('firmware'), sha256: digestOf(file, 'uefi_firmware_sha256') },
      imageDetail(file),
      { name: 'Ended', text: text('qemu_exit_code') && `with exit code ${text('qemu_exit_code')}` },
      ...ownDetails(file),
    ],
    ...logParts(view, reason),
    ...fileParts(evidence, file, 'qemu_argv_record_path', log),
  };
}

function machineDetails(file: DocumentFile, machine: string): Detail[] {
  const version = lineOf(file, 'qemu_version') ?? lineOf(file, 'emulator_version');
  const by = lineOf(file, 'boot_seed_smoke_emulator') ?? 'QEMU';
  const accelerator = lineOf(file, 'qemu_accelerator');
  return [
    { name: 'Machine', text: machine },
    {
      name: 'Emulator',
      text: `${by === 'qemu' ? 'QEMU' : by} ${version ?? 'of unknown version'}${accelerator === undefined ? '' : `, ${accelerator}`}`,
    },
  ];
}

function imageDetail(file: DocumentFile): Detail {
  const [before, after] = ['before', 'after'].map((when) => digestOf(file, `image_sha256_${when}`));
  if (before === undefined || before !== after)
    return { name: 'Image', text: 'changed by the boot', sha256: after, state: 'bad' };
  return { name: 'Image', text: 'unchanged by the boot', sha256: before };
}

function ownDetails(file: DocumentFile): Detail[] {
  return ['loader', 'kernel'].map((part) => {
    const own = lineOf(file, `${part}_is_ours`);
    const text = own === '1' ? 'ours, byte for byte' : own === '0' ? 'not ours' : 'nobody looked whose';
    return { name: part === 'loader' ? 'Loader' : 'Kernel', text };
  });
}

function logParts(view: LogView, reason: string | undefined) {
  return {
    decisive: decisiveLines(view.lines, reason),
    tail: view.lines.slice(-14),
    logLines: view.lines.length,
    log: view.file,
  };
}

function fileParts(evidence: Evidence, file: DocumentFile, key: string, log: EvidenceFile | undefined) {
  const argv = findNamed(evidence.files, lineOf(file, key), file.folder);
  const command =
    argv === undefined || argv.size > MAX_COMMAND_BYTES || argv === log
      ? undefined
      : withoutFolders(evidence.again(argv, MAX_COMMAND_BYTES).toString('utf8').trimEnd());
  const screenshot = findNamed(evidence.files, lineOf(file, 'screenshot_path'), file.folder);
  const screen =
    screenshot?.content.kind === 'picture'
      ? { source: screenshot, width: 0, height: 0, png: undefined }
      : undefined;
  return { command, screen };
}
