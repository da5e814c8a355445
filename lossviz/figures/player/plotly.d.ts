// What the player uses of Plotly, its inner parts among it.

import type { Properties } from "./messages.d.ts";

/** An element with a figure in it. */
export interface PlotlyElement extends HTMLDivElement {
  data: Properties[];
  layout: Properties;
  on(name: string, listener: (event: any) => unknown): void;
  _fullLayout?: Properties;
  _fullData?: Properties[];
}

export interface Axis {
  d2p(value: number): number;
  p2d(pixel: number): number;
  _offset: number;
  _length: number;
}

interface PlotlyLibrary {
  react(gd: HTMLElement, data: Properties[], layout: Properties, config: Properties): Promise<unknown>;
  relayout(gd: HTMLElement, update: Properties): Promise<unknown>;
  toImage(figure: HTMLElement, options: Properties): Promise<string>;
  downloadImage(figure: Properties, options: Properties): Promise<unknown>;
  purge(gd: HTMLElement): void;
  Plots: { resize(gd: HTMLElement): void };
  Icons: Record<"home" | "camera" | "disk", Properties>;
}

declare global {
  /** There before the player starts. */
  var Plotly: PlotlyLibrary;
}
