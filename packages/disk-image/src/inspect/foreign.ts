// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, sliceSource } from '../layout/source.js';
import { fieldText, hasText, peek, startsWith } from './bytes.js';
import { type DiskFacts, readDisk } from './disk.js';
import type { FindingsCollector } from './findings.js';

/** A disk image of another program; but for a fixed VHD, what the guest sees in it is not read here. */
export interface ForeignDisk {
  /** Which of the forms that the format has. */
  readonly subformat: string;
  readonly version: string;
  /** Bytes of the disk that the guest sees, where the file tells. */
  readonly virtualSize: number | undefined;
  /** It needs another file: a parent, or extents. */
  readonly needsOthers: boolean;
  readonly disk: DiskFacts | undefined;
}

const SECTOR = 512;
const VHD_TYPES: Readonly<Record<number, string>> = { 2: 'fixed', 3: 'dynamic', 4: 'differencing' };

const vhdFooter = (source: ByteSource): Buffer | undefined =>
  [source.size - SECTOR, source.size - SECTOR + 1, 0]
    .map((at) => peek(source, at, SECTOR))
    .find((bytes) => hasText(bytes, 0, 'conectix') && bytes.length >= SECTOR - 1);

/** Returns whether a source has the footer of a VHD file. */
export const isVhd = (source: ByteSource) => vhdFooter(source) !== undefined;

/** Reads the footer of a VHD (Microsoft's specification 1.0). */
export function readVhd(source: ByteSource, findings: FindingsCollector): ForeignDisk {
  const footer = vhdFooter(source) ?? Buffer.alloc(SECTOR);
  const sum = footer
    .subarray(0, SECTOR)
    .reduce((all, byte, at) => (at >= 64 && at < 68 ? all : all + byte), 0);
  if (~sum >>> 0 !== footer.readUInt32BE(64))
    findings.add('corrupt', 'the checksum of the VHD footer does not match');
  if (!hasText(peek(source, source.size - SECTOR, 8), 0, 'conectix')) {
    findings.add('truncated', 'the VHD file does not end with its footer');
  }
  const subformat = VHD_TYPES[footer.readUInt32BE(60)] ?? 'unknown';
  const virtualSize = Number(footer.readBigUInt64BE(48));
  const version = `${footer.readUInt16BE(12)}.${footer.readUInt16BE(14)}`;
  const facts = { subformat, version, virtualSize, needsOthers: subformat === 'differencing' };
  if (subformat !== 'fixed') {
    findings.unread.push('the disk inside the VHD');
    return { ...facts, disk: undefined };
  }
  const length = Math.max(0, source.size - SECTOR);
  if (virtualSize > length) {
    findings.add('truncated', `the VHD disk has ${virtualSize} bytes, the file ${length} before its footer`);
  }
  return { ...facts, disk: readDisk(sliceSource(source, 0, Math.min(length, virtualSize)), findings) };
}

/** Reads what a VHDX file says at its start; its size lies in tables that are not read here. */
export function readVhdx(source: ByteSource, findings: FindingsCollector): ForeignDisk {
  const headers = [65536, 131072]
    .map((at) => peek(source, at, 72))
    .filter((bytes) => hasText(bytes, 0, 'head'));
  if (headers.length === 0) findings.add('corrupt', 'the VHDX file has neither of its headers');
  findings.unread.push('the disk inside the VHDX');
  const version = headers[0] && headers[0].length >= 68 ? String(headers[0].readUInt16LE(66)) : '';
  return { subformat: 'vhdx', version, virtualSize: undefined, needsOthers: false, disk: undefined };
}

const VMDK_TEXT = '# Disk DescriptorFile';
const MAX_DESCRIPTOR = 64 << 10;

/** Returns whether bytes begin as a VMDK file does. */
export const isVmdk = (bytes: Buffer) =>
  hasText(bytes, 0, 'KDMV') || hasText(bytes, 0, 'COWD') || hasText(bytes, 0, VMDK_TEXT);

/** Reads the header or the descriptor of a VMDK. */
export function readVmdk(source: ByteSource, findings: FindingsCollector): ForeignDisk {
  findings.unread.push('the disk inside the VMDK');
  const head = peek(source, 0, SECTOR);
  const sparse = hasText(head, 0, 'KDMV') && head.length >= 79;
  const at = sparse ? Number(head.readBigUInt64LE(28)) * SECTOR : 0;
  const isText = sparse || hasText(head, 0, VMDK_TEXT);
  const bytes = isText ? peek(source, at, MAX_DESCRIPTOR) : Buffer.alloc(0);
  const text = fieldText(bytes, 0, bytes.length);
  const subformat = /^createType="([^"]*)"/m.exec(text)?.[1] ?? (sparse ? 'sparse' : 'vmfs-sparse');
  const parent = /^parentCID=([0-9a-f]{8})/im.exec(text)?.[1] ?? 'ffffffff';
  return {
    subformat,
    version: sparse ? String(head.readUInt32LE(4)) : (/^version=(\d+)/m.exec(text)?.[1] ?? ''),
    virtualSize: sparse ? Number(head.readBigUInt64LE(12)) * SECTOR : undefined,
    needsOthers: !sparse || parent.toLowerCase() !== 'ffffffff',
    disk: undefined,
  };
}

/** Returns whether bytes begin as a VDI file does. */
export const isVdi = (bytes: Buffer) => startsWith(bytes.subarray(64), 0x7f, 0x10, 0xda, 0xbe);

const VDI_TYPES: Readonly<Record<number, string>> = {
  1: 'dynamic',
  2: 'fixed',
  3: 'undo',
  4: 'differencing',
};

/** Reads the header of a VDI. */
export function readVdi(source: ByteSource, findings: FindingsCollector): ForeignDisk {
  findings.unread.push('the disk inside the VDI');
  const head = peek(source, 0, SECTOR);
  if (head.length < SECTOR) {
    findings.add('truncated', `the VDI file ends inside its header, at byte ${source.size}`);
    return { subformat: 'unknown', version: '', virtualSize: undefined, needsOthers: false, disk: undefined };
  }
  const subformat = VDI_TYPES[head.readUInt32LE(76)] ?? 'unknown';
  const needsOthers = subformat === 'differencing' || subformat === 'undo';
  const version = `${head.readUInt16LE(70)}.${head.readUInt16LE(68)}`;
  return { subformat, version, virtualSize: Number(head.readBigUInt64LE(368)), needsOthers, disk: undefined };
}
