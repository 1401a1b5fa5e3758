"use strict";
// Looks names up in the list that the page holds. Without it the categories and the letters lead to every term.
(() => {
  const input = document.getElementById("q");
  const list = document.getElementById("found");
  const said = document.getElementById("said");
  const MOST = 20;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}%$&*+]+/gu, " ").trim();
  const terms = JSON.parse(document.getElementById("names").textContent)
    .map(([id, name, short, others]) => ({ id, name, short, keys: [name, ...others].map(fold) }));

  // The lower the nearer: the name itself, its beginning, the beginning of a word, all words somewhere in one name.
  const distance = (key, query, words) => {
    if (key === query) return 0;
    if (key.startsWith(query)) return 1;
    if (` ${key}`.includes(` ${query}`)) return 2;
    return words.every((word) => key.includes(word)) ? 3 : 9;
  };

  const search = (text) => {
    const query = fold(text);
    if (!query) return [];
    const words = query.split(" ");
    return terms
      .map((term) => ({ term, far: Math.min(...term.keys.map((key, at) => distance(key, query, words) + (at ? 0.5 : 0))) }))
      .filter((row) => row.far < 9)
      .sort((a, b) => a.far - b.far || a.term.name.length - b.term.name.length || (a.term.name < b.term.name ? -1 : 1))
      .map((row) => row.term);
  };

  const show = () => {
    const found = search(input.value);
    list.replaceChildren(...found.slice(0, MOST).map((term) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = `t/${term.id}.html`;
      link.textContent = term.name;
      row.append(link, ` – ${term.short}`);
      return row;
    }));
    const more = found.length > MOST ? `, the nearest ${MOST} of them here` : "";
    said.textContent = !fold(input.value) ? "" : found.length ? `${found.length} found${more}` : "Nothing of that name is in the glossary.";
  };

  const asked = new URLSearchParams(location.search).get("q");
  if (asked) input.value = asked;
  input.addEventListener("input", show);
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = search(input.value)[0];
    if (first) location.href = `t/${first.id}.html`;
  });
  show();
})();
