// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PREDICATE_TYPE, parseEnvelope, parseStatement } from '@latticra/attestation';
import {
  buildSeed,
  buildVmImage,
  PREBUILT_PARTS,
  writeSeedRecord,
  writeVmImageRecord,
} from '@latticra/boot-seed';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { buildRelease } from '@latticra/linux-release';
import { generateEd25519Key } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_LOG, layRecord } from '../../../packages/boot-cases/test/record.js';
import { optionsIn, writeInputs } from '../../../packages/linux-release/src/testing/release.js';
import { BOOT_ISO, sha256Of } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane as verifyLane } from '../../os-image-attest-verify/src/lane.js';
import { lane } from './lane.js';

const SHIPPED = fileURLToPath(
  new URL('../../../installer/manifests/latticra-os-image-release.toml', import.meta.url),
);
const LABELS = {
  sourceCommit: 'c'.repeat(40),
  sourceTag: 'none',
  sourceTagObject: 'none',
  buildEnvironment: 'a test',
  tool: { name: 'a test', version: '0' },
  outputDir: 'seed',
  kernel: undefined,
  grubConfig: undefined,
};
const key = generateEd25519Key('attests');

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'attest-'));
  await writeFile(join(cwd, 'key'), key.privateFile, { mode: 0o600 });
  await writeFile(join(cwd, 'key.pub'), key.publicLine);
  await writeFile(join(cwd, 'pins'), `https://latticra.invalid/builder/local ${key.publicLine}`);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const attest = (...argv: string[]) =>
  tryLane(lane, ['--key', 'key', '--output-dir', 'out', ...argv], { cwd, env: { PATH: '' } });
const verify = (...argv: string[]) =>
  tryLane(verifyLane, ['--trusted-key', 'key.pub', '--pins', 'pins', ...argv], { cwd });
const statementIn = (name: string) =>
  parseStatement(parseEnvelope(readFileSync(join(cwd, 'out', name))).payload);

async function seed(): Promise<void> {
  const outputDir = join(cwd, 'seed');
  const env = { PATH: '' };
  const built = await buildSeed({ outputDir, buildId: 'one', env });
  await writeSeedRecord(built, LABELS);
  const disk = await buildVmImage({ kernel: built.kernel.path, outputDir, imageSizeMib: 8, env });
  await writeVmImageRecord(disk, { ...LABELS, kernel: 'seed/latticra-boot-seed.elf' });
}

const RECORDS = ['seed/boot-seed-build-record.txt', 'seed/boot-seed-vm-image-build-record.txt'];

describe(lane.bin, () => {
  it('a build is attested once its record was held against the images, and verified by its record', async () => {
    await seed();
    const { status, stdout, stderr } = await attest(...RECORDS.flatMap((path) => ['--build-record', path]));
    expect([status, stderr]).toEqual([0, '']);
    const claims = Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0']));
    expect(documentValues(stdout)).toMatchObject({
      ...claims,
      attestation_status: 'ok',
      attestation_count: '2',
    });
    expect(readdirSync(join(cwd, 'out'))).toEqual(['provenance-01.dsse.json', 'provenance-02.dsse.json']);
    expect(statementIn('provenance-01.dsse.json').predicateType).toBe(PREDICATE_TYPE.provenance);
    const files = ['iso', 'elf'].flatMap((end) => ['--artifact', `seed/latticra-boot-seed.${end}`]);
    const of = ['--attestation', 'out/provenance-01.dsse.json', ...files];
    const verified = await verify(...of, '--build-record', RECORDS[0] ?? '', '--kind', 'provenance');
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toContain('\nbuilder_id=https://latticra.invalid/builder/local\n');
    expect(verified.stdout).toContain(`\nsigned_by_01=${key.key.publicKey.fingerprint}\n`);
    const other = await verify(...of, '--build-record', RECORDS[1] ?? '');
    expect([other.status, other.stdout]).toEqual([65, '']);
    expect(other.stderr).toMatch(/provenance-01\.dsse\.json: parameter: the parameter "command" is/);
    const unpinned = await tryLane(verifyLane, ['--trusted-key', 'key.pub', ...of], { cwd });
    expect(unpinned.stderr).toContain('not-pinned: the builder');
    const wrong = await verify('--attestation', 'out/provenance-01.dsse.json', '--artifact', 'key.pub');
    expect(wrong.stderr).toContain('other-subject: none of the files at hand is a subject of it');
    const none = await verify(...of, '--build-record', RECORDS[0] ?? '', '--kind', 'spdx');
    expect(none.stderr).toContain('predicate-type: a predicate of the type');
  });

  it('a build whose record does not hold is not attested, and nothing is written', async () => {
    await seed();
    const path = join(cwd, RECORDS[0] ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/(EPOCH=|_epoch=)0/g, '$11'));
    const { status, stdout, stderr } = await attest('--build-record', RECORDS[0] ?? '');
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/the command in its record gives another byte/);
    expect(readdirSync(cwd)).not.toContain('out');
  });

  it('the release of a Linux system is attested from its record and its SBOM', async () => {
    writeInputs(cwd);
    await buildRelease(optionsIn(cwd, { outputDir: join(cwd, 'release'), shownOutputDir: 'release' }));
    const iso = ['--artifact', 'release/latticra-x86_64.iso'];
    const { status, stderr } = await attest(
      ...['--build-record', 'release/os-image-build.txt', '--sbom', 'release/sbom.spdx.json', ...iso],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(readdirSync(join(cwd, 'out'))).toEqual(['provenance.dsse.json', 'sbom.dsse.json']);
    const sbom = await verify('--attestation', 'out/sbom.dsse.json', ...iso, '--kind', 'spdx');
    expect(sbom.status).toBe(0);
    await writeFile(join(cwd, 'other.img'), 'an image that the SBOM does not list');
    const other = await attest('--sbom', 'release/sbom.spdx.json', '--artifact', 'other.img');
    expect(other.stderr).toContain('does not list other.img');
    const provenance = await verify(
      ...['--attestation', 'out/provenance.dsse.json', ...iso, '--allow-other-subjects'],
      ...['--build-record', 'release/os-image-build.txt'],
    );
    expect([provenance.status, provenance.stderr]).toEqual([0, '']);
  });

  it('boots are attested as a test result of the image that they are of, with a key of PKCS#8', async () => {
    await writeFile(join(cwd, 'os.iso'), BOOT_ISO);
    const sha256 = sha256Of(BOOT_ISO);
    const of = { imageBefore: sha256, imageAfter: sha256, imageBytes: BOOT_ISO.length };
    layRecord(join(cwd, 'records'), GOOD_LOG, of);
    layRecord(join(cwd, 'records'), 'OK\r\n', { ...of, caseName: 'iso_cdrom_late', machineName: 'late' });
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(join(cwd, 'key.pem'), pem, { mode: 0o600 });
    await writeFile(join(cwd, 'trusted.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    const argv = ['--artifact', 'os.iso', '--boot-records', 'records', '--output-dir', 'out'];
    const { status, stderr } = await tryLane(lane, ['--key', 'key.pem', ...argv], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    const verified = await tryLane(
      verifyLane,
      ['--trusted-key', 'trusted.pem', '--attestation', 'out/boots.dsse.json', '--artifact', 'os.iso'],
      { cwd },
    );
    expect(verified.stdout).toMatch(/\ntest_result=FAILED\npassed_count=1\nfailed_count=1\n/);
    const untrusted = await verify('--attestation', 'out/boots.dsse.json', '--artifact', 'os.iso');
    expect([untrusted.status, untrusted.stdout]).toEqual([65, '']);
    expect(untrusted.stderr).toMatch(/boots\.dsse\.json: not-verified: no signature of the envelope/);
    await writeFile(join(cwd, 'other.iso'), PREBUILT_PARTS.kernel);
    const other = await attest('--artifact', 'other.iso', '--boot-records', 'records');
    expect(other.stderr).toContain('holds no record of a boot of these artifacts');
  });

  it.each<[number, string, string[]]>([
    [64, 'expected --build-record, --boot-records or --sbom', []],
    [64, '--artifact goes with', ['--artifact', 'key.pub']],
    [64, '--artifact goes with', ['--sbom', 'x']],
    [64, '--builder-id: expected an address', ['--build-record', 'x', '--builder-id', 'me']],
    [66, 'missing', ['--build-record', 'missing']],
    [65, 'key.pub', ['--build-record', 'key.pub']],
    [65, 'the SBOM', ['--sbom', 'key.pub', '--artifact', 'key.pub']],
    [64, 'two files are called', ['--sbom', 'x', '--artifact', 'key', '--artifact', 'sub/key']],
  ])('the lane ends with %i, saying %s', async (expected, message, argv) => {
    await mkdir(join(cwd, 'sub'));
    await writeFile(join(cwd, 'sub/key'), 'x');
    const { status, stdout, stderr } = await attest(...argv);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(/^latticra-os-image-attest: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(readdirSync(cwd)).not.toContain('out');
  });

  it('the lane is guarded by the fixture that is named', async () => {
    const shipped = await readFile(SHIPPED, 'utf8');
    const early = shipped.replace('bootable_os_ready = false', 'bootable_os_ready = true');
    await writeFile(join(cwd, 'early.toml'), early);
    const { status, stdout, stderr } = await attest('--manifest', 'early.toml', '--build-record', 'x');
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/early\.toml: .*bootable_os_ready: expected false, found true/);
  });
});
