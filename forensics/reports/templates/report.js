"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const recolour = read("recolour");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const config = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };

  // The figures are made in light colours; every colour has one counterpart for dark.
  const swap = (value) => {
    if (typeof value === "string") return recolour[value] || value;
    if (Array.isArray(value)) return value.map(swap);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swap(inner)]));
    }
    return value;
  };

  const NARROWEST = 540; // labels need this much; a narrower screen scrolls the figure
  const ON_PAPER = 660; // A4 less its margins, in CSS pixels

  const draw = (onPaper) => {
    for (const [name, made] of Object.entries(figures)) {
      const target = document.getElementById(`chart-${name}`);
      const figure = !onPaper && dark.matches ? swap(made) : structuredClone(made);
      figure.layout.width = onPaper ? ON_PAPER : Math.max(target.parentElement.clientWidth, NARROWEST);
      Plotly.react(target, figure.data, figure.layout, config);
    }
    document.documentElement.dataset.drawn = String(Object.keys(figures).length);
  };

  let resizing = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => draw(matchMedia("print").matches), 150);
  });

  const folded = () => [...document.querySelectorAll("details:not([open])")];
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = folded();
    for (const details of opened) details.open = true;
    draw(true);
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    draw(false);
  });
  dark.addEventListener("change", () => draw(false));

  // A link into a folded table opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (details && !details.open) {
      details.open = true;
      target.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", reveal);

  const left = document.getElementById("left");
  if (left) {
    const hours = (Date.parse(left.dataset.until) - Date.now()) / 3.6e6;
    left.textContent = hours > 0 ? left.dataset.left.replace("{n}", String(Math.floor(hours))) : left.dataset.over;
  }
  draw(false);
  reveal();
})();
