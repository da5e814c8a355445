// What the address's script and the components tell each other and Python.

import type { AddressHistory } from "./history.js";

/** What Python says at the end of a run (ui/session/address.py). */
export interface Address {
  page: string;
  query: string;
  /** How many steps of Back a person has made. */
  step: number;
  /** The number of the last act that is applied. */
  acts: number;
  run: number;
  /** The page that a person left right after doing something on it, as it was then. */
  left?: { page: string; query: string } | null;
}

/** What a person did to a component: a control and its value, or an action by its name (ui/session/acts.py). */
export interface Command {
  control?: string;
  value?: unknown;
  action?: string;
  revision?: number;
}

export type Act = Command & { act: number };

declare global {
  interface History {
    lossviz?: AddressHistory;
  }
}
