// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --seal`: trees of many files, and one large file, checked by Latticra Seal. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.mjs';
import { peakMib } from './peak.mjs';
import { writeRandom } from './random.mjs';
import { makeProject, smallFiles } from './seal-project.mjs';

const GIB = 2 ** 30;

/** Returns a size as sources have it: 4 KiB on average, a few of none. */
const sourceSize = (index) => (index * 7919) % 8192;
const doubleSize = (index) => 2 * sourceSize(index);

/** Sums on two processors, as a shell has them: of whatever it is handed, by no rule of what belongs, and with no look for secrets. */
const XARGS = 'find . -type f -print0 | xargs -0 -n 128 -P 2 sha256sum >/dev/null';
const NOT_BY_XARGS =
  '`xargs -P2 sha256sum`: no rule of what belongs, no secrets, no links or changes refused';

/**
 * Measures Latticra Seal on trees of many files, and on one large file.
 * @param options.scale what every count and size is multiplied by: to try it out
 */
export function sealRows({ add, row, fact, has, folder, app, runs, scale }) {
  const projectOf = (name, fill) => makeProject(join(folder, name), app, fill);
  const check = (root) => app('seal', 'check', '--root', root);
  const beside = (what, root, argv, goal) => {
    if (!has(argv[0])) process.stderr.write(`left out: ${argv[0]} is missing\n`);
    else row(what, `\`${argv[0]}\``, compare(check(root), { argv, cwd: root }, runs), goal);
  };
  const counted = (count) => `${count.toLocaleString('en')} small files`;

  const [few, many, empty] = [20_000, 100_000, 1_000_000].map((count) => Math.ceil(count * scale));
  const small = projectOf('small', smallFiles(few, sourceSize));
  const config = join(folder, 'aide.conf');
  const database = join(folder, 'aide.db');
  const aide = (root) => {
    writeFileSync(config, `database_out=file:${database}\ngzip_dbout=no\n${root} sha256\n`);
    return ['aide', '--init', `--config=${config}`];
  };
  beside(counted(few), small, aide(small), 'at most 0.7');
  const double = projectOf('double', smallFiles(few, doubleSize));
  beside(`${counted(few)} of 8 KiB`, double, aide(double), 'at most 0.7');
  rmSync(double, { recursive: true });
  beside(counted(few), small, ['hashdeep', '-j2', '-c', 'sha256', '-r', '.'], 'at most 1.3');

  const kibibytes = projectOf(
    'kibibytes',
    smallFiles(few, () => 1024),
  );
  beside(`${few.toLocaleString('en')} files of 1 KiB`, kibibytes, aide(kibibytes), 'at most 0.85');
  rmSync(kibibytes, { recursive: true });

  const large = projectOf(
    'many',
    smallFiles(many, () => 4096),
  );
  const xargs = (root) => ({ argv: ['sh', '-c', XARGS], cwd: root });
  row(counted(few), NOT_BY_XARGS, compare(check(small), xargs(small), runs), 'none');
  const growth = compare(check(large), check(small), runs);
  const each = (seconds, count) => `${((1e6 * seconds) / count).toFixed(1)} µs`;
  const ratio = ((growth.ratio * few) / many).toFixed(2);
  const files = `${many.toLocaleString('en')} files of 4 KiB`;
  add(
    `${files}, a file`,
    each(growth.a, many),
    `${counted(few)}, a file`,
    each(growth.b, few),
    ratio,
    'at most 10.5 µs',
  );
  row(files, NOT_BY_XARGS, compare(check(large), xargs(large), runs), 'none');
  const { argv, cwd } = app('seal', 'baseline', '--root', large);
  execFileSync(argv[0], argv.slice(1), { cwd, stdio: 'pipe' });
  const verify = app('seal', 'verify', '--root', large);
  row(`\`seal verify\`, ${files}`, '`seal check`', compare(verify, check(large), runs), 'at most 1.05');
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
    smallFiles(empty, () => 0),
  );
  fact(`${empty.toLocaleString('en')} empty files, most memory`, peak(hollow), 'at most 667 MiB (700 MB)');
}
