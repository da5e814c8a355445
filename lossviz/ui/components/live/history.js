// The address and the steps of Back. Python says at the end of a run what the address is, how many steps a person has taken
// by then, and which acts on components it has applied. A step is an entry of the browser's history, a drag is none.

(function keepHistory() {
  if (history.lossviz) return;
  const { pushState, replaceState } = history;
  const acts = []; // those that Python has not said it has applied: each goes along with the next, should it have been lost
  let number = 0;
  let last = null; // what Python has said last

  // Streamlit pushes whatever Python writes, a drag too: of its own entries only those of other pages are made.
  const streamlits = { pushState, replaceState };
  for (const [name, plainly] of Object.entries(streamlits))
    history[name] = (state, title, url) => {
      const elsewhere = url == null || new URL(url, location.href).pathname !== location.pathname;
      if (elsewhere) plainly.call(history, state, title, url);
    };

  function written(told) {
    const before = last;
    last = told;
    while (acts.length && told.acts >= acts[0].act) acts.shift();
    if (location.pathname.split("/").pop() !== told.page) return; // a person is on the way to another page
    const url = new URL(location.href);
    const words = new URLSearchParams(told.query);
    for (const [word, text] of url.searchParams) if (word.startsWith("embed")) words.append(word, text);
    url.search = words;
    const step = before?.page === told.page && told.step > before.step;
    if (url.search !== location.search) (step ? pushState : replaceState).call(history, {}, "", url);
  }

  function rewrite(url) {
    replaceState.call(history, {}, "", url);
  }

  // An act as it is sent to Python: with its number, and those of which Python may not know.
  function numbered(event) {
    const act = { ...event, act: ++number };
    const before = acts.slice(-20);
    acts.push(act);
    return { ...act, before };
  }

  history.lossviz = { written, rewrite, numbered };
})();
