// SPDX-License-Identifier: Apache-2.0
/** What holds for every command alike: its help, its flags, and how it refuses what cannot be right. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program as bootMatrix } from '../../apps/boot-matrix/src/program.js';
import { loadProgram } from '../../apps/latticra/src/program.js';
import { type Lane, parseFlags } from '../../packages/lane/src/index.js';
import { parseCommand } from '../../packages/shell-words/src/index.js';
import { tryLane } from '../testing/lane.js';
import { itWith } from '../testing/tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APPS = join(ROOT, 'apps');
/** By the app that they are in and, where it has several, the word that chooses one. */
const lanes = new Map<string, Lane>();
for (const [app, program] of Object.entries({ latticra: await loadProgram(), 'boot-matrix': bootMatrix })) {
  for (const [word, lane] of Object.entries(program.lanes)) {
    if (lane.fixture !== undefined) lanes.set(`${app} ${word}`, lane);
  }
}
for (const app of readdirSync(APPS).filter((name) => existsSync(join(APPS, name, 'src/lane.ts')))) {
  const { lane }: { lane: Lane } = await import(join(APPS, app, 'src/lane.ts'));
  // A lane whose answer no fixture could change has rules of its own.
  if (lane.fixture !== undefined) lanes.set(app, lane);
}

/** What nobody sees, or sees elsewhere than it stands. */
const HIDDEN = ['gpj\u202e', 'a\u200bb', '\u2066a', '\ufeffa', 'a\u00ad', '👩\u200d🚀', '\u{e0041}a'];

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'every-lane-'));
  mkdirSync(join(cwd, 'folder'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (lane: Lane, ...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });

/** Checks that the lane ended with this status and said why in one line of its own, and nothing else. */
async function expectRefusal(lane: Lane, argv: string[], status: number, reason: RegExp): Promise<void> {
  const result = await run(lane, ...argv);
  expect([argv, result.status, result.stdout]).toEqual([argv, status, '']);
  expect(result.stderr.startsWith(`${lane.bin}: `)).toBe(true);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).toMatch(reason);
  expect(result.stderr.length).toBeLessThan(500);
}

describe.each([...lanes])('%s', (name, lane) => {
  it('the lane is called what its package says', () => {
    const [app = '', ...word] = name.split(' ');
    const { bin } = JSON.parse(readFileSync(join(APPS, app, 'package.json'), 'utf8'));
    expect(lane.bin.split(' ')).toEqual([Object.keys(bin)[0], ...word]);
  });

  it('the help of the lane explains every flag, and its examples are right', async () => {
    const { status, stdout } = await run(lane, '--help');
    expect(status).toBe(0);
    for (const name of [...Object.keys(lane.flags), 'manifest', 'json', 'quiet', 'help', 'version']) {
      expect(stdout).toContain(`  --${name}`);
    }
    expect(lane.examples.length).toBeGreaterThan(0);
    for (const example of lane.examples) {
      expect(() =>
        parseFlags(parseCommand(example.replace(/ > \S+$/, '')), {
          ...lane.flags,
          json: JSON_FLAG,
          manifest: PATH_FLAG,
        }),
      ).not.toThrow();
    }
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('unknown, doubled and empty flags, and stray words are refused', async () => {
    await expectRefusal(lane, ['--no-such-flag'], 64, /unknown flag --no-such-flag/);
    await expectRefusal(lane, ['--json', '--json'], 64, /--json: given twice/);
    await expectRefusal(lane, ['--manifest', 'a', '--manifest=b'], 64, /--manifest: given twice/);
    await expectRefusal(lane, ['--manifest', ''], 64, /--manifest: expected a path, found an empty value/);
    await expectRefusal(lane, ['--manifest'], 64, /--manifest: expected a path, found nothing/);
    await expectRefusal(lane, ['--json=x'], 64, /--json: takes no value/);
    await expectRefusal(lane, ['--help', '--no-such-flag'], 64, /unknown flag --no-such-flag/);
    await expectRefusal(lane, ['--manifest', '--help'], 64, /--manifest: expected a path, found "--help"/);
    await expectRefusal(lane, [`--${'x'.repeat(5000)}`], 64, /unknown flag "--x+…"/);
    await expectRefusal(lane, ['--js\u202eon'], 64, /unknown flag "--js\\u202eon"/);
    const taken = Object.values(lane.flags).some((spec) => spec.value === 'path' && spec.operand)
      ? ['taken']
      : [];
    await expectRefusal(lane, [...taken, 'stray'], 64, /unexpected argument "stray"/);
    for (const [name, { value }] of Object.entries(lane.flags)) {
      const argv = value === 'none' ? [`--${name}=x`] : [`--${name}`, ''];
      await expectRefusal(lane, argv, 64, new RegExp(`--${name}: `));
    }
  });

  it('values that would not stay on their line are refused', async () => {
    for (const [name, { value }] of Object.entries(lane.flags)) {
      if (value !== 'path' && value !== 'paths' && value !== 'texts' && value !== 'text') continue;
      for (const bad of ['a\nb', 'a\tb', 'a\u001b[2Jb', 'a\u0085b', '\0'.repeat(5000), ...HIDDEN]) {
        await expectRefusal(lane, [`--${name}`, bad], 65, new RegExp(`--${name}: expected one line`));
      }
    }
  });

  const required = Object.entries(lane.flags).flatMap(([name, flag]) => {
    if (flag.required !== true) return [];
    const value = flag.value === 'choice' ? flag.choices[0] : flag.value === 'integer' ? flag.min : 'x';
    return [`--${name}`, `${value}`];
  });

  it('the lane refuses a fixture that it cannot read', async () => {
    await expectRefusal(lane, [...required, '--manifest', 'gone.toml'], 66, /gone\.toml: no such file/);
    await expectRefusal(lane, [...required, '--manifest', 'folder'], 65, /folder: is a folder/);
  });

  it('the lane does nothing beside a fixture that claims too much, or says it in another way', async () => {
    const shipped = readFileSync(join(ROOT, lane.fixture?.defaultPath ?? ''), 'utf8');
    for (const claim of ['bootable_os_ready', 'production_os_claim']) {
      const fact = `${claim} = false`;
      expect(shipped).toContain(fact);
      for (const instead of [`${claim} = true`, `${claim} = "false"`, `# ${fact}`, `${fact}\n${fact}`]) {
        writeFileSync(join(cwd, 'early.toml'), shipped.replace(fact, instead));
        const reason = new RegExp(`early\\.toml.*${claim}`);
        await expectRefusal(lane, [...required, '--manifest', 'early.toml'], 65, reason);
      }
    }
  });
});

const JSON_FLAG = { value: 'none', help: '' } as const;
const PATH_FLAG = { value: 'path', help: '' } as const;

/**
 * Lanes that read a file: the arguments with which `BAD` is what they read first, and the exit status for a
 * missing one.
 */
const READERS: [string, number, string][] = [
  ['boot-seed-build', 66, '--kernel BAD'],
  ['boot-seed-vm-image-build', 66, '--kernel BAD'],
  ['boot-seed-qemu-smoke', 66, '--iso BAD --emulator v86'],
  ['boot-seed-qemu-smoke', 66, '--disk-image BAD --format raw --emulator v86'],
  ['boot-seed-sbom-generate', 66, '--iso BAD --vm-image BAD --kernel BAD --efi-bootloader BAD --esp-raw BAD'],
  ['os-image-artifact-manifest-from-files', 66, '--iso BAD'],
  ['os-image-artifact-manifest-from-files', 66, '--vm-image BAD --vm-format raw'],
  ['os-image-artifact-manifest-validate', 66, '--artifact-manifest BAD'],
  ['os-image-operator-bundle-from-artifacts', 66, '--artifact-manifest BAD'],
  ['os-image-inspect', 66, '--file BAD'],
  ['os-image-input-bundle-from-files', 66, '--kernel BAD --initramfs BAD --rootfs BAD'],
  ['os-image-input-bundle-validate', 66, '--input-manifest BAD'],
  ['seabios-grub-boot-preview-evidence-validate', 66, '--evidence BAD'],
  ['seabios-grub-boot-preview-boot-artifact-manifest-validate', 66, '--boot-artifact-manifest BAD'],
  [
    'seabios-grub-boot-preview-evidence-capture',
    66,
    '--profile x86_64-grub2-uefi-preview --boot-artifact-manifest BAD --operator-review-id r --operator-consent BAD --output-dir out',
  ],
  ['seabios-grub-boot-preview-image-build', 66, '--profile x86_64-grub2-uefi-preview --kernel BAD'],
  ['boot-matrix list', 66, '--matrix BAD'],
  ['boot-matrix run', 66, '--matrix BAD'],
  ['boot-matrix table', 66, '--matrix BAD'],
  // These two print what they would do, and that the file is missing.
  ['os-image-usb-write-command', 0, '--iso BAD --device /dev/sdX --platform linux'],
  ['os-image-vm-test-command', 0, '--image BAD --format raw'],
];

describe.each(READERS)('%s with a bad file', (name, missing, args) => {
  const argv = (bad: string) => args.split(' ').map((word) => (word === 'BAD' ? join(cwd, bad) : word));
  const lane = () => lanes.get(name) ?? expect.fail(`no lane ${name}`);

  it('a folder in the place of a file is refused as one', () =>
    expectRefusal(lane(), argv('folder'), 65, /folder: is a folder/));

  it('a device in the place of a file is not read', async () => {
    const device = args.split(' ').map((word) => (word === 'BAD' ? '/dev/zero' : word));
    await expectRefusal(lane(), device, 65, /\/dev\/zero: is a device/);
  });

  itWith(['mkfifo'], 'a FIFO in the place of a file is not waited for', async () => {
    const { execFileSync } = await import('node:child_process');
    rmSync(join(cwd, 'fifo'), { force: true });
    execFileSync('mkfifo', [join(cwd, 'fifo')]);
    await expectRefusal(lane(), argv('fifo'), 65, /fifo: is a FIFO/);
  });

  it('a missing file is refused as missing', async () => {
    if (missing === 0) expect((await run(lane(), ...argv('gone'))).status).toBe(0);
    else await expectRefusal(lane(), argv('gone'), missing, /gone: no such file/);
  });
});
