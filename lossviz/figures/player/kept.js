// The view a person has made: ranges, cameras, hidden legend entries.

// Plotly's own uirevision gives a zoom up when Python sends another range, and a camera that is being turned.
const revisionOf = (layout, name) => layout[name]?.uirevision ?? layout.uirevision;

function keepView({ axes, cameras, gd }, layout) {
  for (const [name, { revision, range }] of Object.entries(axes))
    if (revision !== revisionOf(layout, name)) delete axes[name];
    else layout[name] = { ...layout[name], autorange: !range, ...(range && { range: [...range] }) };
  for (const [name, kept] of Object.entries(cameras)) {
    if (kept.revision !== revisionOf(layout, name)) delete cameras[name];
    else layout[name] = { ...layout[name], camera: (kept.camera = liveCamera(gd, name) ?? kept.camera) };
  }
}

// Where the camera is at this moment, in the middle of a drag too.
const liveCamera = (gd, name) => gd._fullLayout?.[name]?._scene?.getCamera?.();

function resetView(inst, picture) {
  picture.axes = {};
  picture.cameras = {};
  picture.resets++; // for Plotly: another uirevision
  inst.dirty.add(picture);
  inst.draw();
}

function listen(inst, picture) {
  const { gd } = picture;
  gd.on("plotly_relayout", (update) => (noteView(inst, picture, update), link(inst, picture, update, true)));
  gd.on("plotly_relayouting", (update) => {
    noteView(inst, picture, update, true);
    link(inst, picture, update, false);
    placeGrips(inst, picture);
  });
  gd.on("plotly_restyle", ([update]) => {
    if ("visible" in update) for (const { uid, visible } of gd.data) picture.visible[uid] = visible ?? true;
  });
  gd.on("plotly_doubleclick", () => resetView(inst, picture));
  gd.on("plotly_afterplot", () => placeGrips(inst, picture));
}

function noteView(inst, { index, gd, axes, cameras }, update, passing = false) {
  const { layout = {} } = inst.model.pictures[index]?.figure ?? {};
  for (const path of Object.keys(update)) {
    const [name, what] = path.split(".");
    if (/^[xy]axis\d*$/.test(name) && /^(range|autorange)/.test(what) && !passing) {
      const { range, autorange } = gd.layout[name];
      axes[name] = { revision: revisionOf(layout, name), range: autorange === true ? null : [...range] };
    }
    if (!/^scene\d*$/.test(name) || what !== "camera") continue;
    cameras[name] = { revision: revisionOf(layout, name), camera: update[path] };
  }
}

// Linked scenes turn together. While one is turned only the cameras of the others move; the layouts learn of it at the end.
function link(inst, picture, update, done) {
  const from = inst.model.linked.find(([i, name]) => i === picture.index && update[`${name}.camera`]);
  if (!from || picture.led) return;
  const others = inst.model.linked.filter((scene) => scene !== from && inst.pictures[scene[0]]?.gd._fullLayout);
  turn(inst, others, update[`${from[1]}.camera`]);
  if (done) comeToRest(inst, picture, from[1], others);
}

function turn(inst, scenes, camera) {
  for (const [i, name] of scenes) {
    const { gd, cameras } = inst.pictures[i];
    cameras[name] = { revision: revisionOf(inst.model.pictures[i].figure.layout ?? {}, name), camera };
    gd._fullLayout[name]?._scene?.setViewport?.({ ...gd._fullLayout[name], camera });
  }
}

// A camera glides on for a moment after it is let go of, and Plotly does not tell.
function comeToRest(inst, { gd }, name, others) {
  let [before, frames] = ["", 0];
  const look = () => {
    const camera = liveCamera(gd, name);
    if (!camera || others.some(([i]) => !inst.pictures[i])) return;
    turn(inst, others, camera);
    const now = JSON.stringify(camera);
    frames = now === before ? frames + 1 : 0;
    before = now;
    if (frames < 6) inst.gliding = requestAnimationFrame(look);
    else for (const [i, other] of others) lead(inst.pictures[i], { [`${other}.camera`]: camera });
  };
  cancelAnimationFrame(inst.gliding);
  inst.gliding = requestAnimationFrame(look);
}

// What Plotly then reports is no person's doing: without `led` two scenes would turn each other for ever.
async function lead(picture, update) {
  picture.led = true;
  await Plotly.relayout(picture.gd, update);
  picture.led = false;
}
