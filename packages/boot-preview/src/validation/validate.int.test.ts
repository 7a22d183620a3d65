// SPDX-License-Identifier: Apache-2.0
/** Real boots of all three profiles, and every way to pass something else off as such. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { bootPreviewFixture } from '@latticra/manifest';
import { firmwareRoots } from '@latticra/toolchain';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWith } from '../../../../tools/testing/tools.js';
import { ATTACKED, ATTACKS, type Scene } from '../../test/attacks.js';
import { CAPTURE_TOOLS, type ConsentedImage, captureImage, consentedImage } from '../../test/captures.js';
import { copyRecord, type RecordCopy } from '../../test/record-copy.js';
import type { HeldPlace } from '../files/inside.js';
import type { RecordedFile } from '../files/recorded.js';
import {
  type CapturedEvidence,
  evidenceValidationDocument,
  PROFILE_NAMES,
  validateEvidence,
} from '../index.js';

const SLOW = 240_000;

/** A hook that is called for each file as soon as it was read for its digest or content. */
const reading = vi.hoisted(() => ({ done: (_path: string) => {} }));
vi.mock('../files/check.js', async (importOriginal) => {
  const files = await importOriginal<typeof import('../files/check.js')>();
  const told =
    <Rest extends unknown[], T>(
      read: (place: HeldPlace, name: string, file: RecordedFile, ...rest: Rest) => Promise<T>,
    ) =>
    async (place: HeldPlace, name: string, file: RecordedFile, ...rest: Rest) => {
      const result = await read(place, name, file, ...rest);
      reading.done(join(place.folder.path, file.path));
      return result;
    };
  return { ...files, checkFile: told(files.checkFile), readRecorded: told(files.readRecorded) };
});

const OVMF = ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'] as const;

describeWith([...CAPTURE_TOOLS, 'qemu-img', ...OVMF], 'a boot by firmware in qcow2 files', () => {
  it(
    'a boot by firmware that is there in qcow2 files alone is captured, and its record holds',
    async () => {
      const cwd = mkdtempSync(join(tmpdir(), 'evidence-qcow2-'));
      try {
        const pair = OVMF.map((from) => {
          const to = join(cwd, `${basename(from, '.fd')}.qcow2`);
          execFileSync('qemu-img', ['convert', '-O', 'qcow2', from, to]);
          return to;
        });
        const [code = '', vars = ''] = pair;
        const roots = { descriptorFolders: [], uefiPairs: [[code, vars] as const], seaBios: [] };
        const image = await consentedImage(cwd, 'x86_64-grub2-uefi-preview');
        const record = await captureImage(cwd, image, { roots });
        const argv = readFileSync(
          join(dirname(record.path), 'x86_64-grub2-uefi-preview/qemu-argv.txt'),
          'utf8',
        );
        expect(argv).toContain(`unit=0,format=qcow2,readonly=on,file=${code}`);
        const validated = await validateEvidence([record.path], { cwd });
        expect(validated.get('x86_64-grub2-uefi-preview')?.unverifiable).toEqual([]);
      } finally {
        rmSync(cwd, { recursive: true, force: true });
      }
    },
    SLOW,
  );
});

describeWith(CAPTURE_TOOLS, 'evidence of real boots', () => {
  let cwd = '';
  let firmware = '';
  const records = new Map<string, CapturedEvidence>();
  let image: ConsentedImage;
  let otherImage: ConsentedImage;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'evidence-'));
    // A SeaBIOS of our own, so that it can be swapped.
    firmware = join(cwd, 'bios.bin');
    copyFileSync('/usr/share/seabios/bios-256k.bin', firmware);
    const roots = { ...firmwareRoots(), seaBios: [firmware] };
    for (const profile of PROFILE_NAMES) {
      const built = await consentedImage(cwd, profile);
      if (profile === ATTACKED) image = built;
      records.set(profile, await captureImage(cwd, built, { roots }));
    }
    otherImage = await consentedImage(cwd, ATTACKED, 'other-build');
  }, SLOW);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const recordOf = (profile: string) => records.get(profile)?.path ?? expect.fail(`no record of ${profile}`);
  const report = async (...paths: string[]) => {
    const { path, sha256, fixture } = await bootPreviewFixture.load(undefined, cwd);
    const guarded = { manifestPath: path, manifestSha256: sha256, fixture };
    const text = formatDocument(evidenceValidationDocument(guarded, await validateEvidence(paths, { cwd })));
    return {
      text,
      values: Object.fromEntries(parseDocument(text).fields.map(({ key, value }) => [key, value])),
    };
  };
  /** Tampers with a copy of a record, and validates it. */
  const tampered = async (tamper: (copy: RecordCopy, scene: Scene) => void) => {
    const copy = copyRecord(recordOf(ATTACKED), mkdtempSync(join(cwd, 'copy-')));
    tamper(copy, { cwd, image, otherImage });
    return {
      copy,
      validation: await validateEvidence([copy.path], { cwd }).catch((error: unknown) => error),
    };
  };

  describe('records as they were written', () => {
    it('evidence of all three profiles is a candidate for review, and claims nothing', async () => {
      const { values, text } = await report(...PROFILE_NAMES.map(recordOf));
      expect(values).toMatchObject({
        boot_evidence_candidate_ready: '1',
        qemu_i440fx_seabios_boot_validation_completed: '1',
        qemu_grub2_bios_boot_validation_completed: '1',
        qemu_ovmf_grub2_uefi_boot_validation_completed: '1',
        serial_console_boot_log_recorded: '1',
        read_only_vm_evidence_recorded: '1',
        screenshot_recorded: '1',
        boot_artifact_signature_recorded: '0',
        seabios_grub_boot_claim_allowed: '0',
        bootable_os_ready: '0',
        production_os_claim: '0',
      });
      expect(text).not.toContain('[missing_profiles]');
    });

    it('evidence is no candidate while a profile is missing, which is named', async () => {
      const { values, text } = await report(recordOf(ATTACKED));
      expect(values).toMatchObject({
        boot_evidence_candidate_ready: '0',
        boot_evidence_validation_decision: 'blocked-incomplete-evidence',
        qemu_i440fx_seabios_boot_validation_completed: '1',
        qemu_grub2_bios_boot_validation_completed: '0',
        serial_console_boot_log_recorded: '0',
      });
      expect(text).toContain(
        '\n[missing_profiles]\nreason_01=x86_64-grub2-bios-preview\nreason_02=x86_64-grub2-uefi-preview\n',
      );
    });

    it('evidence is judged by the very bytes that were measured, whatever takes their place', async () => {
      const copy = copyRecord(recordOf(ATTACKED), mkdtempSync(join(cwd, 'copy-')));
      const swapped = new Set<string>();
      const judged = /\.(log|toml|json)$|(qemu-argv|consent|preflight|manifest)\.txt$/;
      reading.done = (path) => {
        if (!judged.test(path) || !path.startsWith(dirname(copy.path))) return;
        swapped.add(basename(path));
        writeFileSync(path, 'swapped\n');
      };
      try {
        const validation = await validateEvidence([copy.path], { cwd });
        expect(validation).toEqual(new Map([[ATTACKED, expect.objectContaining({ unverifiable: [] })]]));
      } finally {
        reading.done = () => {};
      }
      expect([...swapped].sort()).toEqual(
        expect.arrayContaining(['operator-consent.txt', 'preflight.txt', 'qemu-argv.txt', 'serial.log']),
      );
      expect(swapped.size).toBeGreaterThanOrEqual(7);
    });

    it('evidence is judged in the folder that was there at first, whatever takes its place', async () => {
      const copy = copyRecord(recordOf(ATTACKED), mkdtempSync(join(cwd, 'copy-')));
      reading.done = () => {
        reading.done = () => {};
        renameSync(copy.folder, `${copy.folder}.aside`);
        cpSync(`${copy.folder}.aside`, copy.folder, { recursive: true });
        for (const name of ['serial_console_boot_log', 'disk_image', 'operator_consent']) {
          writeFileSync(copy.file(name), 'OUTSIDE');
        }
      };
      const validation = await validateEvidence([copy.path], { cwd });
      expect(validation).toEqual(new Map([[ATTACKED, expect.objectContaining({ unverifiable: [] })]]));
      expect(readFileSync(copy.file('disk_image'), 'utf8')).toBe('OUTSIDE');
    });

    it('a folder that becomes a link meanwhile is not followed, even with the same files behind it', async () => {
      const copy = copyRecord(recordOf(ATTACKED), mkdtempSync(join(cwd, 'copy-')));
      const folder = join(copy.folder, ATTACKED);
      reading.done = () => {
        reading.done = () => {};
        renameSync(folder, `${copy.folder}.aside`);
        symlinkSync(`${copy.folder}.aside`, folder);
      };
      await expect(validateEvidence([copy.path], { cwd })).rejects.toMatchObject({ code: 'path-escape' });
    });

    it('evidence still holds in another folder', async () => {
      const { validation } = await tampered(() => undefined);
      expect(validation).toEqual(new Map([[ATTACKED, expect.objectContaining({ unverifiable: [] })]]));
    });

    it('two records of one profile are refused', async () => {
      await expect(validateEvidence([recordOf(ATTACKED), recordOf(ATTACKED)], { cwd })).rejects.toMatchObject(
        {
          code: 'doubled-profile',
          kind: 'data',
          message: expect.stringContaining(`: profile: doubled-profile: ${recordOf(ATTACKED)}`),
        },
      );
    });

    it('the fields of the template name no path of this machine', () => {
      const text = readFileSync(recordOf(ATTACKED), 'utf8');
      const [top] = text.split('\n\n');
      expect(top).not.toContain(cwd);
    });

    it('a boot that was recorded changed nothing, and left nothing behind', () => {
      for (const [profile, { evidence }] of records) {
        expect(evidence.imageSha256After).toBe(evidence.files.diskImage.sha256);
        expect(readdirSync(join(cwd, 'evidence', profile)).filter((name) => name.startsWith('.'))).toEqual(
          [],
        );
      }
    });
  });

  const digest = (text: string | Uint8Array) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

  describe('records that were tampered with', () => {
    it.each(ATTACKS)('a record with %s is refused', async (_, code, field, tamper) => {
      const { validation } = await tampered(tamper);
      expect(validation).toMatchObject({ code, kind: 'data', message: expect.stringContaining(field) });
      if (field !== '' && code !== 'manifest') {
        expect(validation).toMatchObject({
          message: expect.stringMatching(new RegExp(`: ${field}.*: ${code}: `)),
        });
      }
    });

    const PATHS = [
      'preflight_report',
      'boot_preview_manifest',
      'boot_artifact_manifest',
      'serial_console_boot_log',
      'qemu_argv_record',
      'operator_console_boot',
      'operator_consent',
      'qemu_log',
      'screenshot',
      'screen_argv_record',
      'screen_serial_log',
    ];
    it.each(PATHS)('a record whose %s lies outside its folder is refused', async (name) => {
      for (const path of [
        '../outside',
        '/etc/passwd',
        `${ATTACKED}/../../outside`,
        './outside',
        `${ATTACKED}//outside`,
      ]) {
        const { validation } = await tampered((copy) => copy.set(`${name}_path`, path));
        expect(validation).toMatchObject({ code: 'path-escape', kind: 'data' });
        expect(validation).toMatchObject({ message: expect.stringContaining(`${name}_path: path-escape: `) });
      }
      const { validation } = await tampered((copy) => {
        const file = copy.file(name);
        const outside = join(mkdtempSync(join(cwd, 'outside-')), 'file');
        renameSync(file, outside);
        symlinkSync(outside, file);
      });
      expect(validation).toMatchObject({ code: 'path-escape', kind: 'data' });
    });

    it.each(['disk_image', 'operator_recovery', 'rollback_or_recovery'])(
      'a record whose %s is a link is refused',
      async (name) => {
        const { validation } = await tampered((copy) => {
          const file = copy.file(name);
          renameSync(file, `${file}.real`);
          symlinkSync(`${file}.real`, file);
        });
        expect(validation).toMatchObject({ code: 'path-escape', kind: 'data' });
      },
    );

    it('a record of which a file has another name too is refused', async () => {
      const { validation } = await tampered((copy) => {
        linkSync(copy.file('qemu_log'), join(cwd, `${basename(copy.folder)}.log`));
      });
      expect(validation).toMatchObject({ code: 'hard-linked', kind: 'data' });
    });

    it('the validation says which file is not there', async () => {
      const { validation } = await tampered((copy) => unlinkSync(copy.file('qemu_log')));
      expect(validation).toMatchObject({
        code: 'not-found',
        kind: 'input-missing',
        message: expect.stringContaining('qemu.log'),
      });
    });
  });

  describe('the firmware of a record', () => {
    it('a record whose firmware was swapped is refused, and one whose firmware is gone is incomplete', async () => {
      const bytes = readFileSync(firmware);
      try {
        const other = Buffer.from(bytes);
        other.writeUInt8(other.readUInt8(0) ^ 1, 0);
        writeFileSync(firmware, other);
        await expect(validateEvidence([recordOf(ATTACKED)], { cwd })).rejects.toMatchObject({
          code: 'firmware-changed',
          kind: 'data',
          message: expect.stringContaining(
            `firmware_code_sha256: firmware-changed: expected ${digest(bytes)}`,
          ),
        });
        rmSync(firmware);
        const { values, text } = await report(...PROFILE_NAMES.map(recordOf));
        expect(values).toMatchObject({
          boot_evidence_candidate_ready: '0',
          qemu_i440fx_seabios_boot_validation_completed: '0',
          qemu_ovmf_grub2_uefi_boot_validation_completed: '1',
        });
        expect(text).toContain(`firmware_code_path: ${firmware} is not on this machine\n`);
      } finally {
        writeFileSync(firmware, bytes);
      }
    });
  });
});
