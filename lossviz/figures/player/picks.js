// Picks: a click on a bar or a point that stands for something says what it stands for.

const AGAIN = 600; // milliseconds: Plotly tells of a tap twice, and of a double click

const pickable = ({ model, send }, { index }) => Boolean(send) && model.picks.some(({ picture }) => picture === index);

// Plotly reports no click where a drag has ended. Beneath the hand may be several traces: the first that stands for something.
function hearPicks(inst, picture) {
  const { gd, group } = picture;
  let last = { time: -Infinity };
  const meant = ({ points }) => points.map(({ customdata }) => customdata).find((value) => value !== undefined && value !== null);
  const show = (value) => group.classList.toggle("over", pickable(inst, picture) && value !== undefined);
  gd.on("plotly_hover", (event) => show(meant(event)));
  gd.on("plotly_unhover", () => show(undefined));
  gd.on("plotly_click", (event) => {
    const value = meant(event);
    if (value === undefined || event.event?.button || inst.hand || !pickable(inst, picture)) return;
    const again = value === last.value && performance.now() - last.time < AGAIN;
    last = { value, time: performance.now() };
    if (again) return;
    commit(inst, `pick ${picture.index}`, { action: "pick", value, revision: inst.model.revision });
  });
}
