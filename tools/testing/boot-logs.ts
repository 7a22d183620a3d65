// SPDX-License-Identifier: Apache-2.0
/**
 * Logs and ends of boots of the seed, and what everybody who judges one has to say of them: the verdict itself, the smoke
 * report, the validation of boot evidence, the verification of a record of the boot matrix.
 */

export const SENTINEL = 'LATTICRA_BOOT_SEED_OK';
export const BUILD_ID_PREFIX = 'LATTICRA_BUILD_ID ';
export const BUILD_ID = 'table-1';
export const EXIT_CODE = 33;
const ID = `${BUILD_ID_PREFIX}${BUILD_ID}`;
const OTHER = `${BUILD_ID_PREFIX}table-2`;
/** What the OVMF of Debian 12 writes of a loader that it does not take. */
export const REFUSAL =
  'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00011 " from PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x5,0xFFFF,0x0): Access Denied';

/** What is said of a boot in words, as `describeEnd` of vm-run has it. */
export type RowEnd =
  | { readonly kind: 'exit'; readonly code: number; readonly shutdown?: string }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'stopped'; readonly line: string }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'flood'; readonly limitBytes: number };

/** One boot. */
export interface BootRow {
  readonly name: string;
  /** The bytes of its serial log. */
  readonly log: string;
  readonly end: RowEnd;
  /** What the machine had to do. */
  readonly expect: 'boot' | 'refusal';
  readonly firmware: 'seabios' | 'uefi';
  /** What is no longer, after the run, what it was before. */
  readonly changed?: 'image' | 'firmware';
  /** The outcome, or the code of the failure; the matrix gives the same as its reason. */
  readonly verdict: string;
  /** The matrix's outcome where that is another: what happened, whatever was to happen. */
  readonly matrix?: string;
  /** `report`, or the code of the VmRunError; a smoke always wants a boot. */
  readonly smoke: string;
  /** `holds`, or the code of the BootPreviewError; a record can only be of a boot with the exit code, else it is no `record`. */
  readonly evidence: string;
}

const text = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
const ended = { kind: 'exit', code: EXIT_CODE } as const;
const boot = { end: ended, expect: 'boot', firmware: 'seabios' } as const;
const refusal = {
  end: { kind: 'stopped', line: REFUSAL },
  expect: 'refusal',
  firmware: 'uefi',
  smoke: 'stopped',
  evidence: 'record',
} as const;
const good = { verdict: 'booted', smoke: 'report', evidence: 'holds' } as const;
const replayed = { verdict: 'replayed', smoke: 'replayed', evidence: 'replayed-log' } as const;
const missing = (evidence: string) => ({ verdict: 'missing-line', smoke: 'missing-line', evidence }) as const;
const badEnd = (code: string) => ({ verdict: code, smoke: code, evidence: 'record' }) as const;

export const BOOT_ROWS: readonly BootRow[] = [
  { ...boot, ...good, name: 'one boot', log: text(SENTINEL, ID) },
  {
    ...boot,
    ...good,
    name: 'lines of firmware and loader around it',
    log: text('GRUB', SENTINEL, '', ID, 'bye'),
  },
  { ...boot, ...good, name: 'a last line that was never ended', log: `${text(SENTINEL, ID)}halti` },
  { ...boot, ...good, name: 'colours around a line', log: text(`\u001b[32m${SENTINEL}\u001b[0m`, ID) },
  { ...boot, ...good, name: 'the build id before the sentinel', log: text(ID, SENTINEL) },

  { ...boot, ...replayed, name: 'the sentinel twice', log: text(SENTINEL, SENTINEL, ID) },
  { ...boot, ...replayed, name: 'the build id twice', log: text(SENTINEL, ID, ID) },
  { ...boot, ...replayed, name: 'two boots', log: text(SENTINEL, ID, SENTINEL, ID) },
  { ...boot, ...replayed, name: 'another build id behind it', log: text(SENTINEL, ID, OTHER) },
  { ...boot, ...replayed, name: 'an old log before it', log: text(SENTINEL, OTHER, SENTINEL, ID) },
  { ...boot, ...replayed, name: 'another build id instead', log: text(SENTINEL, OTHER) },
  { ...boot, ...replayed, name: 'a build id of nothing', log: text(SENTINEL, ID, BUILD_ID_PREFIX) },
  { ...boot, ...replayed, name: 'a longer build id', log: text(SENTINEL, ID, `${ID}.1`) },
  {
    ...boot,
    ...replayed,
    name: 'a doubled sentinel and another build id',
    log: text(SENTINEL, SENTINEL, ID, OTHER),
  },
  { ...boot, ...replayed, name: 'a second boot that was cut off', log: `${text(SENTINEL, ID)}${SENTINEL}` },
  { ...boot, ...replayed, name: 'another build id that was cut off', log: `${text(SENTINEL, ID)}${OTHER}` },

  { ...boot, ...missing('no-sentinel'), name: 'nothing', log: '' },
  { ...boot, ...missing('no-sentinel'), name: 'no sentinel', log: text(ID) },
  {
    ...boot,
    ...missing('no-sentinel'),
    name: 'a sentinel with something around it',
    log: text(`x${SENTINEL}`, ID),
  },
  { ...boot, ...missing('no-sentinel'), name: 'a sentinel that was cut off', log: `${text(ID)}${SENTINEL}` },
  {
    ...boot,
    ...missing('no-sentinel'),
    name: 'a sentinel in a title',
    log: text(`\u001b]0;${SENTINEL}\u0007`, ID),
  },
  { ...boot, ...missing('replayed-log'), name: 'no build id', log: text(SENTINEL) },
  {
    ...boot,
    ...missing('replayed-log'),
    name: 'a build id with something before it',
    log: text(SENTINEL, `x${ID}`),
  },
  { ...boot, ...missing('replayed-log'), name: 'a build id that was cut off', log: `${text(SENTINEL)}${ID}` },

  {
    ...boot,
    ...badEnd('exit-code'),
    name: 'another exit code',
    log: text(SENTINEL, ID),
    end: { kind: 'exit', code: 0 },
  },
  {
    ...boot,
    ...badEnd('exit-code'),
    name: 'a reset',
    log: text(SENTINEL, ID),
    end: { kind: 'exit', code: 0, shutdown: 'guest-reset' },
  },
  {
    ...boot,
    ...badEnd('timeout'),
    name: 'a time-out',
    log: text(SENTINEL, ID),
    end: { kind: 'timeout', timeoutMs: 1500 },
  },
  {
    ...boot,
    ...badEnd('flood'),
    name: 'a flood',
    log: text(SENTINEL, ID),
    end: { kind: 'flood', limitBytes: 9 },
  },
  {
    ...boot,
    ...badEnd('signal'),
    name: 'a kill',
    log: text(SENTINEL, ID),
    end: { kind: 'signal', signal: 'SIGKILL' },
  },
  {
    ...boot,
    ...badEnd('stopped'),
    name: 'a stop at its last line',
    log: text(SENTINEL, ID),
    end: { kind: 'stopped', line: ID },
  },
  {
    ...boot,
    verdict: 'image-changed',
    smoke: 'image-changed',
    evidence: 'image-changed',
    name: 'an image that changed',
    log: text(SENTINEL, ID),
    changed: 'image',
  },
  {
    ...boot,
    verdict: 'firmware-changed',
    smoke: 'firmware-changed',
    // A record holds the firmware once, to be compared with what the machine has.
    evidence: 'holds',
    name: 'firmware that changed',
    log: text(SENTINEL, ID),
    changed: 'firmware',
  },
  {
    ...boot,
    ...badEnd('stopped'),
    name: 'a refusal where a boot is expected',
    matrix: 'refused',
    firmware: 'uefi',
    log: text(REFUSAL),
    end: refusal.end,
  },

  { ...refusal, verdict: 'refused', name: 'a refusal', log: text(REFUSAL) },
  { ...refusal, verdict: 'not-refused', name: 'a refusal behind a boot', log: text(SENTINEL, ID, REFUSAL) },
  { ...refusal, verdict: 'not-refused', name: 'a refusal before a sentinel', log: text(REFUSAL, SENTINEL) },
  {
    ...refusal,
    verdict: 'not-refused',
    name: 'a refusal before a sentinel that was cut off',
    log: `${text(REFUSAL)}${SENTINEL}`,
  },
  { ...refusal, verdict: 'not-refused', name: 'a refusal and another build', log: text(OTHER, REFUSAL) },
  {
    ...refusal,
    verdict: 'not-refused',
    smoke: 'forbidden-line',
    name: 'a refusal and what our loader says',
    log: text('LATTICRA_LOADER_ERROR no kernel', REFUSAL),
  },
  { ...refusal, verdict: 'not-refused', name: 'a refusal that the log lacks', log: text('BdsDxe: loading') },
  {
    ...refusal,
    verdict: 'not-refused',
    smoke: 'timeout',
    name: 'a refusal that was not waited for',
    log: text(REFUSAL),
    end: { kind: 'timeout', timeoutMs: 1000 },
  },
  {
    ...refusal,
    verdict: 'not-refused',
    name: 'a refusal by SeaBIOS',
    log: text(REFUSAL),
    firmware: 'seabios',
  },
  {
    ...refusal,
    verdict: 'not-refused',
    matrix: 'booted',
    smoke: 'report',
    evidence: 'holds',
    name: 'a boot where a refusal is expected',
    log: text(SENTINEL, ID),
    end: ended,
  },
  {
    ...refusal,
    verdict: 'image-changed',
    smoke: 'image-changed',
    name: 'a refusal with an image that changed',
    log: text(REFUSAL),
    changed: 'image',
  },
];
