// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, OTHER_ISO } from '../../../../tools/testing/images.js';
import {
  documentText,
  evaluationText,
  ISO_SHA256,
  layRecords,
  layRelease,
  MANIFEST_VALUES,
  releaseTexts,
  SCREEN,
  sbomText,
  sealText,
  sum,
  write,
} from '../../test/folder.js';
import { EvidenceReportError, readEvidence } from '../index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const other = `sha256:${sum('another')}`;
const titles = (list: readonly { readonly title: string }[]) => list.map(({ title }) => title);

describe('a release with some of everything', () => {
  it('what is wrong and what is missing is told with the documents that say so', async () => {
    layRelease(folder);
    const model = await readEvidence(folder);
    expect(model.verdict).toEqual({
      word: 'Blocked',
      state: 'bad',
      says: '17 of 20 promotion fields hold. 1 thing is wrong, 3 are not there yet.',
    });
    expect(model.wrong).toMatchObject([
      {
        title: expect.stringContaining('iso_usb_q35-uefi'),
        sources: [{ path: 'boot-records/iso_usb_q35-uefi/record.txt' }],
      },
    ]);
    expect(model.wrong[0]?.lines?.at(-1)).toContain('Kernel panic');
    expect(titles(model.missing)).toEqual([
      'Installed on a machine',
      'Verified after the install',
      'Seen on two machines',
    ]);
    expect(model.missing.every(({ command }) => command !== undefined)).toBe(true);
  });

  it('licences are counted one by one, whatever expressions packages name them in', async () => {
    layRelease(folder);
    const expressions = [
      'MIT AND (GPL-2.0-only WITH Classpath-exception-2.0 OR MIT)',
      'GPL-2.0-only',
      'NOASSERTION',
    ];
    let next = 0;
    const text = sbomText().replace(
      /"licenseDeclared": "[^"]*"/g,
      () => `"licenseDeclared": "${expressions[next++ % 3]}"`,
    );
    write(folder, 'other.spdx.json', text);
    const { sboms } = await readEvidence(folder);
    const found = sboms.find(({ source }) => source.path === 'other.spdx.json');
    expect(found?.licences).toEqual([
      { licence: 'GPL-2.0-only', count: 4 },
      { licence: 'GPL-2.0-only WITH Classpath-exception-2.0', count: 4 },
      { licence: 'MIT', count: 4 },
      { licence: 'NOASSERTION', count: 4 },
    ]);
  });

  it('a chain that is whole has no broken link, and says which link nobody can check', async () => {
    layRelease(folder);
    const { chain } = await readEvidence(folder);
    const states = Object.fromEntries(chain.edges.map(({ from, to, state }) => [`${from} ${to}`, state]));
    expect(states).toEqual({
      'commit build-0': 'same',
      'in-kernel build-0': 'unchecked',
      'in-initramfs build-0': 'unchecked',
      'in-rootfs build-0': 'unchecked',
      'build-0 image-iso': 'same',
      'build-0 image-qcow2': 'same',
      'image-iso boots-iso': 'same',
      'image-qcow2 boots-qcow2': 'same',
      'image-iso sbom': 'same',
      'image-qcow2 sbom': 'same',
      'image-iso manifest': 'same',
      'image-qcow2 manifest': 'same',
      'manifest bundle-0': 'same',
      'sbom bundle-0': 'same',
      'manifest promotion': 'same',
      'manifest reviews': 'same',
    });
  });

  it('all fields of an evaluation leave the decision to a person', async () => {
    layRelease(folder, (texts) => {
      texts.set('promotion-evaluation.txt', evaluationText(sum(texts.get('manifest.txt') ?? ''), {}));
    });
    rmSync(join(folder, 'boot-records/iso_usb_q35-uefi'), { recursive: true });
    const { verdict, wrong } = await readEvidence(folder);
    expect(wrong).toEqual([]);
    expect(verdict.word).toBe('Complete, a person decides');
  });

  it('signatures and reviews are unknown until they are verified, and a rejecting review is wrong', async () => {
    layRelease(folder, (texts) => {
      texts.set('reviews/two.txt', (texts.get('reviews/one.txt') ?? '').replace('approve', 'reject'));
    });
    const model = await readEvidence(folder);
    expect(model.witnesses.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'signature unknown',
      'review unknown',
      'review bad',
    ]);
    expect(titles(model.wrong)).toContain('release-manager rejects it');
  });

  it('what a bundle carries again is one signature and one review, told where it lies beside what it is over', async () => {
    layRelease(folder, (texts) => {
      for (const path of ['release/demo-os.iso.sig', 'reviews/one.txt'])
        texts.set(`operator-bundle/copy/${path}`, texts.get(path) ?? '');
    });
    const { witnesses, facts } = await readEvidence(folder);
    expect(witnesses).toMatchObject([
      { kind: 'signature', source: { path: 'release/demo-os.iso.sig' }, says: 'over demo-os.iso', copies: 1 },
      { kind: 'review', who: 'release-manager approves', copies: 1 },
    ]);
    expect(facts.map(({ value }) => value)).toEqual(expect.arrayContaining(['1 signature', '1 review']));
  });

  it('two machines that ran the same cases have two places on the page', async () => {
    layRelease(folder);
    layRecords(join(folder, 'other-machine'), { durationMs: 99_000 });
    const { boots } = await readEvidence(folder);
    expect(boots).toHaveLength(18);
    expect(new Set(boots.map(({ id }) => id)).size).toBe(18);
  });

  it('each file that shows a field is named once, by where it lies in the folder', async () => {
    layRelease(folder);
    const { board } = await readEvidence(folder);
    const held = board?.groups.flatMap(({ fields }) => fields).filter(({ state }) => state === 'good') ?? [];
    expect(held.length).toBe(17);
    for (const { cited } of held) expect(cited.map(({ path }) => path)).toEqual(['manifest.txt']);
  });

  it('a PASS of Seal beside a failure is no PASS', async () => {
    layRelease(folder, (texts) => {
      texts.set('reports/latticra-seal.txt', sealText('FAIL').replace('status=FAIL', 'status=PASS'));
    });
    expect((await readEvidence(folder)).seals).toMatchObject([
      { state: 'bad', status: 'PASS beside failures' },
    ]);
  });
});

describe('documents whose digests disagree', () => {
  const broken: readonly (readonly [string, (texts: Map<string, string>) => void, string])[] = [
    [
      'the manifest names another ISO',
      (texts) =>
        texts.set(
          'manifest.txt',
          documentText('LATTICRA OS IMAGE ARTIFACT MANIFEST', {
            ...MANIFEST_VALUES,
            iso_artifact_sha256: other,
          }),
        ),
      'image-iso manifest',
    ],
    [
      'the build record names another ISO',
      (texts) =>
        texts.set(
          'release/os-image-build.txt',
          (texts.get('release/os-image-build.txt') ?? '').replace(ISO_SHA256, other.slice(7)),
        ),
      'build-0 image-iso',
    ],
    [
      'the build record names another commit',
      (texts) =>
        texts.set(
          'release/os-image-build.txt',
          (texts.get('release/os-image-build.txt') ?? '').replace(/source_commit=.*/, 'source_commit=abc'),
        ),
      'commit build-0',
    ],
    [
      'the SBOM lists another ISO',
      (texts) => texts.set('release/sbom.spdx.json', sbomText(12, other.slice(7))),
      'image-iso sbom',
    ],
    [
      'the bundle has another SBOM',
      (texts) => texts.set('release/sbom.spdx.json', sbomText(13)),
      'sbom bundle-0',
    ],
    [
      'the manifest of the bundle names another ISO',
      (texts) =>
        texts.set(
          'operator-bundle/manifest.txt',
          (texts.get('operator-bundle/manifest.txt') ?? '').replace(ISO_SHA256, other.slice(7)),
        ),
      'manifest bundle-0',
    ],
  ];
  it.each(broken)(
    '%s: the link is broken, the box says it, and the release is blocked by it',
    async (_, change, link) => {
      layRelease(folder, (texts) => void change(texts));
      rmSync(join(folder, 'boot-records'), { recursive: true });
      const { chain, wrong, verdict } = await readEvidence(folder);
      const edges = chain.edges
        .filter(({ state }) => state === 'differs')
        .map(({ from, to }) => `${from} ${to}`);
      expect(edges).toContain(link);
      expect(chain.nodes.find(({ id }) => id === link.split(' ')[1])).toMatchObject({
        state: 'bad',
        note: 'differs',
      });
      expect(wrong.length).toBeGreaterThan(0);
      expect(verdict.word).toBe('Blocked');
    },
  );

  it('an image that was changed is not the one that any document names', async () => {
    layRelease(folder);
    write(folder, 'release/demo-os.iso', OTHER_ISO);
    const { chain, wrong, images, facts } = await readEvidence(folder);
    expect(images.find(({ form }) => form === 'iso')).toMatchObject({ state: 'bad', sha256: sum(OTHER_ISO) });
    expect(
      chain.edges
        .filter(({ state }) => state === 'differs')
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['boots-iso', 'bundle-0', 'image-iso', 'manifest', 'sbom']);
    expect(facts.slice(0, 3).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Built bad',
      'Booted bad',
      'Checked bad',
    ]);
    expect(wrong[0]).toMatchObject({
      title: expect.stringContaining('The ISO is not the one'),
      command: 'sha256sum release/demo-os.iso',
    });
  });

  it('a bundle that carries records of builds and no report of one shows each image once, and that it was built twice', async () => {
    const record = (iso: string, outputDir: string) =>
      documentText('LATTICRA BOOT SEED BUILD RECORD', {
        boot_seed_build_id: 'seed-1',
        output_dir: outputDir,
        kernel_image_sha256: other,
        boot_seed_kernel_sha256: other,
        boot_seed_iso_path: 'seed.iso',
        boot_seed_iso_sha256: iso,
        boot_seed_vm_qcow2_sha256: 'none',
      });
    write(folder, 'seed.iso', BOOT_ISO);
    write(folder, 'promotion/a/record.txt', record(`sha256:${ISO_SHA256}`, 'a'));
    const [once] = (await readEvidence(folder)).facts;
    expect(once).toMatchObject({ name: 'Built', state: 'good', value: '1 image', note: 'not built again' });
    write(folder, 'promotion/b/record.txt', record(`sha256:${ISO_SHA256}`, 'b'));
    write(folder, 'promotion/c/record.txt', record(`sha256:${ISO_SHA256}`, 'b'));
    const { builds, facts } = await readEvidence(folder);
    expect(facts[0]?.note).toBe('built twice, and both records have the same digests');
    expect(builds).toMatchObject([
      { title: 'build record of the boot seed', source: { path: 'promotion/a/record.txt' } },
    ]);
    expect(builds[0]?.details.map(({ name }) => name)).toEqual(['Build id', 'Kernel']);
    write(folder, 'promotion/b/record.txt', record(other, 'b'));
    rmSync(join(folder, 'promotion/c'), { recursive: true });
    expect((await readEvidence(folder)).facts[0]).toMatchObject({
      state: 'bad',
      note: 'documents name other digests',
    });
  });

  it('a file of a bundle that its list has otherwise is named', async () => {
    layRelease(folder);
    writeFileSync(join(folder, 'operator-bundle/usb-write-linux.txt'), 'another\n');
    const { wrong, bundles } = await readEvidence(folder);
    expect(titles(wrong)).toContain('1 file not as operator-bundle/SHA256SUMS has it');
    expect(bundles).toMatchObject([{ state: 'bad', says: '4 of 5 files as SHA256SUMS has them' }]);
  });

  it('an evaluation that names a file as it is not is of another folder', async () => {
    layRelease(folder, (texts) => void texts.set('promotion-evaluation.txt', evaluationText(sum('another'))));
    const { board, wrong } = await readEvidence(folder);
    expect(board?.held).toBe(0);
    expect(titles(wrong)).toContain('The evaluation is not of this folder: Tag of the source');
  });

  it('a field that several files show holds while each is there, and names what is not', async () => {
    const cite = (second: string) =>
      layRelease(folder, (texts) => {
        const manifest = `manifest.txt sha256:${sum(texts.get('manifest.txt') ?? '')}`;
        const text = texts.get('promotion-evaluation.txt') ?? '';
        const line = `sbom_recorded_evidence=${manifest}`;
        texts.set('promotion-evaluation.txt', text.replace(line, `${line}; ${second}`));
      });
    const sbom = async () => {
      const { board } = await readEvidence(folder);
      return board?.groups[1]?.fields.find(({ key }) => key === 'sbom_recorded');
    };
    cite(`elsewhere/record.txt sha256:${'e'.repeat(64)}`);
    expect(await sbom()).toMatchObject({
      state: 'unknown',
      evidence: 'elsewhere/record.txt, not in this folder',
    });
  });

  it('a field that is missing has the command that the evaluation names for it', async () => {
    layRelease(folder);
    const { board } = await readEvidence(folder);
    const fields = board?.groups.flatMap((group) => group.fields) ?? [];
    expect(fields.find(({ key }) => key === 'hardware_install_transcript_recorded')?.command).toMatch(
      /^latticra-os-image-transcript-template --kind hardware/,
    );
  });

  it('a field that holds and whose evidence is missing is broken', async () => {
    layRelease(folder, (texts) => {
      texts.set(
        'promotion-evaluation.txt',
        (texts.get('promotion-evaluation.txt') ?? '').replace(
          'sbom_recorded_evidence=manifest.txt',
          'sbom_recorded_evidence=missing: x',
        ),
      );
    });
    const { board } = await readEvidence(folder);
    expect(board?.groups[1]?.fields.find(({ key }) => key === 'sbom_recorded')).toMatchObject({
      state: 'bad',
      word: 'broken',
    });
  });
});

describe('boots', () => {
  it('a record whose log was changed does not hold, whatever it says', async () => {
    layRecords(folder);
    writeFileSync(join(folder, 'iso_cdrom_pc-bios/serial.log'), 'demo-os: ready\r\n');
    const { boots } = await readEvidence(folder);
    expect(boots.find(({ name }) => name === 'iso_cdrom_pc-bios')).toMatchObject({
      state: 'bad',
      word: 'broken',
      reason: expect.stringMatching(/^does not hold: serial.log has the digest/),
    });
  });

  it('a record under another name is no evidence of a boot', async () => {
    layRecords(folder);
    renameSync(join(folder, 'qcow2_disk_pc-bios/record.txt'), join(folder, 'qcow2_disk_pc-bios/good.txt'));
    const { boots } = await readEvidence(folder);
    expect(boots.find(({ name }) => name === 'qcow2_disk_pc-bios')).toMatchObject({
      state: 'bad',
      reason: expect.stringContaining('good.txt'),
    });
  });

  it('a boot of another image is broken off from the release', async () => {
    layRelease(folder);
    rmSync(join(folder, 'boot-records'), { recursive: true });
    layRecords(join(folder, 'boot-records'), { imageBefore: 'e'.repeat(64), imageAfter: 'e'.repeat(64) });
    const { chain, wrong } = await readEvidence(folder);
    expect(chain.edges.filter(({ state }) => state === 'differs').map(({ to }) => to)).toEqual([
      'boots-iso',
      'boots-qcow2',
    ]);
    expect(wrong.length).toBeGreaterThan(2);
  });

  it('a screen that is no picture is told and not shown', async () => {
    const screenshot = { name: 'screenshot.png', sha256: sum(SCREEN.subarray(0, 60)) };
    layRecords(folder, { screenshot });
    for (const name of ['iso_usb_q35-uefi', 'iso_cdrom_pc-bios'])
      write(folder, `${name}/screenshot.png`, SCREEN.subarray(0, 60));
    const { boots, files } = await readEvidence(folder);
    expect(boots.every(({ screen }) => screen?.png === undefined)).toBe(true);
    expect(files[0]).toMatchObject({ what: 'screen', state: 'bad', note: 'ends within a chunk' });
  });

  it('a screen is shown once, written again from its pixels', async () => {
    const screenshot = { name: 'screenshot.png', sha256: sum(SCREEN) };
    layRecords(folder, { screenshot });
    for (const name of ['iso_usb_q35-uefi', 'iso_cdrom_pc-bios', 'qcow2_disk_pc-bios'])
      write(folder, `${name}/screenshot.png`, SCREEN);
    const { boots } = await readEvidence(folder);
    const shown = boots.filter(({ screen }) => screen?.png !== undefined);
    expect(shown.map(({ name }) => name)).toEqual(['iso_usb_q35-uefi']);
    expect(Buffer.from(shown[0]?.screen?.png ?? '', 'base64').equals(SCREEN)).toBe(true);
  });

  it('no time line is drawn of parts that nobody recorded', async () => {
    layRecords(folder, {
      phases: { firmware: undefined, loader: undefined, kernel: undefined, init: undefined, end: 900 },
    });
    const { boots } = await readEvidence(folder);
    for (const { parts } of boots) expect(parts).toEqual([{ phase: 'unrecorded', from: 0, to: 900 }]);
  });
});

describe('what is not there', () => {
  it('an empty folder is unreadable, and everything in it is missing', async () => {
    const model = await readEvidence(folder);
    expect(model.verdict).toEqual({ word: 'Unreadable', state: 'unknown', says: 'The folder is empty.' });
    expect(model.facts.map(({ value }) => value)).toEqual(Array(6).fill('none here'));
    expect(model.chain).toEqual({ nodes: [], edges: [] });
    expect(model.missing.map(({ to }) => to)).toEqual([
      'built',
      'built',
      'built',
      'boots',
      'sbom',
      'bundle',
      'board',
    ]);
  });

  it('a rehearsal without anything wrong is a rehearsal, and no more', async () => {
    write(
      folder,
      'rehearsal.txt',
      documentText('LATTICRA OS IMAGE REHEARSAL', { rehearsal_status: 'ok', artifact_version: '1.0' }),
    );
    expect((await readEvidence(folder)).verdict.word).toBe('Rehearsal');
    write(
      folder,
      'rehearsal.txt',
      documentText('LATTICRA OS IMAGE REHEARSAL', { rehearsal_status: 'running' }),
    );
    expect((await readEvidence(folder)).verdict.word).toBe('Blocked');
  });

  it.each([...releaseTexts().keys()].filter((path) => path.endsWith('.txt') || path.endsWith('.json')))(
    'a release without %s is blocked, and what is missing is never good',
    async (path) => {
      layRelease(folder, (texts) => void texts.delete(path));
      const { facts, verdict } = await readEvidence(folder);
      expect(verdict.word).toBe('Blocked');
      for (const { value, state } of facts) if (value === 'none here') expect(state).toBe('todo');
    },
  );
});

describe('what is refused before there is a page', () => {
  it.each([
    ['a document', 'LATTICRA TEST\nbootable_os_ready=1\n'],
    [
      'a document that is damaged elsewhere',
      'LATTICRA TEST\nsome=1\nwhat is this\nproduction_os_claim=yes\n',
    ],
    ['a document with other line ends', 'LATTICRA TEST\r\nx=1\r\nfull_os_install_ready=1\r\n'],
    ['a text with a title of its own', 'notes\nhardware_install_ready=1\n'],
  ])('%s that claims anything is refused', async (_, text) => {
    write(folder, 'deep/claim.bin', text);
    await expect(readEvidence(folder)).rejects.toMatchObject({
      code: 'claim',
      message: expect.stringContaining('claim.bin'),
    });
  });

  it('a link is refused, also to a file of the folder', async () => {
    write(folder, 'real.txt', 'x\n');
    symlinkSync('real.txt', join(folder, 'link.txt'));
    await expect(readEvidence(folder)).rejects.toBeInstanceOf(EvidenceReportError);
    await expect(readEvidence(folder)).rejects.toMatchObject({ code: 'link', fix: expect.any(String) });
  });

  it('folders within folders end somewhere', async () => {
    mkdirSync(join(folder, Array(18).fill('a').join('/')), { recursive: true });
    await expect(readEvidence(folder)).rejects.toMatchObject({ code: 'too-many' });
  });

  it('a name with a line break is refused', async () => {
    writeFileSync(join(folder, 'a\nb'), '');
    await expect(readEvidence(folder)).rejects.toMatchObject({ code: 'unsafe-name' });
  });
});

describe('what a file is', () => {
  it('the name of a file decides nothing', async () => {
    layRelease(folder);
    const before = await readEvidence(folder);
    renameSync(join(folder, 'manifest.txt'), join(folder, 'zzz.png'));
    renameSync(join(folder, 'reports/latticra-seal.txt'), join(folder, 'reports/record.txt'));
    const after = await readEvidence(folder);
    expect(after.files.find(({ path }) => path === 'zzz.png')).toMatchObject({
      what: 'artifact manifest',
      state: 'good',
    });
    expect(after.facts).toEqual(before.facts);
  });

  it('what is not understood comes first, with the reason', async () => {
    layRelease(folder);
    write(folder, 'zz.txt', 'LATTICRA SOMETHING NEW\nx=1\n');
    write(folder, 'zy.txt', 'LATTICRA DAMAGED\nx=1\nx=2\n');
    const { files, wrong } = await readEvidence(folder);
    expect(files[0]).toMatchObject({ path: 'zy.txt', state: 'bad', note: 'line 3: x: stands twice' });
    expect(files.find(({ path }) => path === 'zz.txt')).toMatchObject({
      what: 'LATTICRA SOMETHING NEW',
      state: 'unknown',
    });
    expect(files.find(({ path }) => path === 'notes.txt')).toMatchObject({
      state: 'unknown',
      note: 'no document names it',
    });
    expect(titles(wrong)).toContain('zy.txt cannot be read');
  });

  it('the settings of a program are no damaged document', async () => {
    layRelease(folder);
    write(folder, 'settings.conf', 'level = 3\nname=x\nname=y\n');
    const { files, wrong } = await readEvidence(folder);
    expect(files.find(({ path }) => path === 'settings.conf')).toMatchObject({
      what: 'text',
      state: 'unknown',
    });
    expect(wrong).toHaveLength(1);
  });

  it('the page that is to be replaced is no evidence', async () => {
    layRelease(folder);
    const before = await readEvidence(folder);
    write(folder, 'report.html', '<!DOCTYPE html>');
    expect(await readEvidence(folder, { leaveOut: 'report.html' })).toEqual(before);
  });
});
