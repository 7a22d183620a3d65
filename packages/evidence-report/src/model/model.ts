// SPDX-License-Identifier: Apache-2.0
import type { ImageForm } from '../read/content.js';

/**
 * The state of something that the page shows. `unknown` is what nobody looked at or nothing tells, and never the good answer; `refused`
 * is a boot that the firmware turned away, as it had to.
 */
export type State = 'good' | 'bad' | 'todo' | 'unknown' | 'refused';

/** A place on the page: the word behind `#`. */
export type Anchor = string;

/** A file that a value comes from. */
export interface Source {
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Something that keeps a release from going out. */
export interface Blocker {
  readonly title: string;
  readonly reason: string;
  /** The lines of a log that decide, the last one most. */
  readonly lines?: readonly string[];
  /** The next command to type. */
  readonly command?: string | undefined;
  readonly to: Anchor;
  /** The files whose documents say so. */
  readonly sources?: readonly Source[];
}

/** One value of a release in a line, with what it is made of. */
export interface Fact {
  readonly name: string;
  readonly state: State;
  readonly value: string;
  readonly note: string;
  readonly to: Anchor;
}

/** A name and what a document says of it; a digest is 64 hexadecimal digits. */
export interface Detail {
  readonly name: string;
  readonly text?: string | undefined;
  readonly sha256?: string | undefined;
  readonly state?: State;
}

/** An image of the release. */
export interface ImageView {
  readonly form: ImageForm;
  readonly name: string;
  readonly sha256: string | undefined;
  /** Where the file lies; undefined where it is not in the folder, and its digest only a statement. */
  readonly file: Source | undefined;
  /** Bytes. */
  readonly size: number | undefined;
  readonly state: State;
  readonly details: readonly Detail[];
  readonly boots: { readonly held: number; readonly total: number };
}

/** A build: what made the images, and the command that makes them again. */
export interface BuildView {
  readonly title: string;
  readonly source: Source;
  readonly details: readonly Detail[];
  readonly command: string | undefined;
}

/** A box of the drawing. */
export interface ChainNode {
  readonly id: string;
  /** From 0: source and inputs, builds, images, evidence, decision. */
  readonly column: number;
  readonly state: State;
  readonly name: string;
  readonly note: string;
  readonly sha256?: string | undefined;
  readonly to: Anchor;
}

/** A line of the drawing, from the left to the right. */
export interface ChainEdge {
  readonly from: string;
  readonly to: string;
  readonly state: 'same' | 'differs' | 'unchecked';
  /** Why it is drawn as it is: who names what. */
  readonly says: string;
}

export interface Chain {
  readonly nodes: readonly ChainNode[];
  readonly edges: readonly ChainEdge[];
}

/** A field of the promotion board. */
export interface BoardField {
  readonly key: string;
  readonly name: string;
  readonly state: State;
  readonly word: string;
  /** What is to be said of it; empty where its files say it. */
  readonly evidence: string;
  /** The files that show it, each once. */
  readonly cited: readonly Source[];
  readonly command: string | undefined;
}

export interface Board {
  readonly source: Source;
  readonly groups: readonly { readonly name: string; readonly fields: readonly BoardField[] }[];
  readonly held: number;
  readonly total: number;
}

/** A part of a boot on its time axis, in milliseconds from the start of QEMU. */
export interface BootPart {
  readonly phase: 'firmware' | 'loader' | 'kernel' | 'init' | 'unrecorded';
  readonly from: number;
  readonly to: number;
}

export interface BootView {
  readonly id: Anchor;
  readonly name: string;
  readonly source: Source;
  readonly state: State;
  readonly word: string;
  readonly reason: string | undefined;
  readonly form: ImageForm | undefined;
  readonly imageSha256: string | undefined;
  readonly attach: string | undefined;
  /** Its name in the matrix. */
  readonly machine: string;
  /** The machine of QEMU that it is. */
  readonly machineType: string | undefined;
  readonly firmware: string | undefined;
  readonly durationMs: number | undefined;
  readonly parts: readonly BootPart[];
  readonly details: readonly Detail[];
  /** The lines before the one that decided, and that one. */
  readonly decisive: readonly string[];
  readonly tail: readonly string[];
  readonly logLines: number;
  readonly log: Source | undefined;
  readonly command: string | undefined;
  readonly screen: ScreenView | undefined;
}

/** A screen, written again from its pixels; without `png` it is told by its path alone. */
export interface ScreenView {
  readonly source: Source;
  readonly width: number;
  readonly height: number;
  readonly png: string | undefined;
}

export interface SealView {
  readonly source: Source;
  readonly state: State;
  readonly status: string;
  readonly mode: string;
  readonly hashed: number | undefined;
  readonly changes: readonly { readonly how: 'added' | 'modified' | 'removed'; readonly what: string }[];
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  readonly checks: readonly { readonly name: string; readonly result: string }[];
  readonly details: readonly Detail[];
}

/** A signature, a review or a transcript. */
export interface WitnessView {
  readonly source: Source;
  /** How many more files of the folder are the same, byte for byte. */
  readonly copies: number;
  readonly kind: 'signature' | 'review' | 'transcript';
  readonly state: State;
  readonly word: string;
  readonly who: string;
  readonly says: string;
  readonly details: readonly Detail[];
}

export interface PackageView {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly origin: string;
}

export interface SbomView {
  readonly source: Source;
  readonly state: State;
  readonly name: string;
  readonly packages: readonly PackageView[];
  readonly files: number;
  readonly licences: readonly { readonly licence: string; readonly count: number }[];
  readonly findings: readonly { readonly level: string; readonly clause: string; readonly message: string }[];
  readonly omitted: number;
}

export interface BundleView {
  readonly source: Source;
  readonly folder: string;
  readonly state: State;
  readonly says: string;
  readonly steps: readonly { readonly what: string; readonly command: string }[];
}

export interface FileView extends Source {
  readonly id: Anchor;
  readonly size: number;
  readonly what: string;
  readonly state: State;
  readonly note: string;
}

/** All that a page shows; plain data. */
export interface EvidenceModel {
  readonly name: string;
  readonly version: string | undefined;
  readonly verdict: { readonly word: VerdictWord; readonly state: State; readonly says: string };
  readonly origin: readonly Detail[];
  readonly facts: readonly Fact[];
  readonly claims: { readonly names: readonly string[]; readonly documents: number };
  readonly wrong: readonly Blocker[];
  readonly missing: readonly Blocker[];
  readonly images: readonly ImageView[];
  readonly builds: readonly BuildView[];
  readonly chain: Chain;
  readonly board: Board | undefined;
  readonly boots: readonly BootView[];
  readonly seals: readonly SealView[];
  readonly witnesses: readonly WitnessView[];
  readonly signatureStatus: string;
  readonly sboms: readonly SbomView[];
  readonly bundles: readonly BundleView[];
  readonly files: readonly FileView[];
  readonly listSha256: string;
  readonly tool: string;
}

export type VerdictWord = 'Blocked' | 'Complete, a person decides' | 'Rehearsal' | 'Unreadable';
