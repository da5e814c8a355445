// What Python sends the live component (header.py, payload.py), and what the component tells Python.

/** JSON has neither nan, which is null, nor the infinities, which are words. */
export type PythonNumber = number | "inf" | "-inf" | null;

export interface Title {
  common: boolean;
  text: string;
  also?: string[];
  why?: string;
}

/** What the loss is called along a slider: at some values, and everywhere else. */
export interface TitlesAlong {
  at: { value: number; title: Title }[];
  between: Title;
}

export interface RowMessage {
  label: string;
  logit: PythonNumber;
  target: number;
}

export interface Parameter {
  id: string;
  symbol: string;
  label: string;
  value: PythonNumber;
  /** The ends of its slider, and the step along it. */
  min: number;
  max: number;
  step: number;
  /** Where it sticks. */
  stops?: number[];
  /** The ends of what is valid, which is more than its slider spans. */
  low: number | null;
  high: number | null;
  help: string;
  optional: boolean;
  off: boolean;
  disabled_reason: string | null;
}

export interface Image {
  caption: string;
  note: string;
  /** Of 8 × 8, from 0 to 16. */
  pixels: number[];
}

export interface Note {
  level: "warn" | "info";
  text: string;
  action: { label: string; event: LiveEvent } | null;
}

export interface SweepMessage {
  /** The control: "z0", "t0", or a parameter's name. */
  id: string;
  values: PythonNumber[];
  /** The index of the present value. */
  at: number;
  /** Of its table in the numbers after the header. */
  offset: number;
}

export type TargetMode = "class" | "multi" | "soft" | "sign";

export interface Header {
  revision: number;
  /** The number of the last act that is in it. */
  acts: number;
  classes: number;
  activation: string;
  loss_key: string;
  loss_name: string;
  colour: string;
  ce_colour: string;
  title: Title;
  /** By control. */
  titles: Record<string, TitlesAlong>;
  plain: string;
  /** Whether cross-entropy is something else, and shown beside the loss. */
  ghost: boolean;
  rows: RowMessage[];
  input_name: string;
  target_mode: TargetMode;
  parameters: Parameter[];
  url: { word_of: Record<string, string>; defaults: Record<string, string> };
  image: Image | null;
  notes: Note[];
  can_add: boolean;
  can_remove: boolean;
  fixed_classes: boolean;
  backend: string;
  /** Whether it is shown to a room. */
  room: boolean;
  /** Whether a question is to be answered before anything moves. */
  locked: boolean;
  /** Whether it is for many to see: a digit is large, and what is only for a hand is not there. */
  staged: boolean;
  /** Names of what has a number for each class, and of what has one for all. */
  columns: string[];
  scalars: string[];
  /** The present row in full precision. */
  now: Record<string, PythonNumber | PythonNumber[]>;
  sweeps: SweepMessage[];
}

/** What a person let go of, typed or chose. */
export interface LiveEvent {
  control?: string;
  value?: number;
  action?: string;
  index?: number;
}
