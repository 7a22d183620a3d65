// SPDX-License-Identifier: Apache-2.0

/** What a property list is written from; a number is an integer. */
export type PlistSpec =
  | string
  | number
  | bigint
  | boolean
  | readonly PlistSpec[]
  | { readonly [key: string]: PlistSpec };

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`;

/** Writes a property list as Core Foundation does: a tab a level, keys in order, empty collections in one tag. */
export function writePlist(spec: PlistSpec): string {
  return `${HEAD}<plist version="1.0">\n${element(spec, '')}</plist>\n`;
}

function element(spec: PlistSpec, indent: string): string {
  if (typeof spec === 'string') return `${indent}<string>${escapeXml(spec)}</string>\n`;
  if (typeof spec === 'boolean') return `${indent}<${spec}/>\n`;
  if (typeof spec === 'number' || typeof spec === 'bigint') return `${indent}<integer>${spec}</integer>\n`;
  const isArray = Array.isArray(spec);
  const name = isArray ? 'array' : 'dict';
  const inner = isArray
    ? spec.map((item: PlistSpec) => element(item, `${indent}\t`))
    : Object.entries(spec)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => `${indent}\t<key>${escapeXml(key)}</key>\n${element(item, `${indent}\t`)}`);
  return inner.length === 0
    ? `${indent}<${name}/>\n`
    : `${indent}<${name}>\n${inner.join('')}${indent}</${name}>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
