// What a phone is told: `View` in lossviz/lectures/rooms/shown.py, and `sentences` of it in words.py beside that.

export interface Outcome {
  counts: number[];
  answers: number;
  right: number;
}

export interface View {
  title: string;
  link: string;
  language: string;
  question: string;
  options: string[];
  axis: { low: number; high: number; label: string } | null;
  ballot: number;
  round: number;
  revealed: boolean;
  own: number | null;
  answers: number;
  outcomes: Outcome[];
  right: number[];
  value: number | null;
  tolerance: number;
  why: string;
  words: Words;
}

/** In the phone's language. */
export interface Words {
  head: string;
  again: string;
  standing: string;
  answered: string;
  inAll: string;
  truth: string;
  own: string;
}
