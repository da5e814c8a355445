// What the player knows while it plays.

import type { PendingActs } from "../browser/pending.js";
import type { HandleMessage, Listener, Message, PictureMessage, Properties } from "./messages.d.ts";
import type { PlotlyElement } from "./plotly.d.ts";

/** A message with nothing left out. */
export type Model = Required<Message>;

/** The page's own look. */
export interface Theme {
  ground: string;
  ink: string;
  family: string;
  dark: boolean;
}

/** Where a handle is: an index of the curve's points, or of the two grids of a plane. */
export type Spot = number[];

export interface Handle extends HandleMessage {
  id: string;
  grip: HTMLElement;
}

/** The line of a guess, and what shows the truth behind it. */
export interface GuessParts {
  layer: HTMLElement;
  mark: HTMLElement;
  band: HTMLElement;
  truth: HTMLElement;
  /** Under a hand. */
  held: number | null;
  /** Where it was taken up. */
  from: number | null;
  rest?: ReturnType<typeof setTimeout>;
}

export interface Picture {
  index: number;
  gd: PlotlyElement;
  grips: HTMLElement;
  group: HTMLElement;
  /** Ranges and cameras that a person has made, by the name of the axis or scene. */
  axes: Record<string, { revision: unknown; range: number[] | null }>;
  cameras: Record<string, { revision: unknown; camera: Properties }>;
  /** What the legend has shown or hidden, by the trace's uid. */
  visible: Record<string, boolean | "legendonly">;
  resets: number;
  handles: Handle[];
  guess?: GuessParts;
  /** As drawn last; empty before. */
  traces: Properties[];
  drawing?: Promise<unknown>;
  config?: Properties;
  /** Turned by another scene, not by a person. */
  led: boolean;
}

/** What a person holds; the pointer that holds it, null for keys. */
export interface ScrubberHand {
  kind: "scrubber";
  index: number;
  pointer: boolean;
  letGo(): void;
}

export interface HandleHand {
  kind: "handle";
  picture: Picture;
  handle: Handle;
  spot: Spot;
  /** Where it was. */
  from: Spot;
  pointer: number | null;
  /** From the pointer to the middle of the grip: it does not jump under the pointer. */
  off: [number, number];
  letGo(): void;
}

export type Hand = ScrubberHand | HandleHand;

export interface PendingAct {
  act: number;
  value?: unknown;
  spot?: Spot;
}

export interface Player {
  root: HTMLElement;
  /** null: nobody hears. */
  send: Listener | null;
  /** Whether the figures fill what the window leaves. */
  fits: boolean;
  model: Model;
  theme: Theme;
  pictures: Picture[];
  /** To be drawn with the next frame of the screen. */
  dirty: Set<Picture>;
  pending: PendingActs<PendingAct>;
  hand: Hand | null;
  playing: number;
  queued: number;
  gliding: number;
  rest?: ReturnType<typeof setTimeout>;
  sizes: ResizeObserver;
  screen: MediaQueryList;
  parts: Parts;
  /** Where the player began and how high the window was when the pictures were fitted into it. */
  room: [number, number];
  /** Ends the watch over the room. */
  unwatch?: () => void;
  draw(): void;
  restyle(): void;
  /** Gives the pictures the heights that there is room for. */
  fit(): void;
  refit(): void;
}

/** The elements around the pictures. */
export interface Parts {
  /** The pictures of the first row. */
  grid: HTMLElement;
  /** What is seen in the first picture, in a sentence. */
  sentence: HTMLElement;
  /** All other pictures. */
  more: HTMLElement;
  bar: HTMLElement;
  play: HTMLButtonElement;
  range: HTMLInputElement;
  value: HTMLOutputElement;
  name: HTMLElement;
  keys: HTMLElement;
}

export type { Listener, Message, PictureMessage, Properties };

declare global {
  interface Window {
    /** The last picture at each place, by the file of its player and its index. */
    lossvizPictures?: Map<string, Picture>;
  }
}
