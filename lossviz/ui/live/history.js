// One act of a person is one step of Back. Streamlit replaces the address when a widget is used and pushes an entry for every
// other word that changes with it: after one click Back would undo a part and show what nobody had made. Here the first
// change of address after an act is pushed and what follows from it is joined to it. A drag is no act: Back leaves it alone.

(function joinHistory() {
  if (history.lossviz) return;
  const { pushState, replaceState } = history;
  let acted = false;

  function write(plainly, state, title, url) {
    const to = url == null ? location : new URL(url, location.href);
    if (to.pathname !== location.pathname) {
      acted = false;
      return plainly.call(history, state, title, url);
    }
    const push = acted && to.search !== location.search;
    if (push) acted = false;
    return (push ? pushState : replaceState).call(history, state, title, url);
  }
  history.pushState = (...entry) => write(pushState, ...entry);
  history.replaceState = (...entry) => write(replaceState, ...entry);

  for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => (acted = true), true);
  addEventListener("popstate", () => (acted = false), true);

  function rewrite(url) {
    acted = false;
    replaceState.call(history, history.state, "", url);
  }
  history.lossviz = { rewrite };
})();
