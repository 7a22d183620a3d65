// SPDX-License-Identifier: Apache-2.0
/** Every lane that names an image, a kernel or what belongs to one, beside every file that is something else. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program as bootMatrix } from '../../apps/boot-matrix/src/program.js';
import { lane as seedBuild } from '../../apps/boot-seed-build/src/lane.js';
import { lane as smoke } from '../../apps/boot-seed-qemu-smoke/src/lane.js';
import { lane as seedVmImageBuild } from '../../apps/boot-seed-vm-image-build/src/lane.js';
import { program as diskImage } from '../../apps/disk-image/src/program.js';
import { lane as release } from '../../apps/latticra/src/commands/release/release-lane.js';
import { lane as fromFiles } from '../../apps/os-image-artifact-manifest-from-files/src/lane.js';
import { lane as validate } from '../../apps/os-image-artifact-manifest-validate/src/lane.js';
import { lane as build } from '../../apps/os-image-build/src/lane.js';
import { lane as buildPreflight } from '../../apps/os-image-build-preflight/src/lane.js';
import { lane as inputFromFiles } from '../../apps/os-image-input-bundle-from-files/src/lane.js';
import { lane as inputValidate } from '../../apps/os-image-input-bundle-validate/src/lane.js';
import { lane as inspectLane } from '../../apps/os-image-inspect/src/lane.js';
import { lane as operatorBundle } from '../../apps/os-image-operator-bundle-from-artifacts/src/lane.js';
import { lane as systemSbom } from '../../apps/os-image-sbom/src/lane.js';
import { lane as sbomCheck } from '../../apps/os-image-sbom-check/src/lane.js';
import { lane as usb } from '../../apps/os-image-usb-write-command/src/lane.js';
import { lane as vm } from '../../apps/os-image-vm-test-command/src/lane.js';
import { formatDocument } from '../../packages/evidence-format/src/index.js';
import type { Lane } from '../../packages/lane/src/index.js';
import {
  INITRAMFS as SYSTEM_INITRAMFS,
  KERNEL as SYSTEM_KERNEL,
  ROOTFS as SYSTEM_ROOTFS,
} from '../../packages/linux-release/src/testing/release.js';
import { type ArtifactManifest, artifactManifest, inputBundle } from '../../packages/manifest/src/index.js';
import { spdxOf } from '../../packages/operator-bundle/test/release.js';
import { archive } from '../../packages/tar/test/archive.js';
import {
  BOOT_ISO,
  INITRAMFS,
  KERNEL,
  PLAIN_ISO,
  QCOW2_DISK,
  RAW_DISK,
  SIGNATURE,
  sha256Of,
} from '../testing/images.js';
import { documentValues, tryLane } from '../testing/lane.js';
import { peProgram } from '../testing/pe.js';
import { type Role, WRONG, type WrongFile } from './wrong-files.js';

/** The right file for each role. */
const RIGHT: Readonly<Record<Role, Uint8Array>> = {
  iso: BOOT_ISO,
  raw: RAW_DISK,
  qcow2: QCOW2_DISK,
  kernel: KERNEL,
  initramfs: INITRAMFS,
  rootfs: archive({ name: 'etc/', type: '5' }, { name: 'etc/os-release', content: 'ID=a\n' }),
  sbom: Buffer.from(spdxOf(sha256Of(BOOT_ISO), sha256Of(RAW_DISK), sha256Of(QCOW2_DISK))),
  signature: Buffer.from(SIGNATURE),
  runbook: Buffer.from('# Recovery\n'),
  'vm-image': QCOW2_DISK,
  efi: peProgram(),
};

/** The right inputs of a build, which looks for more in them than others do. */
const SYSTEM = { kernel: SYSTEM_KERNEL, initramfs: SYSTEM_INITRAMFS, rootfs: SYSTEM_ROOTFS } as const;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'wrong-files-'));
  mkdirSync(join(cwd, 'bin'));
  // It is found, and never started: what it would boot is refused before.
  writeFileSync(join(cwd, 'bin/qemu-system-x86_64'), '', { mode: 0o755 });
  mkdirSync(join(cwd, 'config/qemu/firmware'), { recursive: true });
  const firmware = [
    ['CODE.fd', 0x1e000],
    ['VARS.fd', 0x2000],
  ] as const;
  for (const [name, size] of firmware) writeFileSync(join(cwd, name), new Uint8Array(size));
  const descriptor = {
    'interface-types': ['uefi'],
    mapping: {
      device: 'flash',
      executable: { filename: join(cwd, 'CODE.fd'), format: 'raw' },
      'nvram-template': { filename: join(cwd, 'VARS.fd'), format: 'raw' },
    },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features: [],
  };
  writeFileSync(join(cwd, 'config/qemu/firmware/00.json'), JSON.stringify(descriptor));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const env = () => ({ PATH: join(cwd, 'bin'), HOME: cwd, XDG_CONFIG_HOME: join(cwd, 'config') });
const run = (lane: Lane, argv: readonly string[]) => tryLane(lane, argv, { cwd, env: env() });

/** Writes the files of all roles, with `bytes` for one of them. */
function put(role: Role, bytes: Uint8Array): void {
  for (const [name, right] of Object.entries(RIGHT)) {
    writeFileSync(join(cwd, name), name === role ? bytes : right);
  }
}

/** Writes an artifact manifest that records the files as they are now: its digests are right, whatever they are of. */
function putArtifactManifest(role: Role, bytes: Uint8Array): void {
  const sha256 = (name: 'iso' | 'raw' | 'qcow2') => sha256Of(name === role ? bytes : RIGHT[name]);
  const sidecars = { signaturePath: role === 'signature' ? 'signature' : 'unsigned-local', sbomPath: 'sbom' };
  const format = role === 'raw' ? 'raw' : 'qcow2';
  if (role !== 'sbom') {
    writeFileSync(join(cwd, 'sbom'), spdxOf(sha256('iso'), sha256(format)));
  }
  const manifest: ArtifactManifest = {
    artifactVersion: '1',
    sourceCommit: 'abcdef0',
    sourceTag: 'none',
    buildEnvironment: 'test',
    iso: { path: 'iso', sha256: sha256('iso'), ...sidecars },
    vmImage: { path: format, sha256: sha256(format), ...sidecars, format },
    operatorRecoveryPath: 'runbook',
  };
  writeFileSync(join(cwd, 'manifest.txt'), formatDocument(artifactManifest.document(manifest)));
}

const isRight = (role: Role, bytes: Uint8Array) => bytes === RIGHT[role];

/** Writes inputs of which a system can be built, but for the one that is to be wrong. */
function putSystem(role: Role, bytes: Uint8Array): void {
  for (const [name, right] of Object.entries(SYSTEM)) {
    if (name !== role || isRight(role, bytes)) writeFileSync(join(cwd, name), right);
  }
}

function putInputManifest(
  role: Role,
  bytes: Uint8Array,
  right: Readonly<Record<'kernel' | 'initramfs' | 'rootfs', Uint8Array>> = RIGHT,
): void {
  const record = (name: 'kernel' | 'initramfs' | 'rootfs') => ({
    path: name,
    sha256: sha256Of(name === role ? bytes : right[name]),
  });
  const isGzip = role === 'rootfs' && bytes[0] === 0x1f;
  const manifest = {
    sourceCommit: 'abcdef0',
    buildEnvironment: 'test',
    kernel: record('kernel'),
    initramfs: record('initramfs'),
    rootfs: { ...record('rootfs'), format: isGzip ? 'tar.gz' : 'tar' },
    operatorRecoveryPath: 'runbook',
  } as const;
  writeFileSync(join(cwd, 'inputs.txt'), formatDocument(inputBundle.document(manifest)));
}

function putMatrix(role: Role): void {
  writeFileSync(
    join(cwd, 'matrix.toml'),
    `schema = "latticra.boot-matrix/v0.1"
[expect]
lines = ["up"]
[machines.q35]
machine = "q35"
firmware = "uefi"
[images.image]
path = "${role}"
format = "${role}"
attach = ["disk"]
`,
  );
}

/** A lane with a file in one role. */
interface Case {
  readonly lane: Lane;
  readonly roles: readonly Role[];
  readonly argv: (role: Role) => readonly string[];
  /** What else the lane reads. */
  readonly prepare?: (role: Role, bytes: Uint8Array) => void;
  /** The right files lead on to a boot, or to what only the seed's own do. */
  readonly goesOn?: true;
}

const ARTIFACTS = ['iso', 'raw', 'qcow2', 'signature', 'runbook'] as const;
const INPUTS = ['kernel', 'initramfs', 'rootfs'] as const;
const words = (line: string) => line.split(' ');
const fromFilesArgv = (role: Role) => {
  const vmFormat = role === 'raw' ? 'raw' : 'qcow2';
  const signature = role === 'signature' ? 'signature' : 'unsigned-local';
  return words(
    `--iso iso --iso-sbom sbom --iso-signature ${signature} --vm-image ${vmFormat} --vm-format ${vmFormat} --vm-sbom sbom --vm-signature ${signature} --operator-recovery-path runbook`,
  );
};
const matrixRun = bootMatrix.lanes.run ?? expect.fail('no lane run');

const CASES: readonly Case[] = [
  { lane: fromFiles, roles: [...ARTIFACTS, 'sbom'], argv: fromFilesArgv },
  {
    lane: validate,
    roles: ARTIFACTS,
    argv: () => words('--artifact-manifest manifest.txt'),
    prepare: putArtifactManifest,
  },
  {
    lane: operatorBundle,
    roles: [...ARTIFACTS, 'sbom'],
    argv: () => words('--artifact-manifest manifest.txt --output-dir out --vm-firmware seabios'),
    prepare: putArtifactManifest,
  },
  { lane: usb, roles: ['iso'], argv: () => words('--iso iso --device /dev/sdX --platform linux') },
  { lane: vm, roles: ['iso', 'raw', 'qcow2'], argv: (role) => words(`--image ${role} --format ${role}`) },
  {
    lane: smoke,
    roles: ['iso', 'raw', 'qcow2'],
    argv: (role) =>
      words(role === 'iso' ? '--iso iso' : `--disk-image ${role} --format ${role}`).concat(
        '--emulator',
        'v86',
      ),
    goesOn: true,
  },
  {
    lane: smoke,
    roles: ['iso', 'raw', 'qcow2'],
    argv: (role) =>
      words(role === 'iso' ? '--iso iso' : `--disk-image ${role} --format ${role}`).concat(
        words('--emulator qemu --build-id a --firmware uefi'),
      ),
    goesOn: true,
  },
  {
    lane: matrixRun,
    roles: ['iso', 'raw', 'qcow2'],
    argv: () => words('--matrix matrix.toml'),
    prepare: putMatrix,
    goesOn: true,
  },
  { lane: seedBuild, roles: ['kernel'], argv: () => words('--kernel kernel --output-dir out'), goesOn: true },
  {
    lane: seedVmImageBuild,
    roles: ['kernel'],
    argv: () => words('--kernel kernel --output-dir out'),
    goesOn: true,
  },
  {
    lane: inputFromFiles,
    roles: [...INPUTS, 'runbook'],
    argv: () =>
      words('--kernel kernel --initramfs initramfs --rootfs rootfs --operator-recovery-path runbook'),
  },
  {
    lane: inputValidate,
    roles: [...INPUTS, 'runbook'],
    argv: () => words('--input-manifest inputs.txt'),
    prepare: putInputManifest,
  },
  {
    lane: build,
    roles: [...INPUTS, 'runbook'],
    argv: () =>
      words('--kernel kernel --initramfs initramfs --rootfs rootfs --operator-recovery-path runbook'),
    prepare: putSystem,
  },
  {
    lane: build,
    roles: INPUTS,
    argv: () => words('--input-manifest inputs.txt --formats iso'),
    prepare(role, bytes) {
      putSystem(role, bytes);
      putInputManifest(role, isRight(role, bytes) ? SYSTEM[role as keyof typeof SYSTEM] : bytes, SYSTEM);
    },
  },
  {
    lane: systemSbom,
    roles: ['iso', 'vm-image', 'efi', ...INPUTS],
    argv: (role) => words(role === 'rootfs' ? '--rootfs rootfs' : `--rootfs rootfs --${role} ${role}`),
    prepare: putSystem,
  },
  {
    lane: release,
    roles: ['iso', 'raw', 'qcow2', 'rootfs', 'runbook'],
    argv(role) {
      const image =
        role === 'raw' || role === 'qcow2' ? `--vm-image ${role} --vm-format ${role}` : '--iso iso';
      const more = { rootfs: ' --rootfs rootfs', runbook: ' --recovery runbook' }[role as string] ?? '';
      return words(`--release 1 --quiet --output-dir out ${image}${more}`);
    },
  },
];

/** The wrong files for a role, each with its name in front for the title of a test. */
const named = (role: Role) => WRONG[role].map((wrong) => [wrong[0], wrong] as const);

const rows = CASES.flatMap(({ lane, roles, ...rest }) =>
  roles.map((role) => [`${lane.bin} ${rest.argv(role).join(' ')}`, role, { lane, ...rest }] as const),
);

describe.each(rows)('%s', (_, role, { lane, argv, prepare, goesOn }) => {
  const answer = (bytes: Uint8Array) => {
    put(role, bytes);
    prepare?.(role, bytes);
    return run(lane, argv(role));
  };

  it.each(named(role))(`the lane refuses %s in the place of ${role} by what was found`, async (_, wrong) => {
    const [, bytes, found, fix] = wrong;
    const { status, stdout, stderr } = await answer(bytes);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toMatch(found);
    if (fix !== undefined) expect(stderr).toMatch(fix);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  if (goesOn) return;
  it(`the right file is taken as ${role}`, async () => {
    const { status, stderr } = await answer(RIGHT[role]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.each([...INPUTS])(`${buildPreflight.bin} beside a wrong %s`, (role) => {
  it.each(named(role))(
    'the preflight calls no build ready with %s, and tells why',
    async (_, [, bytes, found, fix]) => {
      put(role, bytes);
      putInputManifest(role, bytes);
      const files = '--kernel kernel --initramfs initramfs --rootfs rootfs';
      const { status, stdout } = await run(buildPreflight, words(`--input-manifest inputs.txt ${files}`));
      expect(status).toBe(0);
      const values = documentValues(stdout);
      expect(values).toMatchObject({ input_bundle_manifest_valid: '0', build_inputs_ready: '0' });
      expect(stdout).toMatch(found);
      if (fix !== undefined) expect(stdout).toMatch(fix);
    },
  );
});

describe(validate.bin, () => {
  it.each(named('sbom'))(
    'a release whose SBOM is %s is not ready, and why is told',
    async (_, [, bytes, found]) => {
      put('sbom', bytes);
      putArtifactManifest('sbom', bytes);
      const { status, stdout } = await run(validate, words('--artifact-manifest manifest.txt'));
      expect(status).toBe(0);
      expect(documentValues(stdout)).toMatchObject({
        artifact_manifest_ready_for_operator_review: '0',
        iso_sbom_valid: '0',
      });
      expect(stdout).toMatch(found);
    },
  );
});

describe(sbomCheck.bin, () => {
  it.each(named('sbom'))('the check of %s ends with 65, and says why', async (_, [, bytes, found]) => {
    put('sbom', bytes);
    const { status, stdout, stderr } = await run(sbomCheck, ['sbom']);
    expect(status).toBe(65);
    expect(stdout + stderr).toMatch(found);
  });

  it('a document that obeys the standard ends the check with 0', async () => {
    put('sbom', RIGHT.sbom);
    expect(await run(sbomCheck, ['sbom'])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe(inspectLane.bin, () => {
  it.each([
    ['half of an ISO', BOOT_ISO.subarray(0, BOOT_ISO.length / 2)],
    ['half of a qcow2 image', QCOW2_DISK.subarray(0, QCOW2_DISK.length / 2)],
    ['four bytes of one', QCOW2_DISK.subarray(0, 4)],
  ])('%s contradicts its format', async (_, bytes) => {
    writeFileSync(join(cwd, 'file'), bytes);
    expect(await run(inspectLane, ['--file', 'file'])).toMatchObject({ status: 65, stdout: '' });
  });

  it('bytes behind the end of an ISO and of its GPT are told, and keep no lane from it', async () => {
    put('iso', Buffer.concat([BOOT_ISO, Buffer.alloc(4096)]));
    const { status, stdout } = await run(inspectLane, ['--file', 'iso']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/4096 bytes behind the end of the GPT/);
    const printed = await run(usb, words('--iso iso --device /dev/sdX --platform linux'));
    expect(documentValues(printed.stdout)).toMatchObject({ usb_write_command_ready: '1' });
  });
});

describe(diskImage.bin, () => {
  const images = ['a raw disk', 'a qcow2 image', 'an ISO that is gzip data as well'];
  const halves: WrongFile[] = [
    ['half of a qcow2 image', QCOW2_DISK.subarray(0, QCOW2_DISK.length / 2), /qcow2|cluster|table/],
    ['half of a raw disk', RAW_DISK.subarray(0, RAW_DISK.length / 2), /GPT|backup/],
  ];
  const wrong = [...WRONG.iso, ...halves]
    .filter(([name]) => !images.includes(name))
    .map(([name, bytes]) => [name, bytes] as const);
  it.each(wrong)('%s has no files to list, print or extract', async (_, bytes) => {
    writeFileSync(join(cwd, 'file'), bytes);
    for (const [word, ...more] of [['ls'], ['cat', 'x'], ['extract', '--into', 'out']] as const) {
      const lane = diskImage.lanes[word] as Lane;
      expect(await run(lane, ['file', ...more])).toMatchObject({ status: 65, stdout: '' });
    }
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
});

describe('an ISO that firmware starts from a disc alone', () => {
  it('a release of it says so, its bundle prints no command for a stick, and the USB lane neither', async () => {
    put('iso', PLAIN_ISO);
    putArtifactManifest('iso', PLAIN_ISO);
    const validated = await run(validate, words('--artifact-manifest manifest.txt'));
    expect(validated.stdout).toMatch(/\nstarts_bios_cd=1\n/);
    expect(validated.stdout).toMatch(/\nstarts_bios_usb=0\n/);
    expect(validated.stdout).toMatch(/\nstarts_uefi_usb=0\n/);
    const bundle = '--artifact-manifest manifest.txt --output-dir out --vm-firmware seabios';
    expect(await run(operatorBundle, words(bundle))).toMatchObject({ status: 0, stderr: '' });
    const printed = [
      readFileSync(join(cwd, 'out/usb-write-linux.txt'), 'utf8'),
      readFileSync(join(cwd, 'out/usb-write-macos.txt'), 'utf8'),
      (await run(usb, words('--iso iso --device /dev/sdX --platform linux'))).stdout,
    ];
    for (const document of printed) {
      expect(documentValues(document)).toMatchObject({
        device_blocked_reason: 'iso-not-usb-bootable',
        usb_write_command: 'withheld-device-blocked',
        usb_write_command_ready: '0',
      });
    }
    // The bundle is still what its manifest and its options make of it.
    const again = await run(validate, words('--artifact-manifest out/manifest.txt'));
    expect(again).toMatchObject({ status: 0, stderr: '' });
  });
});

const PAGE = fileURLToPath(new URL('../../docs/os-image.md', import.meta.url));

/** Lanes that look in their own way, in the words of the page. */
const OTHERS = [
  [buildPreflight.bin, INPUTS.join(', '), 'not ready, with the reason'],
  [validate.bin, 'sbom', 'not ready, with the reason'],
  [sbomCheck.bin, 'sbom', '65, with every finding'],
  ['seabios-grub-boot-preview-boot-artifact-manifest-validate', 'image, initramfs, signature, texts', '65'],
  ['seabios-grub-boot-preview-evidence-capture', 'image, initramfs, signature, texts', '65'],
  [inspectLane.bin, 'any', 'says what it is; 65 for what contradicts its format'],
  [diskImage.bin, 'iso, raw, qcow2, file systems', '65'],
] as const;

const table = (rows: readonly (readonly string[])[]) =>
  rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');

function lanesTable(): string {
  const lanes = new Map<string, Set<Role>>();
  for (const { lane, roles } of CASES) {
    lanes.set(lane.bin, new Set([...(lanes.get(lane.bin) ?? []), ...roles]));
  }
  const own = [...lanes].map(([bin, roles]) => [bin, [...roles].join(', '), '65']);
  const head = [
    ['lane', 'looks into', 'answer to what is something else'],
    ['---', '---', '---'],
  ];
  return table([...head, ...[...own, ...OTHERS].map(([bin, ...rest]) => [`\`${bin}\``, ...rest])]);
}

/** The reasons of the lane that records a file of this role first. */
async function reasonsTable(): Promise<string> {
  const rows = [
    ['taken for', 'and is', 'the reason reads'],
    ['---', '---', '---'],
  ];
  for (const role of Object.keys(WRONG) as Role[]) {
    const isInput = INPUTS.some((input) => input === role);
    const lane = isInput ? inputFromFiles : ['vm-image', 'efi'].includes(role) ? systemSbom : fromFiles;
    const found = CASES.find((one) => one.lane === lane) ?? expect.fail(`no case of ${lane.bin}`);
    for (const [name, bytes] of WRONG[role]) {
      put(role, bytes);
      found.prepare?.(role, bytes);
      const { stderr } = await run(lane, found.argv(role));
      const reason = stderr.trimEnd().replaceAll(`${cwd}/`, '').replace(`${lane.bin}: `, '');
      rows.push([role, name, `\`${reason}\``]);
    }
  }
  return table(rows);
}

describe('docs/os-image.md', () => {
  it('docs/os-image.md says which lane looks into what, and how the reasons read (vitest -u writes it)', async () => {
    let fresh = readFileSync(PAGE, 'utf8');
    for (const [mark, rows] of [
      ['lanes that look', lanesTable()],
      ['reasons', await reasonsTable()],
    ] as const) {
      const place = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*(?=<!-- end of ${mark} -->)`);
      expect(fresh).toMatch(place);
      fresh = fresh.replace(place, (_, begin) => `${begin}\n${rows}\n`);
    }
    await expect(fresh).toMatchFileSnapshot(PAGE);
  });
});
