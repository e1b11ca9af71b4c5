(() => {
  "use strict";
  const root = document.documentElement;
  const box = document.getElementById("q");
  const told = document.getElementById("told");
  const none = document.getElementById("none");
  const MOST_MARKED = 300; // channels whose matches are marked; nobody reads more at once
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const texts = (element) => Array.from(element.getElementsByClassName("s"));
  const text = (element) => fold(texts(element).map((part) => part.textContent).join("\n"));
  const item = (element) => ({ element, text: text(element), hit: true, shown: true });
  const idly = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 10 }), 20));
  const cards = all(".channel");
  const channels = []; // those whose texts have been read: while nobody types, or all at once when somebody does
  let index = null;

  function readSome(deadline) {
    while (channels.length < cards.length && deadline.timeRemaining() > 1) {
      for (const card of cards.slice(channels.length, channels.length + 50)) channels.push(item(card));
    }
    if (channels.length < cards.length) idly(readSome);
  }

  function read() {
    readSome({ timeRemaining: () => Infinity });
    const byAnchor = new Map(channels.map((channel) => [channel.element.id, channel]));
    const row = (element) => {
      const anchor = element.querySelector("a").getAttribute("href").slice(1);
      return { element, channel: byAnchor.get(anchor), hit: true, shown: true };
    };
    const chunk = (element) => {
      const entries = all(".channel", element).map((card) => byAnchor.get(card.id));
      return { element, entries, shown: true };
    };
    return {
      chunks: all(".chunk").map(chunk),
      flows: all(".flow").map((element) => ({ ...item(element), rows: all("tbody tr", element).map(row) })),
      rules: all(".rule").map(item),
      sections: ["channels", "flows", "rules"].map((id) => ({ element: document.getElementById(id), shown: true })),
    };
  }

  function show(entry, wanted) {
    if (entry.shown !== wanted) {
      entry.shown = wanted;
      entry.element.hidden = !wanted;
    }
    return wanted;
  }

  // What is inside something hidden is left as it is: of very many entries most are.
  function showGroup(group, entries, wanted) {
    if (show(group, wanted)) entries.forEach((entry) => show(entry, entry.hit));
    return wanted;
  }

  const count = (entries, holds) => entries.reduce((sum, entry) => sum + holds(entry), 0);

  function showFlow(flow, hits, words) {
    const named = words.length > 0 && hits(flow);
    for (const row of flow.rows) row.hit = named || row.channel.hit;
    return showGroup(flow, flow.rows, !words.length || named || flow.rows.some((row) => row.hit));
  }

  function textNodes(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  function mark(words) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!words.length) return;
    const ranges = [];
    const visible = [...channels, ...index.rules].filter((entry) => entry.hit).slice(0, MOST_MARKED);
    for (const node of visible.flatMap((entry) => texts(entry.element)).flatMap(textNodes)) {
      const lower = node.data.toLowerCase();
      if (lower.length !== node.data.length) continue;
      for (const word of words) {
        for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function search(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    root.classList.toggle("searching", words.length > 0);
    if (!words.length && !index) return;
    index = index || read();
    const hits = (entry) => words.every((word) => entry.text.includes(word));
    const found = count(channels, (channel) => (channel.hit = hits(channel)));
    for (const chunk of index.chunks) showGroup(chunk, chunk.entries, chunk.entries.some((entry) => entry.hit));
    const flows = count(index.flows, (flow) => showFlow(flow, hits, words));
    const rules = count(index.rules, (rule) => show(rule, (rule.hit = hits(rule))));
    index.sections.forEach((section, number) => show(section, !words.length || [found, flows, rules][number] > 0));
    none.hidden = !words.length || found + flows + rules > 0;
    told.textContent = words.length ? `${found} of ${channels.length} channels` : "";
    mark(words);
  }

  function remember(query) {
    const place = query ? "#q=" + encodeURIComponent(query) : location.pathname + location.search;
    history.replaceState(null, "", place);
  }

  function follow() {
    const hash = location.hash;
    if (hash.startsWith("#q=")) {
      try {
        box.value = decodeURIComponent(hash.slice(3));
      } catch {
        box.value = hash.slice(3);
      }
      search(box.value);
      return;
    }
    const target = document.getElementById(hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) {
      box.value = "";
      search("");
    }
    // Once more when what lies above has been laid out, which may be less or more than was thought.
    target.scrollIntoView();
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
  }

  function clear() {
    box.value = "";
    search("");
    remember("");
  }

  let waiting = 0;
  box.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      search(box.value);
      remember(box.value);
      window.scrollTo(0, 0);
    });
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const first = all("main article:not([hidden]) h3 a").find((link) => !link.closest("[hidden]"));
    if (first) first.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (box.value) clear();
      box.blur();
    } else if (event.key === "/" && document.activeElement !== box && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  document.getElementById("clear").addEventListener("click", clear);
  window.addEventListener("hashchange", follow);
  root.classList.add("js");
  idly(readSome);
  follow();
})();
