// What a phone is told: `View` in lossviz/lectures/rooms.py.

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
}
