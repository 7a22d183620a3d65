// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --seal`: trees of many files, and one large file, checked by Latticra Seal. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.mjs';
import { peakMib } from './peak.mjs';
import { writeRandom } from './random.mjs';

const FOLDER_FILES = 100;
const GIB = 2 ** 30;

/** Returns a size as sources have it: 4 KiB on average, a few of none. */
const sourceSize = (index) => (index * 7919) % 8192;
const doubleSize = (index) => 2 * sourceSize(index);

/**
 * Measures Latticra Seal on trees of many files, and on one large file.
 * @param options.scale what every count and size is multiplied by: to try it out
 */
export function sealRows({ row, fact, has, folder, app, runs, scale }) {
  /** Makes a project of which Seal will say PASS, with what `fill` puts in it. */
  const projectOf = (name, fill) => {
    const root = join(folder, name);
    mkdirSync(root);
    writeFileSync(join(root, 'README.md'), '# Bench\n');
    writeFileSync(join(root, 'LICENSE'), 'Apache-2.0\n');
    fill(root);
    const init = app(
      'seal',
      ...['init', '--root', root, '--project-id', 'bench', '--project-name', 'Bench'],
      ...['--project-version', '1', '--repository', 'https://example.org/bench', '--license', 'Apache-2.0'],
    );
    execFileSync(init.argv[0], init.argv.slice(1), { cwd: folder, stdio: 'pipe' });
    return root;
  };
  const filesOf = (count, size) => (root) => {
    const text = Buffer.alloc(16384, 'const answer = compute(question); // and so on\n');
    for (let index = 0; index < count; index++) {
      const inside = join(root, `d${Math.floor(index / FOLDER_FILES)}`);
      if (index % FOLDER_FILES === 0) mkdirSync(inside);
      writeFileSync(join(inside, `f${index}.js`), text.subarray(0, size(index)));
    }
  };
  const check = (root) => app('seal', 'check', '--root', root);
  const beside = (what, root, argv, goal) => {
    if (!has(argv[0])) process.stderr.write(`left out: ${argv[0]} is missing\n`);
    else row(what, `\`${argv[0]}\``, compare(check(root), { argv, cwd: root }, runs), goal);
  };
  const counted = (count) => `${count.toLocaleString('en')} small files`;

  const [few, many, empty] = [20_000, 100_000, 1_000_000].map((count) => Math.ceil(count * scale));
  const small = projectOf('small', filesOf(few, sourceSize));
  const config = join(folder, 'aide.conf');
  const database = join(folder, 'aide.db');
  const besideAide = (what, root) => {
    writeFileSync(config, `database_out=file:${database}\ngzip_dbout=no\n${root} sha256\n`);
    beside(what, root, ['aide', '--init', `--config=${config}`], 'at most 0.7');
  };
  besideAide(counted(few), small);
  const double = projectOf('double', filesOf(few, doubleSize));
  besideAide(`${counted(few)} of 8 KiB`, double);
  rmSync(double, { recursive: true });
  beside(counted(few), small, ['hashdeep', '-j2', '-c', 'sha256', '-r', '.'], 'at most 1.3');

  const large = projectOf('many', filesOf(many, sourceSize));
  const growth = compare(check(large), check(small), runs);
  const perFile = { ...growth, ratio: (growth.ratio * few) / many };
  row(counted(many), `${counted(few)}, a file`, perFile, 'at most 1.1');
  for (const root of [small, large]) rmSync(root, { recursive: true });

  const gigabytes = projectOf('file', (root) =>
    writeRandom(join(root, 'file'), Math.ceil(4 * GIB * scale), '', 1),
  );
  const what = `one file of ${4 * scale} GiB`;
  beside(what, gigabytes, ['openssl', 'dgst', '-sha256', 'file'], 'at most 1.18');
  beside(what, gigabytes, ['sha256sum', 'file'], 'at most 0.33');

  if (!has('/usr/bin/time')) {
    process.stderr.write('left out: /usr/bin/time is missing\n');
    return;
  }
  const peak = (root) => `${peakMib(check(root)).toFixed(0)} MiB`;
  const tenth = projectOf('tenth', (root) =>
    writeRandom(join(root, 'file'), Math.ceil(0.4 * GIB * scale), '', 1),
  );
  fact(`${what}, most memory`, peak(gigabytes), `as of a tenth of it: ${peak(tenth)}`);
  for (const root of [gigabytes, tenth]) rmSync(root, { recursive: true });
  const hollow = projectOf(
    'empty',
    filesOf(empty, () => 0),
  );
  fact(`${empty.toLocaleString('en')} empty files, most memory`, peak(hollow), 'at most 667 MiB (700 MB)');
}
