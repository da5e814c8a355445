// One act of a person is one step of Back. Streamlit replaces the address when a widget is used and pushes an entry for every
// other word that changes with it: after one click Back would undo a part and show what nobody had made. Here the first
// change of address after an act is pushed and what follows from it is joined to it. A drag is no act: Back leaves it alone.

(function joinHistory() {
  if (history.lossviz) return;
  const { pushState, replaceState } = history;
  let acted = false;
  let leaving = false; // for another page: Streamlit first writes that page's words below the address of this one

  function write(plainly, state, title, url) {
    const to = url == null ? location : new URL(url, location.href);
    if (to.pathname !== location.pathname) {
      acted = leaving = false;
      return plainly.call(history, state, title, url);
    }
    if (leaving) return;
    const push = acted && to.search !== location.search;
    if (push) acted = false;
    return (push ? pushState : replaceState).call(history, state, title, url);
  }
  history.pushState = (...entry) => write(pushState, ...entry);
  history.replaceState = (...entry) => write(replaceState, ...entry);

  function act({ target }) {
    const link = target instanceof Element ? target.closest("a[href]") : null;
    leaving = link !== null && link.pathname !== location.pathname;
    acted = !leaving;
  }
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, act, true);
  addEventListener("popstate", () => (acted = leaving = false), true);

  function rewrite(url) {
    acted = false;
    replaceState.call(history, history.state, "", url);
  }
  history.lossviz = { rewrite };
})();
