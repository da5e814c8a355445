// The room that a window leaves: the pictures of the first row fill it, down to the scrubber below them.

/** @import { Player } from "./state.d.ts" */

const COLUMN = 520; // pixels that a picture needs beside another, in a browser's own type; the same in player.css
const GAP = 16;
const LEAST = 300;
const MOST = 900;
const BELOW = 8;
const GIVEN_UP = 100; // pixels of its own height that a picture on a phone does without: its legend takes many

/** How much larger the page's type is than a browser's own: on a large screen, or for a room. */
export const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

/**
 * The pixels that a picture needs beside another.
 * @param {Player} player
 */
export const columnOf = ({ model: { pictures } }) => COLUMN * (pictures[0]?.paired ? 1 : typeScale());

/**
 * How many of the pictures stand above the scrubber.
 * @param {Player} player
 */
export function leadOf(player) {
  const { pictures } = player.model;
  if (!pictures.length || pictures[0].wide) return Math.min(1, pictures.length);
  const width = player.parts.grid.clientWidth || player.root.clientWidth || 1200;
  const columns = Math.max(1, Math.floor((width + GAP) / (columnOf(player) + GAP)));
  const wide = pictures.findIndex((picture) => picture.wide);
  return Math.min(wide < 0 ? pictures.length : wide, columns);
}

/**
 * Where the player begins on its page, however far that is scrolled.
 * @param {Player} player
 */
function topOf({ root }) {
  const scrolled = root.closest("[data-testid=stMain]") ?? document.scrollingElement;
  return root.getBoundingClientRect().top + (scrolled?.scrollTop ?? 0);
}

/**
 * The height of a picture: of one in the first row, what the window leaves; of another, or of one that begins so far down that
 * nobody sees it and the page's beginning at once, its own. A page that was downloaded has all the room that it wants.
 * @param {Player} player
 * @param {number} index
 * @param {number} own
 */
export function heightIn(player, index, own) {
  const { parts, screen } = player;
  const scaled = screen.matches ? own : Math.round(own * typeScale());
  if (!player.fits || index >= leadOf(player)) return scaled;
  player.room = [topOf(player), innerHeight];
  if (player.room[0] > innerHeight / 2) return scaled;
  const below = [parts.bar, parts.sentence].reduce((sum, part) => sum + (part.hidden ? 0 : part.offsetHeight), BELOW);
  const free = innerHeight - player.room[0] - below;
  return Math.round(screen.matches ? clamped(Math.max(Math.min(own, free), own - GIVEN_UP)) : clamped(free));
}

/**
 * Within what a picture needs, which is more in large type: its titles and its legend are larger.
 * @param {number} height
 */
const clamped = (height) => Math.max(LEAST * Math.max(1, typeScale()), Math.min(height, MOST));

/**
 * Fit again where the window or what stands above has changed; gives what ends it.
 * @param {Player} player
 */
export function watchRoom(player) {
  const look = () => {
    const [top, height] = player.room;
    if (player.fits && Math.abs(topOf(player) - top) + Math.abs(innerHeight - height) > 3) player.fit(); // what has another height then is drawn again
  };
  const observer = new ResizeObserver(look);
  observer.observe(player.root.closest("[data-testid=stMainBlockContainer]") ?? document.body);
  addEventListener("resize", look);
  return () => {
    observer.disconnect();
    removeEventListener("resize", look);
  };
}
