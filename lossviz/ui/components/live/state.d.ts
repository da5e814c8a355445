// What the live component knows while it is on the page.

import type { PendingActs } from "../../../figures/browser/pending.js";
import type { Header, LiveEvent, RowMessage } from "./messages.d.ts";

/** Where in a row the columns and scalars begin, by name. */
export interface TableLayout {
  at: Record<string, number>;
  classes: number;
  /** Numbers of a row. */
  width: number;
}

/** Where the numbers of one variant stand in an array. */
export interface Row {
  array: Float32Array | Float64Array;
  base: number;
  /** Where its targets stand, -1 if it has none of its own. */
  targets: number;
}

/** One control over its grid. */
export interface Sweep {
  id: string;
  values: number[];
  at: number;
  decimals: number;
  /** Where it sticks under a pointer. */
  stops: number[];
  low: number;
  high: number;
  row(index: number): Row;
}

export interface Model {
  header: Header;
  layout: TableLayout;
  sweeps: Map<string, Sweep>;
  rows: (Omit<RowMessage, "logit"> & { logit: number })[];
  now: Row;
  /** Whether cross-entropy is shown beside the loss. */
  ghost: boolean;
}

/** A slider whose track is the loss along its control. */
export interface Slider {
  id: string;
  root: HTMLElement;
  field: HTMLElement;
  paths: Record<"area" | "other" | "line", SVGPathElement>;
  rail: HTMLElement;
  float: HTMLElement;
  low: HTMLElement;
  high: HTMLElement;
  /** Says what an infinite value is, which cannot be slid. */
  fixed: HTMLElement;
  /** The losses at the ends of its vertical scale, and the share of it that its dot is at. */
  top: number;
  floor: number;
  height: number;
  /** The value that it has said last. */
  text?: string;
}

export interface Entry {
  id: string;
  input: HTMLInputElement;
  problem: HTMLElement;
  root: HTMLElement;
  /** Typed into and not yet settled. */
  dirty: boolean;
}

export interface Bar {
  fill: HTMLElement;
  other: HTMLElement | null;
  past: HTMLElement;
  root: HTMLElement;
}

export interface Arrow {
  down: Bar;
  up: Bar;
  root: HTMLElement;
}

export interface Figure {
  value: HTMLElement;
  other: HTMLElement | null;
  root: HTMLElement;
}

export interface TargetControl {
  set(target: number): void;
  root: HTMLElement;
}

export interface Cells {
  root: HTMLElement;
  bars: { p: Bar; term: Bar; grad: Arrow };
  numbers: { p: Figure; term: Figure; grad: Figure };
  target: TargetControl;
}

export interface Headings {
  root: HTMLElement;
  axes: Record<string, HTMLElement[]>;
}

/** What a person holds: a slider by a pointer, or by keys where there is none. */
export interface Hand {
  id: string;
  value: number;
  pointer: number | null;
  /** Of the track, in pixels: it stands still while it is held. */
  left: number;
  width: number;
  /** From the knob to the pointer, so that it does not jump. */
  nudge: number;
  start: number;
  /** A touch may yet turn out to scroll the page. */
  engaged: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

export interface Live {
  parentElement: ParentNode & { activeElement?: Element | null };
  root: HTMLElement;
  /** The elements of live.html that change, by their test id. */
  find(name: string): HTMLElement;
  query(selector: string): HTMLElement;
  /** Tells Python what a person let go of, and gives the number of that act; null where there is nobody to tell. */
  send: ((event: LiveEvent) => number) | null;
  data: Uint8Array | null;
  /** Data that waits until what is held is let go. */
  waiting: Uint8Array | null;
  model: Model;
  pending: PendingActs<{ act: number; value: number }>;
  hand: Hand | null;
  sliders: Map<string, Slider>;
  entries: Map<string, Entry>;
  /** What the ends of the axes stand for. */
  axes: { term: number; grad: number };
  structure: string;
  heads: Headings;
  cells: Cells[];
  total: { loss: HTMLElement; ghost: HTMLElement };
  queued: number;
  frame(): void;
  commit(event: LiveEvent): void;
  receive(data: Uint8Array): void;
  /** Lets everything be moved, where nobody sends other data. */
  unlock(): void;
  close(): void;
}
