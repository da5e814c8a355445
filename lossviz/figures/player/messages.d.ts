// What Python sends the player (payload.py), and what the player tells Python.

/** A trace, a layout or a part of one: Plotly's own properties. */
export type Properties = Record<string, any>;

export interface Frame {
  data: Properties[];
  /** Which trace each of `data` changes; all in their order where it is left out. */
  traces?: number[];
  layout?: Properties;
}

export interface Figure {
  data: Properties[];
  layout?: Properties;
  frames?: Frame[];
}

export interface PictureMessage {
  figure: Figure;
  alt?: string;
  wide?: boolean;
  paired?: boolean;
  /** What is seen in it, at every position of the scrubber or at all of them. */
  sentences?: string[];
}

export interface Scrubber {
  /** The control that it moves. */
  id: string;
  label: string;
  symbol?: string;
  values: number[];
  /** The index of the present value. */
  at: number;
  /** Where it sticks; a slider with some has its values where they are on its scale. */
  stops?: number[];
  decimals?: number;
}

/** A marker that a person can move: along the points of the trace that it follows, or over the two grids of a plane. */
export interface HandleMessage {
  picture: number;
  marker: number;
  follow: number;
  label?: string;
  send: Send;
}

/** Along a curve each point stands for a value of a control; "place" is over a plane. */
export interface Send {
  action?: "place";
  control?: string;
  /** "inf" and "-inf" are words: JSON has no such numbers. */
  values?: (number | string)[];
  at?: number;
}

/** A picture, by its number, and one of its scenes. */
export type Scene = [number, string];

/** A line that is dragged along an axis to where the answer to a question is thought to be. */
export interface GuessMessage {
  /** The axis's `uirevision`. */
  axis: string;
  low: number;
  high: number;
  value: number | null;
  /** The right value and its tolerance, once they may be seen. */
  truth: [number, number] | null;
}

export interface Message {
  revision: number;
  pictures: PictureMessage[];
  /** The number of the last act that is in it. */
  acts?: number;
  scrubber?: Scrubber | null;
  handles?: HandleMessage[];
  /** Pictures in which a click says what it stands for, and the word that this is a value of. */
  picks?: { picture: number; control?: string }[];
  linked?: Scene[];
  guess?: GuessMessage | null;
  /** Whether everything but the guess stands still, since a question is to be answered first. */
  locked?: boolean;
  /** The name of what is downloaded. */
  file?: string;
}

/** What a person let go of, by the scrubber, a handle or a click. */
export type PlayerEvent =
  | { control: string; value: number | string; revision: number }
  | { action: "place"; control?: string; x: number; y: number; picture: number; revision: number }
  | { action: "answer"; value: number; revision: number }
  | { action: "pick"; control?: string; value: unknown; revision: number };

/** Hears an event and gives it a number, which is at most the message's `acts` once a message shows it. */
export type Listener = (event: PlayerEvent) => number;
