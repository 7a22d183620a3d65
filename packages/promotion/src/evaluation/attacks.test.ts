// SPDX-License-Identifier: Apache-2.0
/** Evidence that is not what it looks like: each attack is named, and the field that it was made for stays unsatisfied. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { generateEd25519Key, NAMESPACES } from '@latticra/signature';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  copyEvidence,
  evaluate,
  hostOf,
  type Laid,
  layBoot,
  optionsFor,
  removeEvidence,
} from '../../test/evidence.js';
import { ALLOWED, allowedLine, KEYS, policyOf, signFile } from '../../test/keys.js';
import { layTranscript, logOf, SAID, sum } from '../../test/transcripts.js';
import { evaluatePromotion, FIELD_NAMES, type FieldName } from '../index.js';

let laid: Laid;
let evidence: string;
beforeEach(async () => {
  laid = await copyEvidence();
  evidence = join(laid.home, 'evidence');
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

/** Fields that lack something although nothing was attacked: nobody reviewed anything. */
const UNREVIEWED: FieldName = 'artifact_reproducibility_reviewed';

/** Evaluates, and returns the fields that are lost, what is missing for them, and what was refused. */
async function after(changes: Parameters<typeof evaluate>[1] = {}) {
  const { said } = await evaluate(laid.home, changes);
  const lost = FIELD_NAMES.filter((name) => !said.fields[name].isSatisfied && name !== UNREVIEWED);
  return {
    said,
    lost,
    missing: lost.map((name) => said.fields[name].evidence).join('\n'),
    refused: said.refused.join('\n'),
  };
}

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(evidence, path), change(readFileSync(join(evidence, path), 'utf8')));
const flip = (path: string) => {
  const bytes = readFileSync(join(evidence, path));
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(join(evidence, path), bytes);
};
const remove = (...paths: string[]) => {
  for (const path of paths) rmSync(join(evidence, path), { recursive: true });
};
const iso = () => laid.record.iso ?? { sha256: '', size: 0 };
const MULTI: FieldName = 'multi_machine_validation_recorded';

describe('attacks on transcripts', () => {
  const usb = 'transcripts/usb-write';
  const FIELD: FieldName = 'hardware_usb_write_transcript_recorded';

  it('a transcript without its log is refused by name, and the other fields are answered', async () => {
    remove(`${usb}.log`);
    const { lost, refused } = await after();
    expect(lost).toEqual([FIELD]);
    expect(refused).toContain(`${usb}.txt: its log usb-write.log is not beside it`);
  });

  it('a transcript with a log of another device is refused by name', async () => {
    const log = logOf({ ...SAID, image: iso(), device: { ...SAID.device, serial: 'OTHER-9' } });
    signFile(
      layTranscript(join(evidence, 'transcripts'), 'usb-write', { image: iso() }, log),
      NAMESPACES.transcript,
      KEYS['alice@example.org'],
    );
    const { lost, refused } = await after();
    expect(lost).toEqual([FIELD]);
    expect(refused).toContain('does not show the device with the serial number');
  });

  it('a transcript whose times are reversed is refused by name', async () => {
    edit(`${usb}.txt`, (text) => text.replace(/^ended_at=.*$/m, 'ended_at=2026-10-01T00:00:00Z'));
    const { lost, refused } = await after();
    expect(lost).toEqual([FIELD]);
    expect(refused).toContain('is before started_at');
  });

  it('a transcript of work that is still to come does not count', async () => {
    const later = { image: iso(), endedAt: '2026-12-01T00:00:01Z' };
    const path = layTranscript(join(evidence, 'transcripts'), 'usb-write', later);
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    const { lost, missing } = await after();
    expect(lost).toEqual([FIELD]);
    expect(missing).toContain('ended_at 2026-12-01T00:00:01Z is after 2026-12-01T00:00:00Z');
  });

  it('a transcript that was changed after it was signed does not count', async () => {
    edit(`${usb}.txt`, (text) => text.replace('went well', 'went very well'));
    const { lost, missing } = await after();
    expect(lost).toEqual([FIELD]);
    expect(missing).toContain('not a signature of this file');
  });

  it('a transcript that somebody else than its operator signed does not count', async () => {
    const path = layTranscript(join(evidence, 'transcripts'), 'usb-write', {
      image: iso(),
      operator: 'mallory@example.org',
    });
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    const { lost, missing } = await after();
    expect(lost).toEqual([FIELD]);
    expect(missing).toContain('is signed by alice@example.org, but its operator is mallory@example.org');
  });

  it('a transcript that says that it failed, or of another version, does not count', async () => {
    for (const changes of [{ outcome: 'failed' as const }, { artifactVersion: '0.9' }]) {
      const path = layTranscript(join(evidence, 'transcripts'), 'usb-write', { image: iso(), ...changes });
      signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
      expect((await after()).lost).toEqual([FIELD]);
    }
  });

  it('a transcript of another image counts for nothing', async () => {
    const path = layTranscript(join(evidence, 'transcripts'), 'usb-write');
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    expect((await after()).lost).toEqual([FIELD]);
  });

  it('one log under transcripts of two kinds shows neither, whatever nobody sees was added to the copy', async () => {
    const image = iso();
    const log = logOf({ ...SAID, image });
    const copies = [
      `${log}\n`,
      log.replaceAll('\r', ''),
      log.replaceAll('11:00:01', '11:00:02'),
      log.replace('1+0 records', '1\u200b+0 records'),
      log.replace('1+0 records', '\u001b[1m1\u001b[0m+0 records'),
    ];
    const lay = (kind: 'usb-write' | 'recovery', text: string) =>
      signFile(
        layTranscript(join(evidence, 'transcripts'), kind, { kind, image }, text),
        NAMESPACES.transcript,
        KEYS['alice@example.org'],
      );
    lay('usb-write', log);
    for (const copy of copies) {
      lay('recovery', copy);
      const { lost, missing } = await after();
      expect(lost, JSON.stringify(copy)).toEqual([FIELD, 'uninstall_or_reimage_recovery_recorded']);
      expect(missing).toContain('are of one log');
    }
  });

  it('one log under transcripts of two kinds shows neither', async () => {
    const log = logOf({ ...SAID, image: iso() });
    for (const kind of ['usb-write', 'recovery'] as const) {
      const path = layTranscript(join(evidence, 'transcripts'), kind, { kind, image: iso() }, log);
      signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    }
    const { lost, missing } = await after();
    expect(lost).toEqual([FIELD, 'uninstall_or_reimage_recovery_recorded']);
    expect(missing).toContain('are of one log');
  });
});

describe('attacks on machines and boots', () => {
  it('one boot record copied as two is one machine', async () => {
    remove('boots/second', 'transcripts/install.txt');
    cpSync(join(evidence, 'boots/first'), join(evidence, 'boots/copy'), { recursive: true });
    const { lost } = await after();
    expect(lost).toEqual(['hardware_install_transcript_recorded', MULTI]);
  });

  it('one machine key under two names is nobody’s', async () => {
    const twice = ALLOWED + allowedLine('machine-3', KEYS['machine-1'], [NAMESPACES.boot]);
    remove('transcripts/install.txt');
    const { lost, missing } = await after({ policy: policyOf(twice) });
    expect(lost).toContain(MULTI);
    expect(missing).toContain('so far 1 signed');
  });

  it('two keys that say the same of their machine are one machine', async () => {
    remove('boots/second', 'transcripts/install.txt');
    for (const changes of [{ durationMs: 421 }, { qemuVersion: '8.2.0', machineResolved: 'pc-i440fx-8.2' }]) {
      layBoot(join(evidence, 'boots/second'), iso(), 'machine-2', { host: hostOf('1'), ...changes });
      expect((await after()).lost).toContain(MULTI);
    }
  });

  it('two machines that share a key, or a name, are one', async () => {
    remove('transcripts/install.txt');
    signFile(join(evidence, 'boots/second/record.txt'), NAMESPACES.boot, KEYS['machine-1']);
    expect((await after()).lost).toContain(MULTI);
    const other = generateEd25519Key('');
    signFile(join(evidence, 'boots/second/record.txt'), NAMESPACES.boot, other);
    const policy = policyOf(ALLOWED + allowedLine('machine-1', other, [NAMESPACES.boot]));
    expect((await after({ policy })).lost).toContain(MULTI);
  });

  it('a boot of another image counts for nothing', async () => {
    remove('boots', 'transcripts/install.txt');
    layBoot(join(evidence, 'boots/first'), { sha256: 'e'.repeat(64), size: 1 }, 'machine-1');
    expect((await after()).lost).toEqual([
      'hardware_install_transcript_recorded',
      'vm_boot_transcript_recorded',
      'serial_console_boot_log_recorded',
      MULTI,
    ]);
  });

  it('a boot record whose log was changed is refused by name', async () => {
    remove('boots/second');
    appendFileSync(join(evidence, 'boots/first/serial.log'), 'more\n');
    const { lost, refused } = await after();
    expect(lost).toEqual(['vm_boot_transcript_recorded', 'serial_console_boot_log_recorded', MULTI]);
    expect(refused).toMatch(/boots\/first\/record\.txt: serial\.log has the digest/);
  });

  it('a boot record beside a signature that does not hold does not count', async () => {
    remove('boots/second', 'transcripts/install.txt');
    signFile(join(evidence, 'boots/first/record.txt'), NAMESPACES.boot, KEYS['bob@example.org']);
    const { lost, missing } = await after();
    expect(lost).toContain('vm_boot_transcript_recorded');
    expect(missing).toContain('is not allowed for latticra-boot');
  });
});

describe('attacks on builds, artifacts and SBOMs', () => {
  it('a build record whose command does not make these bytes is refused by name', async () => {
    remove('two');
    edit('one/os-image-build.txt', (text) => text.replaceAll('test.1', 'test.2'));
    const { lost, refused } = await after();
    expect(lost).toContain('iso_build_command_recorded');
    expect(lost).toContain('kernel_image_recorded');
    expect(refused).toMatch(/one\/os-image-build\.txt: /);
  });

  it('a changed byte in an image is found, in its build and in its manifest', async () => {
    remove('two');
    flip('one/latticra-x86_64.iso');
    const { said, refused } = await after();
    expect(Object.values(said.fields).some(({ isSatisfied }) => isSatisfied)).toBe(false);
    expect(refused).toMatch(/one\/manifest\.txt: /);
  });

  it('an SBOM of another image counts for nothing', async () => {
    remove('two', 'one/os-image-build.txt');
    edit('one/sbom.spdx.json', (text) => text.replaceAll(iso().sha256, 'e'.repeat(64)));
    const { lost, missing } = await after();
    expect(lost).toContain('sbom_recorded');
    expect(lost).toContain('license_metadata_recorded');
    expect(lost).not.toContain('artifact_sha256_recorded');
    expect(missing).toContain(`that lists ${iso().sha256}`);
  });

  it('an SBOM that nobody named does not make up for the one that the manifest names', async () => {
    remove('two', 'one/os-image-build.txt');
    renameSync(join(evidence, 'one/sbom.spdx.json'), join(evidence, 'sbom.spdx.json'));
    writeFileSync(join(evidence, 'one/sbom.spdx.json'), '{"spdxVersion":"SPDX-2.3"}');
    const { lost, refused } = await after();
    expect(lost).toContain('sbom_recorded');
    expect(refused).toMatch(/one\/sbom\.spdx\.json: clause/);
  });

  it('a package without a licence and without a reason leaves the licences unrecorded', async () => {
    remove('two', 'one/os-image-build.txt');
    edit('one/sbom.spdx.json', (text) => text.replace(/"licenseComments": "[^"]*",\s*/, ''));
    const { lost } = await after();
    expect(lost).toContain('license_metadata_recorded');
    expect(lost).not.toContain('sbom_recorded');
  });

  it('a signature over another file, and one with trailing data, are worse than no signature', async () => {
    signFile(join(evidence, 'one/manifest.txt'), NAMESPACES.artifact, KEYS['builder@example.org']);
    renameSync(join(evidence, 'one/manifest.txt.sig'), join(evidence, 'one/latticra-x86_64.iso.sig'));
    const other = await after();
    expect(other.lost).toEqual(['artifact_signature_recorded_or_unsigned_local_status_declared']);
    expect(other.missing).toContain('not a signature of this file');
    appendFileSync(join(evidence, 'one/latticra-x86_64.iso.sig'), 'more\n');
    expect((await after()).refused).toMatch(/one\/latticra-x86_64\.iso\.sig: /);
  });

  it('a signed image counts by its signature, over sha512 as well', async () => {
    for (const image of ['iso', 'qcow2'])
      signFile(
        join(evidence, `one/latticra-x86_64.${image}`),
        NAMESPACES.artifact,
        KEYS['builder@example.org'],
        'sha512',
      );
    const { said } = await after();
    expect(said.fields.artifact_signature_recorded_or_unsigned_local_status_declared.evidence).toMatch(
      /^one\/latticra-x86_64\.iso sha256:/,
    );
  });

  it('a tag that was moved, or of which nobody knows, is not recorded', async () => {
    const moved = await after({
      checkTag: async () =>
        Promise.reject(
          new (await import('../index.js')).PromotionError('bad-evidence', 'the tag v1.0 stands for x'),
        ),
    });
    expect(moved.lost).toEqual(['source_tag_recorded']);
    expect(moved.missing).toContain('the tag v1.0 stands for x');
    remove('one/os-image-build.txt.sig', 'two/os-image-build.txt.sig');
    expect((await after({ checkTag: async () => 'unknown' })).lost).toEqual(['source_tag_recorded']);
  });

  it('a build record that lies there twice is one build', async () => {
    remove('two');
    cpSync(join(evidence, 'one'), join(evidence, 'copy'), { recursive: true });
    const { said } = await after();
    expect(said.fields[UNREVIEWED].evidence).toContain('a second build, elsewhere');
  });
});

describe('attacks on the folder', () => {
  it('a link, to a file or to a folder outside, is refused by name and not followed', async () => {
    renameSync(join(evidence, 'boots'), join(laid.home, 'boots'));
    symlinkSync('../boots', join(evidence, 'boots'));
    renameSync(join(evidence, 'transcripts/usb-write.log'), join(laid.home, 'usb.log'));
    symlinkSync('../../usb.log', join(evidence, 'transcripts/usb-write.log'));
    const { lost, refused } = await after();
    expect(lost).toEqual([
      'hardware_usb_write_transcript_recorded',
      'vm_boot_transcript_recorded',
      'serial_console_boot_log_recorded',
      MULTI,
    ]);
    expect(refused).toContain('boots: is a symbolic link');
    expect(refused).toContain('transcripts/usb-write.log: is a symbolic link');
  });

  it('a manifest that leads out of its folder by .. is refused by name', async () => {
    remove('two', 'one/os-image-build.txt');
    renameSync(join(evidence, 'one/latticra-x86_64.iso'), join(laid.home, 'x.iso'));
    edit('one/manifest.txt', (text) =>
      text.replace('iso_artifact_path=latticra-x86_64.iso', 'iso_artifact_path=../../x.iso'),
    );
    const { refused, said } = await after();
    expect(refused).toMatch(/one\/manifest\.txt: .*lies outside/);
    expect(said.manifest.path).toBeUndefined();
  });

  it.each([
    'one/os-image-build.txt',
    'boots/first/record.txt',
    'transcripts/install.txt',
    'one/manifest.txt',
  ])('a claim edited to 1 in %s is refused by name', async (path) => {
    edit(path, (text) => text.replace('bootable_os_ready=0', 'bootable_os_ready=1'));
    expect((await after()).refused).toMatch(new RegExp(`${path}: .*bootable_os_ready`));
  });

  it('a claim of 1 in a document that nobody asked for is refused by name too', async () => {
    writeFileSync(join(evidence, 'report.txt'), 'LATTICRA SOME REPORT\nproduction_os_claim=1\n');
    expect((await after()).refused).toMatch(/report\.txt: .*production_os_claim/);
  });

  it('evidence counts under whatever name, and what is not understood is listed', async () => {
    renameSync(join(evidence, 'transcripts/install.txt'), join(evidence, 'transcripts/boot.iso'));
    renameSync(join(evidence, 'transcripts/install.txt.sig'), join(evidence, 'transcripts/boot.iso.sig'));
    writeFileSync(join(evidence, 'record.txt'), Buffer.from([0, 1, 2, 3]));
    writeFileSync(join(evidence, 'empty.iso'), '');
    const { lost, said } = await after();
    expect(lost).toEqual([]);
    expect(said.unrecognized.map((line) => line.split(':')[0])).toEqual(['empty.iso', 'record.txt']);
  });

  it('manifests of two releases are refused unless one is named', async () => {
    mkdirSync(join(evidence, 'other'));
    cpSync(join(evidence, 'one'), join(evidence, 'other'), { recursive: true });
    remove('other/os-image-build.txt');
    edit('other/manifest.txt', (text) => text.replace('artifact_version=1.0', 'artifact_version=2.0'));
    await expect(evaluatePromotion(optionsFor(laid.home))).rejects.toThrow(
      expect.objectContaining({
        code: 'bad-evidence',
        message: expect.stringContaining('different releases'),
      }),
    );
    const { said } = await evaluate(laid.home, { artifactManifest: 'other/manifest.txt' });
    expect(said.version).toBe('2.0');
    expect(said.fields.hardware_install_transcript_recorded.evidence).toContain('is of version 1.0');
  });

  it('nobody’s signature counts without a list of allowed signers', async () => {
    const { lost, missing } = await after({ policy: undefined });
    expect(lost).toEqual([
      'hardware_usb_write_transcript_recorded',
      'hardware_install_transcript_recorded',
      'vm_boot_transcript_recorded',
      'serial_console_boot_log_recorded',
      'post_install_verification_recorded',
      'uninstall_or_reimage_recovery_recorded',
      MULTI,
    ]);
    expect(missing).toContain('--allowed-signers was not given');
    expect(sum('')).toHaveLength(64);
  });
});
