// SPDX-License-Identifier: Apache-2.0
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };

const BY_LOWER = new Map([...deprecated, ...current].map((id) => [id.toLowerCase(), id]));

/** Returns an identifier of the SPDX licence list as the list spells it; undefined for none of them. */
export const spdxLicenceId = (name: string): string | undefined => BY_LOWER.get(name.toLowerCase());

/** Exceptions of the SPDX list that distributions use, as the list spells them. */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  'Autoconf-exception-2.0',
  'Autoconf-exception-3.0',
  'Bison-exception-2.2',
  'Classpath-exception-2.0',
  'Font-exception-2.0',
  'GCC-exception-2.0',
  'GCC-exception-3.1',
  'GPL-3.0-linking-exception',
  'Libtool-exception',
  'Linux-syscall-note',
  'LLVM-exception',
  'openvpn-openssl-exception',
  'Qt-GPL-exception-1.0',
  'Qt-LGPL-exception-1.1',
  'u-boot-exception-2.0',
  'x11vnc-openssl-exception',
]);

/** Returns whether a name is one of the exceptions of the SPDX list that are known here. */
export const isSpdxException = (name: string): boolean => EXCEPTIONS.has(name);

/** How the short names of DEP-5 read in SPDX, where they mean the same text; lower case, without `.0` at the end. */
const DEP5: Readonly<Record<string, string>> = {
  'apache-1': 'Apache-1.0',
  'apache-1.1': 'Apache-1.1',
  'apache-2': 'Apache-2.0',
  'bsd-2-clause': 'BSD-2-Clause',
  'bsd-3-clause': 'BSD-3-Clause',
  'cc0-1': 'CC0-1.0',
  'cc-by-3': 'CC-BY-3.0',
  'cc-by-4': 'CC-BY-4.0',
  'cc-by-sa-3': 'CC-BY-SA-3.0',
  'cc-by-sa-4': 'CC-BY-SA-4.0',
  expat: 'MIT',
  isc: 'ISC',
  'gfdl-niv-1.2+': 'GFDL-1.2-no-invariants-or-later',
  'gfdl-niv-1.2': 'GFDL-1.2-no-invariants-only',
  'gfdl-niv-1.3+': 'GFDL-1.3-no-invariants-or-later',
  'gfdl-niv-1.3': 'GFDL-1.3-no-invariants-only',
  'mpl-1.1': 'MPL-1.1',
  zlib: 'Zlib',
};

/** GNU licences by version, with what their short names begin with. */
const GNU: Readonly<Record<string, readonly string[]>> = {
  gpl: ['1.0', '2.0', '3.0'],
  lgpl: ['2.0', '2.1', '3.0'],
  agpl: ['3.0'],
};

/** Names that are no short names of DEP-5 and are used as such for exactly one text, which has the same name in SPDX. */
const CUSTOMARY: Readonly<Record<string, string>> = {
  fsfap: 'FSFAP',
  fsful: 'FSFUL',
  fsfullr: 'FSFULLR',
  'mpl-2': 'MPL-2.0',
  'bsl-1': 'BSL-1.0',
  postgresql: 'PostgreSQL',
};

/** What a short name is in SPDX. */
export interface MappedName {
  readonly id: string;
  /** Not a short name of DEP-5 itself. */
  readonly customary: boolean;
}

/**
 * Finds the SPDX identifier of a short name of DEP-5, where it is sure. `MIT`, `X11`, `public-domain`, `Artistic`,
 * `BSD-4-clause`, `GPL` without a version and others of which there is more than one text have none.
 */
export function mapShortName(name: string): MappedName | undefined {
  const plain = name.toLowerCase().replace(/(?:\.0)+(?=\+?$)/, '');
  const exact = (table: Readonly<Record<string, string>>) =>
    Object.hasOwn(table, plain) ? table[plain] : undefined;
  const id = exact(DEP5) ?? gnuId(plain);
  if (id !== undefined) return { id, customary: false };
  const customary = exact(CUSTOMARY);
  return customary === undefined ? undefined : { id: customary, customary: true };
}

function gnuId(plain: string): string | undefined {
  const [, family = '', number = '', plus] = /^([al]?gpl)-(\d+(?:\.\d+)?)(\+?)$/.exec(plain) ?? [];
  const version = number.includes('.') ? number : `${number}.0`;
  if (!GNU[family]?.includes(version)) return undefined;
  return `${family.toUpperCase()}-${version}-${plus === '+' ? 'or-later' : 'only'}`;
}
