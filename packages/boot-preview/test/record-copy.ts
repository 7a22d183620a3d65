// SPDX-License-Identifier: Apache-2.0
/** Copies of a real record to be tampered with. */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A record and the files that it consists of, in a folder of their own. */
export interface RecordCopy {
  readonly folder: string;
  readonly path: string;
  text(): string;
  /** Replaces the value of a field, which has to be there. */
  set(key: string, value: string): void;
  value(key: string): string;
  /** Puts something at the end of the record. */
  append(text: string): void;
  /** Replaces a file of the record and, like an attacker who knows the format, its digest. */
  replace(name: string, content: string | Uint8Array): void;
  /** Returns the path of the file that `<name>_path` names. */
  file(name: string): string;
}

/** Copies the record at `path`, and the folder of its profile, below `to`. */
export function copyRecord(path: string, to: string): RecordCopy {
  const name = basename(path);
  const profile = name.replace(/-evidence\.txt$/, '');
  cpSync(join(dirname(path), profile), join(to, profile), { recursive: true });
  const copy = join(to, name);
  copyFileSync(path, copy);
  const text = () => readFileSync(copy, 'utf8');
  const line = (key: string) => new RegExp(`^${key}=(.*)$`, 'm');
  const value = (key: string) => {
    const found = line(key).exec(text())?.[1];
    if (found === undefined) throw new RangeError(`the record has no ${key}`);
    return found;
  };
  const set = (key: string, to: string) => {
    value(key);
    writeFileSync(
      copy,
      text().replace(line(key), () => `${key}=${to}`),
    );
  };
  const file = (field: string) => join(to, value(`${field}_path`));
  return {
    folder: to,
    path: copy,
    text,
    set,
    value,
    file,
    append: (more) => writeFileSync(copy, text() + more),
    replace(field, content) {
      rmSync(file(field), { force: true });
      writeFileSync(file(field), content);
      set(`${field}_sha256`, `sha256:${createHash('sha256').update(content).digest('hex')}`);
    },
  };
}
