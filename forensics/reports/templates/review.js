// The page of the review. It asks for one index per tab and one row at a time; only the lines in sight exist.
const ROW = 34; // height of a line in pixels, as in review.css
const SPARE = 6; // lines drawn beyond either edge
const TABLES = ["transcripts", "mentions", "claims"];
const MARK = { accept: "✓", reject: "✕", correct: "✎" };

const node = (tag, attributes = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null));
  return made;
};

export default {
  render({ model, el }) {
    const w = (key) => model.get("words")[key] ?? key;
    const ask = (what, more = {}) => model.send({ ask: what, ...more });
    const id = `fr-${Math.random().toString(36).slice(2, 8)}`;
    const items = {}; // index by table
    let table = "transcripts";
    let shown = []; // lines of the tab, filtered and ordered
    let at = 0; // place of the chosen line in `shown`
    let row = null; // the chosen line in full
    let start = null; // second to begin at when a sound arrives

    // -- the frame -------------------------------------------------------------------------------
    const say = node("p", { class: "fr-say", role: "status", "aria-live": "polite" });
    const who = node("input", { id: `${id}-who`, type: "text", autocomplete: "off", value: model.get("reviewer") });
    who.addEventListener("change", () => { model.set("reviewer", who.value); model.save_changes(); });
    const disclose = () => ask("unmask", { purpose: purpose.value });
    const purpose = node("input", {
      id: `${id}-why`, type: "text", autocomplete: "off",
      onkeydown: (event) => { if (event.key === "Enter") disclose(); },
    });
    const unmask = node("div", { class: "fr-unmask" },
      node("label", { for: `${id}-why` }, w("purpose")), purpose,
      node("button", { type: "button", onclick: disclose }, w("unmask")));
    const masked = node("p", { class: "fr-masked" });
    const tabs = node("div", { class: "fr-tabs", role: "tablist", "aria-label": w("tabs") });
    for (const name of TABLES) {
      tabs.append(node("button", {
        type: "button", role: "tab", id: `${id}-tab-${name}`, "aria-controls": `${id}-panel`, "data-table": name,
        onclick: () => open(name), onkeydown: turn,
      }, w(name)));
    }
    const filter = node("select", { id: `${id}-filter`, onchange: () => arrange() });
    for (const name of ["all", "open", "decided"]) filter.append(node("option", { value: name }, w(`filter.${name}`)));
    const order = node("select", { id: `${id}-order`, onchange: () => arrange() });
    for (const name of ["given", "doubt"]) order.append(node("option", { value: name }, w(`order.${name}`)));
    const count = node("span", { class: "fr-count" });
    const list = node("div", {
      class: "fr-list", role: "listbox", tabindex: "0", "aria-label": w("list"), onscroll: () => paint(), onkeydown: keys,
    });
    const spacer = node("div", { class: "fr-spacer", role: "presentation" });
    list.append(spacer);
    const detail = node("section", { class: "fr-detail", "aria-label": w("detail") });
    const recompute = node("button", {
      type: "button", class: "fr-recompute",
      onclick: () => { recompute.disabled = true; tell(w("recomputing")); ask("recompute"); },
    }, w("recompute"));
    el.classList.add("fr");
    // JupyterLab must not take "a" for "insert a cell above" while somebody reviews.
    el.setAttribute("data-lm-suppress-shortcuts", "true");
    el.append(
      node("div", { class: "fr-head" },
        node("span", {}, node("label", { for: `${id}-who` }, w("reviewer")), who), masked, unmask, recompute),
      tabs,
      node("div", { class: "fr-panel", role: "tabpanel", id: `${id}-panel` },
        node("div", { class: "fr-left" },
          node("div", { class: "fr-tools" },
            node("label", { for: `${id}-filter` }, w("filter")), filter,
            node("label", { for: `${id}-order` }, w("order")), order, count),
          list, node("p", { class: "fr-keys" }, w("keys"))),
        detail),
      say,
    );

    // -- the list --------------------------------------------------------------------------------
    function open(name) {
      table = name;
      for (const tab of tabs.children) {
        const chosen = tab.dataset.table === name;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      }
      if (items[name]) arrange();
      else ask("index", { table: name });
    }

    function turn(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const name = TABLES[(TABLES.indexOf(table) + step + TABLES.length) % TABLES.length];
      open(name);
      tabs.querySelector(`[data-table=${name}]`).focus();
    }

    function arrange(keep = null) {
      const wanted = { all: () => true, open: (one) => !one.state, decided: (one) => one.state }[filter.value];
      shown = (items[table] ?? []).filter(wanted);
      if (order.value === "doubt") shown.sort((one, other) => other.doubt - one.doubt);
      at = Math.max(0, keep === null ? 0 : shown.findIndex((one) => one.id === keep));
      spacer.style.height = `${shown.length * ROW}px`;
      const decided = (items[table] ?? []).filter((one) => one.state).length;
      count.textContent = w("count").replace("{n}", shown.length).replace("{m}", decided);
      choose(at);
    }

    function choose(place) {
      at = Math.min(Math.max(place, 0), Math.max(shown.length - 1, 0));
      const top = at * ROW;
      if (top < list.scrollTop) list.scrollTop = top;
      if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
      paint();
      if (shown[at]) ask("row", { table, row_id: shown[at].id });
      else { row = null; detail.replaceChildren(node("p", {}, w("nothing"))); }
    }

    function paint() {
      const first = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
      const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + SPARE);
      spacer.replaceChildren();
      for (let place = first; place < last; place += 1) {
        const one = shown[place];
        const line = node("div", {
          class: "fr-line", role: "option", id: `${id}-${place}`, "aria-selected": String(place === at),
          "aria-setsize": shown.length, "aria-posinset": place + 1, "data-id": one.id,
          onclick: () => { list.focus(); choose(place); },
        }, node("span", { class: "fr-no" }, one.no), node("bdi", { class: "fr-text" }, one.text),
        node("span", { class: `fr-state ${one.state}`, "aria-label": one.state ? w(one.state) : null, role: one.state ? "img" : null },
          MARK[one.state] ?? ""));
        line.style.top = `${place * ROW}px`;
        spacer.append(line);
      }
      if (shown.length) list.setAttribute("aria-activedescendant", `${id}-${at}`);
      else list.removeAttribute("aria-activedescendant");
    }

    function keys(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
      const moves = {
        ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length,
      };
      const acts = {
        a: () => decide("accept"), r: () => decide("reject"), " ": play,
        e: () => detail.querySelector("textarea")?.focus(),
      };
      if (event.key in moves) choose(at + moves[event.key]);
      else if (event.key in acts) acts[event.key]();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    // -- one row ---------------------------------------------------------------------------------
    function fill() {
      const open = model.get("unmasked");
      const facts = node("dl", { class: "fr-facts" });
      for (const [name, value] of row.facts) facts.append(node("dt", {}, name), node("dd", {}, node("bdi", {}, value)));
      const sounds = node("p", { class: "fr-sounds" });
      if (open) {
        for (const [recording, name, second] of row.recordings) {
          const label = second === null ? name : `${name} (${second.toFixed(1)} s)`;
          sounds.append(node("button", { type: "button", onclick: () => listen(recording, second) }, `▶ ${label}`));
        }
      }
      const audio = node("audio", { controls: "", hidden: "" });
      const parts = [node("h4", {}, node("bdi", {}, row.title)), facts, sounds, audio];
      if (open) {
        const field = node("textarea", { id: `${id}-text`, rows: "3", spellcheck: "false", dir: "auto", onkeydown: writing });
        field.value = row.value ?? "";
        parts.push(node("label", { for: `${id}-text` }, w("correct.label")), field);
      } else parts.push(node("p", { class: "fr-closed" }, w("closed")));
      const reason = node("input", { id: `${id}-reason`, type: "text", autocomplete: "off" });
      parts.push(node("label", { for: `${id}-reason` }, w("reason.label")), reason);
      const buttons = node("p", { class: "fr-buttons" });
      for (const verdict of open ? ["correct", "accept", "reject"] : ["accept", "reject"]) {
        buttons.append(node("button", { type: "button", id: `${id}-${verdict}`, class: verdict, onclick: () => decide(verdict) }, w(`do.${verdict}`)));
      }
      const made = node("ul", { class: "fr-made" });
      for (const [verdict, name, when, why] of row.decisions) {
        made.append(node("li", {}, `${w(verdict)}: `, node("bdi", {}, name), ` (${when} UTC)`, why ? ": " : "", node("bdi", {}, why)));
      }
      const focused = detail.getRootNode().activeElement; // a decision shows the row anew under the reader's hands
      const kept = detail.contains(focused) ? focused.id : "";
      detail.replaceChildren(...parts, buttons, made);
      if (kept) detail.querySelector(`[id="${kept}"]`)?.focus();
    }

    function writing(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); decide("correct"); }
      if (event.key === "Escape") list.focus();
      event.stopPropagation();
    }

    function decide(verdict) {
      if (!row) return;
      const value = verdict === "correct" ? detail.querySelector("textarea").value : null;
      ask("decide", { table, row_id: row.id, verdict, value, reason: detail.querySelector("input").value });
    }

    function listen(recording, second) { start = second; ask("sound", { recording_id: recording }); }

    function play() {
      const audio = detail.querySelector("audio");
      if (!audio || audio.hidden) { if (row?.recordings.length && model.get("unmasked")) listen(row.recordings[0][0], row.recordings[0][2]); return; }
      if (audio.paused) audio.play(); else audio.pause();
    }

    function tell(text) { say.textContent = text; }

    // -- what the kernel says --------------------------------------------------------------------
    let url = null;
    const heard = {
      index: ({ table: name, items: found }) => { items[name] = found; if (name === table) arrange(shown[at]?.id ?? null); },
      row: ({ table: name, row: found }) => { if (name === table && found.id === shown[at]?.id) { row = found; fill(); } },
      sound: (_, buffers) => {
        if (url) URL.revokeObjectURL(url);
        url = URL.createObjectURL(new Blob([buffers[0]], { type: "audio/wav" }));
        const audio = detail.querySelector("audio");
        audio.hidden = false;
        audio.src = url;
        audio.currentTime = Math.max(0, (start ?? 0) - 1);
        audio.play().catch(() => {});
      },
      decided: ({ table: name, row_id: key, state }) => {
        const one = items[name]?.find((item) => item.id === key);
        if (one) one.state = state;
        tell(w("saved").replace("{what}", one?.no ?? ""));
        if (name !== table) return;
        const next = at + (state === "correct" ? 0 : 1);
        if (filter.value === "all") { const top = shown.length - 1; paint(); choose(Math.min(next, top)); }
        else arrange(shown[next]?.id ?? null);
      },
      recomputed: ({ stages }) => {
        recompute.disabled = false;
        tell(stages.length ? w("recomputed").replace("{stages}", stages.join(", ")) : w("unchanged"));
        const kept = shown[at]?.id ?? null;
        for (const name of TABLES) delete items[name];
        ask("index", { table });
        if (kept === null) list.scrollTop = 0;
      },
      error: ({ text }) => { recompute.disabled = false; tell(text); },
    };
    const hear = (message, buffers) => heard[message.say]?.(message, buffers);
    const opened = () => {
      const open = model.get("unmasked");
      unmask.hidden = open;
      masked.textContent = w(open ? "unmasked" : "masked");
      for (const name of TABLES) delete items[name];
      ask("index", { table });
    };
    model.on("msg:custom", hear);
    model.on("change:unmasked", opened);
    open("transcripts");
    opened();
    return () => {
      model.off("msg:custom", hear);
      model.off("change:unmasked", opened);
      if (url) URL.revokeObjectURL(url);
    };
  },
};
