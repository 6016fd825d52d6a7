"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const recolour = read("recolour");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const still = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };
  const config = { ...read("config"), ...still };

  // The figures are made in light colours; every colour has one counterpart for dark.
  const swap = (value) => {
    if (typeof value === "string") return recolour[value] || value;
    if (Array.isArray(value)) return value.map(swap);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swap(inner)]));
    }
    return value;
  };

  const NARROW = 540; // CSS pixels: below this labels are wrapped, so that the figure fits a telephone
  const ON_PAPER = 660; // A4 less its margins, in CSS pixels

  const wrap = (text, letters) => {
    const lines = [""];
    for (const word of String(text).split(" ")) {
      const joined = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
      if (joined.length <= letters || !lines[lines.length - 1]) lines[lines.length - 1] = joined;
      else lines.push(word);
    }
    return lines.join("<br>");
  };

  // A figure for a telephone: smaller letters, wrapped labels, fewer ticks.
  const fit = (figure) => {
    const { layout } = figure;
    layout.font = { ...layout.font, size: 11 };
    layout.legend = { ...layout.legend, font: { size: 11 } };
    for (const axis of [layout.xaxis, layout.yaxis].filter(Boolean)) {
      if (axis.title && axis.title.text) axis.title = { ...axis.title, text: wrap(axis.title.text, 42), font: { ...axis.title.font, size: 11 } };
    }
    const [x, y] = [layout.xaxis || {}, layout.yaxis || {}];
    if (y.title) y.title = { ...y.title, text: "" }; // the chart's own heading says it
    if (y.ticktext) y.ticktext = y.ticktext.map((label) => wrap(label, 15));
    const named = [...new Set(figure.data.flatMap((trace) => trace.y || []).filter((value) => typeof value === "string"))];
    if (named.length && !y.ticktext) Object.assign(y, { tickvals: named, ticktext: named.map((label) => wrap(label, 12)) });
    if (x.ticktext) {
      const kept = x.ticktext.map((_, n) => n).filter((n) => n % 2 === 0);
      Object.assign(x, { tickvals: kept.map((n) => x.tickvals[n]), ticktext: kept.map((n) => x.ticktext[n]) });
    } else x.nticks = 5;
    if (x.type === "category") x.dtick = 4;
    for (const trace of figure.data) if (trace.name) trace.name = wrap(trace.name, 44);
    const lines = (text) => String(text).split("<br>").length;
    for (const note of layout.annotations || []) if (note.showarrow === false) Object.assign(note, { text: wrap(note.text, 46), align: "left" });
    const labels = [...(y.ticktext || []), ...(layout.annotations || []).map((note) => note.text)];
    layout.height *= 1 + 0.22 * (Math.max(1, ...labels.map(lines)) - 1);
  };

  const draw = (onPaper) => {
    for (const [name, made] of Object.entries(figures)) {
      const target = document.getElementById(`chart-${name}`);
      const figure = !onPaper && dark.matches ? structuredClone(swap(made)) : structuredClone(made);
      figure.layout.width = onPaper ? ON_PAPER : target.parentElement.clientWidth;
      if (figure.layout.width < NARROW) fit(figure);
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

  // The clock of the case: a hand that goes round once while all sound is heard, and a disc that shrinks with
  // the people who still fit. It never starts by itself; whoever prefers less motion gets one step at a time.
  const player = document.querySelector(".player");
  if (player) {
    const beats = JSON.parse(player.dataset.beats);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const find = (selector) => player.querySelector(selector);
    const [button, slider] = [find("button"), find("input[type=range]")];
    const most = Math.max(...Object.values(beats).flat().map((beat) => beat.level)) || 1;
    const ROUND = 16000; // milliseconds of one whole playing
    let order = find("input[type=radio]:checked").value;
    let share = 0; // of all sound
    let timer = 0;

    const whole = () => beats[order][beats[order].length - 1].at || 1;
    const at = () => beats[order].findLast((beat) => beat.at <= share * whole() + 1e-6) || beats[order][0];
    const chart = document.getElementById("chart-clock");
    const dot = document.createElement("div");
    dot.className = "now";
    const mark = (across, level) => {
      const { _size: size, xaxis, yaxis } = chart._fullLayout;
      dot.style.left = `${size.l + xaxis.l2p(across)}px`;
      dot.style.top = `${size.t + yaxis.l2p(level)}px`;
      chart.append(dot);
    };
    const face = () => {
      const beat = at();
      const angle = 2 * Math.PI * Math.min(share, 0.9999);
      const [x, y] = [100 + 92 * Math.sin(angle), 100 - 92 * Math.cos(angle)];
      find(".heard").setAttribute("d", share > 0 ? `M100 8A92 92 0 ${share > 0.5 ? 1 : 0} 1 ${x} ${y}` : "");
      find(".hand").setAttribute("transform", `rotate(${(angle * 180) / Math.PI} 100 100)`);
      find(".crowd").setAttribute("r", String(4 + 74 * (beat.level / most)));
      find(".people span").textContent = beat.people;
      find(".so-far").textContent = beat.heard;
      find(".chance").textContent = player.dataset.chance.replace("{p}", () => beat.chance);
      find(".new").textContent = beat.new ? player.dataset.new.replace("{what}", () => beat.new) : "";
      slider.value = String(Math.round(share * 1000));
      mark(share * whole(), beat.level);
      slider.setAttribute("aria-valuetext", `${beat.heard}: ${find(".people").textContent.trim()}`);
      return beat;
    };
    const pause = () => {
      cancelAnimationFrame(timer);
      clearTimeout(timer);
      timer = 0;
      button.textContent = share >= 1 ? player.dataset.again : player.dataset.play;
      find("[aria-live]").textContent = `${find(".so-far").textContent}: ${find(".people").textContent.trim()}`;
    };
    const run = () => {
      const began = performance.now() - share * ROUND;
      const move = (now) => {
        share = Math.min(1, (now - began) / ROUND);
        face();
        if (share < 1) timer = requestAnimationFrame(move);
        else pause();
      };
      timer = requestAnimationFrame(move);
    };
    const step = () => {
      const next = beats[order].find((beat) => beat.at > share * whole() + 1e-6);
      share = next ? next.at / whole() : 1;
      face();
      if (share < 1) timer = setTimeout(step, 1500);
      else pause();
    };
    button.addEventListener("click", () => {
      if (timer) return pause();
      if (share >= 1) share = 0;
      button.textContent = player.dataset.pause;
      return calm.matches ? step() : run();
    });
    slider.addEventListener("input", () => { share = slider.value / 1000; if (timer) pause(); face(); });
    for (const choice of player.querySelectorAll("input[type=radio]")) {
      choice.addEventListener("change", () => { order = choice.value; share = 0; pause(); face(); });
    }
    player.hidden = false;
    face();
  }
})();
