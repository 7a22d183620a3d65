// SPDX-License-Identifier: Apache-2.0
/** The one command as it ships: its words, every lane by each of its names, its pages, and what a shell completes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GUARDS } from '@latticra/guards/guards';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layApp } from '../../../tools/testing/lay-app.js';
import { itWith } from '../../../tools/testing/tools.js';
import { COMMANDS } from './commands/table.js';
import { LANES } from './lanes/table.js';

let folder: string;
let dist: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-'));
  dist = join(folder, 'dist');
  await layApp('latticra', dist);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, ...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, name), ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const latticra = (...argv: string[]) => script('main.cjs', ...argv);

it('a bare latticra says in ten lines what it is for', () => {
  const { status, stdout, stderr } = latticra();
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
  expect(stdout).toContain('latticra rehearse');
});

it('the version is told by each of its words', () => {
  for (const word of ['version', '--version']) {
    expect(latticra(word)).toEqual({ status: 0, stdout: 'latticra 0.0.0\n', stderr: '' });
  }
  expect(latticra('rehearse', '--version').stdout).toBe('latticra rehearse 0.0.0\n');
});

it.each([
  ['inspct', 'latticra: expected a command, found "inspct"; did you mean inspect?\n'],
  ['latticra-sael', 'latticra: expected a command, found "latticra-sael"; did you mean seal?\n'],
  ['constructor', 'latticra: expected a command, found "constructor"; see latticra --help\n'],
  ['a\u001b[2J', 'latticra: expected a command, found "a\\u001b[2J"; see latticra --help\n'],
  ['--json', 'latticra: expected a command before any flag; see latticra --help\n'],
])('the word %j is refused with 64, and the names that are near', (word, stderr) => {
  expect(latticra(word)).toEqual({ status: 64, stdout: '', stderr });
  if (!word.startsWith('-')) expect(latticra('help', word)).toEqual({ status: 64, stdout: '', stderr });
});

it('words behind one that takes none are refused', () => {
  expect(latticra('version', 'x')).toMatchObject({ status: 64, stdout: '' });
  expect(latticra('--help', 'x')).toMatchObject({ status: 64, stdout: '' });
});

it('a lane answers alike by its name, by its short name and by the long one', () => {
  writeFileSync(join(folder, 'a.txt'), 'a\n');
  const asked = latticra('os-image-inspect', 'a.txt');
  expect(asked).toMatchObject({ status: 0, stderr: '' });
  expect(latticra('inspect', 'a.txt')).toEqual(asked);
  expect(latticra('latticra-os-image-inspect', '--file', 'a.txt')).toEqual(asked);
  expect(script('bin/latticra-os-image-inspect.cjs', '--file', 'a.txt')).toEqual(asked);
});

it('what a lane says of itself is by the name that it was called by', () => {
  expect(latticra('inspect', '--no').stderr).toMatch(/^latticra inspect: unknown flag --no/);
  expect(script('bin/latticra-os-image-inspect.cjs', '--no').stderr).toMatch(/^latticra-os-image-inspect: /);
  expect(latticra('seal', 'check', '--no').stderr).toMatch(/^latticra seal check: unknown flag/);
  expect(latticra('seal', 'chekc').stderr).toBe(
    'latticra seal: expected a command, found "chekc"; did you mean check?\n',
  );
});

it('help of a command, of a lane and of a word of a lane is what --help prints', () => {
  for (const words of [['verify'], ['inspect'], ['seal'], ['seal', 'check'], ['boot-matrix', 'run']]) {
    const { status, stdout } = latticra('help', ...words);
    expect([words, status]).toEqual([words, 0]);
    expect(latticra(...words, '--help').stdout).toBe(stdout);
  }
  expect(latticra('help').stdout).toBe(latticra('--help').stdout);
});

it('Seal checks a project by the one command as by its own, with the script of its second thread at hand', () => {
  const root = mkdtempSync(join(folder, 'project-'));
  writeFileSync(join(root, 'README.md'), 'Demo\n');
  writeFileSync(join(root, 'LICENSE'), 'MIT\n');
  const project = ['--project-id', 'demo', '--project-name', 'Demo', '--project-version', '1.0'];
  const place = ['--repository', 'https://example.org/demo', '--license', 'MIT', '--root', root];
  expect(latticra('seal', 'init', ...project, ...place)).toMatchObject({ status: 0, stderr: '' });
  expect(latticra('seal', 'check', '--root', root)).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(dist)).toContain('seal-helper.cjs');
});

it('the script of every long name is there, and no script of another', () => {
  const scripts = readdirSync(join(dist, 'bin')).sort();
  expect(scripts).toEqual(LANES.map(({ bin }) => `${bin}.cjs`).sort());
  // One of each kind; what they load is in the table.
  for (const name of ['latticra-seal', 'latticra-os-image-build']) {
    expect(script(`bin/${name}.cjs`, '--version').stdout).toMatch(new RegExp(`^${name} \\d`));
  }
});

it('the emulator is in one file, and no command that boots nothing loads it', () => {
  const big = readdirSync(dist).filter(
    (name) => name.endsWith('.cjs') && readFileSync(join(dist, name)).length > 1e6,
  );
  expect(big).toHaveLength(1);
  for (const argv of [['help', 'boot-seed-qemu-smoke'], ['rehearse', '--help'], ['version'], ['lanes']]) {
    const traced = spawnSync(
      process.execPath,
      [
        '-e',
        `process.argv.splice(1, 0, 'x'); process.on('exit', () => console.error(Object.keys(require.cache).join('\\n')));
         require(${JSON.stringify(join(dist, 'main.cjs'))}).main('latticra')`,
        '--',
        ...argv,
      ],
      { encoding: 'utf8' },
    );
    expect([argv, traced.status]).toEqual([argv, 0]);
    expect(traced.stderr).toContain('main.cjs');
    expect(traced.stderr).not.toContain(big[0]);
  }
});

it('guard drives the lanes of this command, and prints one table', () => {
  const { status, stdout, stderr } = latticra(
    'guard',
    '--only',
    'latticra_os_image_artifact_manifest_template',
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^latticra_os_image_artifact_manifest_template {2}ok {2}the template [^\n]+\n\n1 of 1 hold\n$/,
  );
  expect(GUARDS).toHaveLength(14);
});

it('a guard of another name is refused, and lanes that are not there are an error', () => {
  expect(latticra('guard', '--only', 'x')).toMatchObject({ status: 64, stdout: '' });
  const name = 'latticra_os_image_artifact_manifest_template';
  // Relative to where it is called, and nothing of PATH takes the place of what is not there.
  const { status, stderr } = latticra('guard', '--only', name, '--lanes', 'none');
  expect([status, stderr]).toEqual([
    69,
    expect.stringMatching(/: has no program latticra-os-image-artifact-manifest-template; name a folder /),
  ]);
});

it('a guard that is broken is told in the table, and ends with 1', () => {
  const lanes = mkdtempSync(join(folder, 'lanes-'));
  const lane = join(lanes, 'latticra-os-image-artifact-manifest-template');
  writeFileSync(lane, '#!/bin/sh\necho LIE\n', { mode: 0o755 });
  const name = 'latticra_os_image_artifact_manifest_template';
  const { status, stdout } = latticra('guard', '--only', name, '--lanes', lanes);
  expect([status, stdout]).toEqual([1, expect.stringMatching(/ BROKEN {2}[^\n]+\n\n0 of 1 hold\n$/)]);
});

itWith(['man', 'groff'], 'every manual page is right, and shows what it was made of', () => {
  const pages = readdirSync(join(dist, 'man'));
  expect(pages).toHaveLength(1 + COMMANDS.length + LANES.length);
  const checked = spawnSync(
    'groff',
    ['-man', '-ww', '-Tutf8', '-z', ...pages.map((page) => join(dist, 'man', page))],
    {
      encoding: 'utf8',
    },
  );
  expect(checked).toMatchObject({ status: 0, stderr: '' });
  const shown = (page: string) =>
    execFileSync('man', ['-l', join(dist, 'man', page)], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8', PAGER: 'cat' },
    }).replaceAll(/.\u0008/g, '');
  const page = shown('latticra-os-image-inspect.1');
  expect(page).toMatch(
    /NAME\n +latticra-os-image-inspect - say what a file of an OS image is, by its content\n/,
  );
  expect(page).toMatch(/\n +--digest\n +measure it as well/);
  expect(page).toMatch(/\n +latticra-os-image-inspect --file disk\.qcow2 --digest --json\n/);
  expect(shown('latticra-seal.1')).toMatch(
    /latticra-seal verify\n +Check, and compare with latticra\.seal\.lock\./,
  );
  expect(latticra('help', '--man', 'seal').stdout).toBe(
    readFileSync(join(dist, 'man/latticra-seal.1'), 'utf8'),
  );
});

itWith(['bash'], 'bash completes commands, lanes, their flags, what those take, and paths', () => {
  const completion = join(folder, 'completion.bash');
  writeFileSync(completion, latticra('completion', 'bash').stdout);
  writeFileSync(join(folder, 'image one.iso'), '');
  const cases: [typed: string[], expected: string[]][] = [
    [['latticra', 'ins'], ['inspect']],
    [['latticra', 'help', 'ver'], ['verify']],
    [
      ['latticra', 'seal', 'ver'],
      ['verify', 'version'],
    ],
    [['latticra', 'seal', 'verify', '--r'], ['--root']],
    [
      ['latticra', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['latticra', 'os-image-build', '--root', 'v'], ['verity']],
    [['latticra', 'build', '--root', '=', 'v'], ['verity']],
    [['/usr/bin/latticra-os-image-build', '--no-such', '--di', '--ou'], ['--output-dir']],
    [['latticra', 'inspect', 'image'], ['image one.iso']],
    [['latticra', 'verify', '--bundle', 'dis'], ['dist']],
    [['latticra', 'inspect', '--q'], ['--quiet']],
    [['latticra', 'guard', '--only', 'latticra_os_image_usb'], ['latticra_os_image_usb_write_command']],
    [['latticra', 'inspect', '$(touch gone)'], []],
    [['latticra', '$(touch gone)', 'a'], []],
    [['latticra', 'x'], []],
  ];
  const ask = cases.map(([typed]) => {
    const words = typed.map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${words}); COMP_CWORD=${typed.length - 1}; _latticra; printf '%s|' "\${COMPREPLY[@]}"; echo\n`;
  });
  const answers = execFileSync('bash', ['-c', `source "$0"; ${ask.join('')}`, completion], {
    cwd: folder,
    encoding: 'utf8',
  });
  const found = answers
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|').filter((word) => word !== ''));
  expect(found).toEqual(cases.map(([, expected]) => expected));
  expect(readdirSync(folder)).not.toContain('gone');
});

itWith(['zsh'], 'zsh takes the script for its completion', () => {
  const { status, stderr } = spawnSync('zsh', ['-n'], {
    input: latticra('completion', 'zsh').stdout,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});

itWith(
  ['zsh'],
  'zsh completes words, flags, values and files with the script, as at a terminal',
  () => {
    const functions = join(folder, 'functions');
    mkdirSync(functions);
    writeFileSync(join(functions, '_latticra'), latticra('completion', 'zsh').stdout);
    writeFileSync(join(folder, 'disk two.iso'), '');
    const cases = {
      'latticra ins': ['inspect'],
      'latticra seal ver': ['verify', 'version'],
      'latticra help boot-m': ['boot-matrix'],
      'latticra rehearse --emulator ': ['auto', 'qemu', 'v86'],
      'latticra release --vm-format=': ['qcow2', 'raw'],
      'latticra inspect disk': ['disk\\ two.iso'],
      'latticra release --iso=disk': ['disk\\ two.iso'],
      'latticra guard --only latticra_os_image_usb': ['latticra_os_image_usb_write_command'],
      'latticra-os-image-build --root v': ['verity'],
      'latticra rehearse ins': [],
    };
    const lines = Object.keys(cases);
    // A shell at a terminal of its own, which writes down what it offers: the words of each completion, and then END.
    const script = `
zmodload zsh/zpty zsh/zselect
zpty shell zsh -f -i
settle() { local i; for ((i = 0; i < 300; i++)); do [[ $(grep -c "$1" $2 2>/dev/null) -ge $3 ]] && return; zpty -r -t shell seen 2>/dev/null; zselect -t 10; done; exit 3 }
zpty -w shell 'source $0.rc'
settle READY $0.out 1
index=0
for line in "$@"; do zpty -n -w shell "$line"$'\\t'; ((++index)); settle END $0.out $index; zpty -n -w shell $'\\C-u'; done
zpty -d shell`;
    const rc = `
fpath=('${functions}' $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  local -a offered; builtin compadd -A offered "$@"
  (( $#offered )) && print -rl -- "\${offered[@]}" >> $0.out
  builtin compadd "$@"
}
offer() { zle complete-word; print END >> $0.out }
zle -N offer; bindkey '^I' offer; print READY >> $0.out`;
    const at = join(folder, 'zsh');
    writeFileSync(at, script.replaceAll('$0', at));
    writeFileSync(`${at}.rc`, rc.replaceAll('$0', at));
    const { status } = spawnSync('zsh', ['-f', at, ...lines], { cwd: folder, timeout: 60_000 });
    expect(status).toBe(0);
    const [, ...offers] = readFileSync(`${at}.out`, 'utf8').split(/READY\n|END\n/);
    const found = lines.map((line, index) => [line, offers[index]?.split('\n').filter(Boolean)]);
    expect(Object.fromEntries(found)).toEqual(cases);
  },
  90_000,
);

itWith(['fish'], 'fish takes the script for its completion, and completes with it', () => {
  const file = join(folder, 'latticra.fish');
  writeFileSync(file, latticra('completion', 'fish').stdout);
  const complete = (line: string) => {
    // Piped by the shell, as its first line says: fish sources nothing from the socket that Node gives.
    const command = 'cat $argv[1] | source; complete -C $argv[2]';
    const { status, stdout, stderr } = spawnSync('fish', ['--no-config', '-c', command, file, line], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.split('\n').map((each) => each.split('\t')[0]);
  };
  expect(complete('latticra ins')).toContain('inspect');
  expect(complete('latticra rehearse --emu')).toContain('--emulator');
  expect(complete('latticra rehearse --emulator ')).toContain('v86');
  expect(complete('latticra guard --only latticra_os_image_usb')).toContain(
    'latticra_os_image_usb_write_command',
  );
  // No command is offered behind another one.
  expect(complete('latticra rehearse ins')).not.toContain('inspect');
});
