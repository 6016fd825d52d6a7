// The page of the review. It asks for one index per tab and one row at a time; only the lines in sight exist.
// WaveSurfer and Regions stand in front of this text: see review_widget.py.
const ROW = 34; // height of a line in pixels, as in review.css
const SPARE = 6; // lines drawn beyond either edge
const TABLES = ["transcripts", "mentions", "persons", "claims"];
const MARK = { accept: "✓", reject: "✕", correct: "✎", merge: "⋈", split: "⋔", mark: "◪" };
const SAID_AT = { unmask: "top", search: "top", recompute: "top", decide: "row", choose: "row", sound: "row" }; // where the answer is told
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const FIELDS = ["person", "place", "device", "since", "until"]; // of the search, beside the words

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
    const ask = (what, more = {}) => {
      if (what in SAID_AT) saidAt = SAID_AT[what];
      model.send({ ask: what, ...more });
    };
    const id = `fr-${Math.random().toString(36).slice(2, 8)}`;
    const items = {}; // index by table
    let table = "transcripts";
    let shown = []; // lines of the tab, filtered and ordered
    let at = 0; // place of the chosen line in `shown`
    let row = null; // the chosen line in full
    let asked = null; // the stretch to play when a sound arrives
    let saidAt = "row";
    let speed = 1;
    let loop = false;

    // -- the frame -------------------------------------------------------------------------------
    const say = node("p", { class: "fr-say", role: "status", "aria-live": "polite" });
    const changed = node("details", { class: "fr-changed", hidden: "" });
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
    for (const name of ["doubt", "given"]) order.append(node("option", { value: name }, w(`order.${name}`)));
    const count = node("span", { class: "fr-count" });
    const list = node("div", {
      class: "fr-list", role: "listbox", tabindex: "0", "aria-label": w("list"), onscroll: () => paint(), onkeydown: keys,
    });
    const spacer = node("div", { class: "fr-spacer", role: "presentation" });
    list.append(spacer);
    const detail = node("div", { class: "fr-row" });
    const player = node("div", { class: "fr-player", role: "group", hidden: "" });
    const right = node("section", { class: "fr-detail", "aria-label": w("detail") }, detail);
    const input = (name, more = {}) => node("input", {
      id: `${id}-find-${name}`, type: "text", autocomplete: "off", "data-find": name, ...more,
      onkeydown: (event) => { if (event.key === "Enter") find(); event.stopPropagation(); },
    });
    const words = input("text", { type: "search" });
    const doubtful = node("input", { id: `${id}-find-doubtful`, type: "checkbox", "data-find": "doubtful" });
    const more = node("details", {}, node("summary", {}, w("search.more")));
    const finder = node("div", { class: "fr-find", role: "search" },
      node("label", { for: words.id }, w("search")), words,
      node("button", { type: "button", onclick: () => find() }, w("search.do")),
      node("button", { type: "button", class: "fr-clear", hidden: "", onclick: () => clear() }, w("search.clear")), more);
    for (const name of FIELDS) {
      const field = input(name, ["since", "until"].includes(name) ? { type: "date" } : {});
      more.append(node("span", {}, node("label", { for: field.id }, w(`search.${name}`)), field));
    }
    more.append(node("span", {}, doubtful, node("label", { for: doubtful.id }, w("search.doubtful"))));
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
      finder, tabs,
      node("div", { class: "fr-panel", role: "tabpanel", id: `${id}-panel` },
        node("div", { class: "fr-left" },
          node("div", { class: "fr-tools" },
            node("label", { for: `${id}-filter` }, w("filter")), filter,
            node("label", { for: `${id}-order` }, w("order")), order, count),
          list, node("p", { class: "fr-keys" }, w("keys"))),
        right),
      changed,
    );

    // -- the search ------------------------------------------------------------------------------
    function find() {
      const wanted = { text: words.value, doubtful: doubtful.checked || null };
      for (const name of FIELDS) wanted[name] = finder.querySelector(`[data-find=${name}]`).value;
      ask("search", wanted);
    }

    function clear() {
      for (const field of finder.querySelectorAll("input")) { field.value = ""; field.checked = false; }
      find();
    }

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

    function choose(wanted) {
      at = Math.min(Math.max(wanted, 0), Math.max(shown.length - 1, 0));
      const top = at * ROW;
      if (top < list.scrollTop) list.scrollTop = top;
      if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
      paint();
      if (shown[at]) ask("row", { table, row_id: shown[at].id });
      else { row = null; detail.replaceChildren(node("p", {}, w("nothing"))); putSay(); }
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
          onclick: () => { list.focus(); tell(""); choose(place); },
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
        a: () => decide("accept"), r: () => decide("reject"), " ": play, l: turnLoop,
        ",": () => setSpeed(-1), ".": () => setSpeed(1),
        e: () => detail.querySelector("textarea")?.focus(),
      };
      if (event.key in moves) { tell(""); choose(at + moves[event.key]); }
      else if (event.key in acts) acts[event.key]();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    // -- one row ---------------------------------------------------------------------------------
    const pieces = (parts) => parts === null ? node("em", {}, w("noreading"))
      : node("bdi", {}, ...parts.flatMap(([text, kind]) => [kind ? node(kind === "asked" ? "mark" : "u", {}, text) : text, " "]));

    function spoken(one) {
      const button = one.recording && model.get("unmasked")
        ? node("button", {
          type: "button", class: "fr-hear", "aria-label": `${w("play")} ${one.label ?? ""}`, onclick: () => listen(one),
        }, `▶ ${one.label ?? ""}`)
        : one.label ?? "";
      return button;
    }

    function readings() {
      if (!model.get("unmasked")) {
        return row.sentences.length ? [node("p", { class: "fr-sounds" }, row.sentences.map((one) => one.label).join(", "))] : [];
      }
      const table = node("table", { class: "fr-readings" }, node("thead", {}, node("tr", {},
        node("td", {}), node("th", { scope: "col" }, w("ours")), node("th", { scope: "col" }, w("theirs")))));
      const body = node("tbody");
      for (const one of row.sentences) {
        body.append(node("tr", {}, node("th", { scope: "row" }, spoken(one)), node("td", {}, pieces(one.ours)), node("td", {}, pieces(one.vendor))));
      }
      table.append(body);
      return [table, node("p", { class: "fr-keys" }, w("differs"))];
    }

    function doubtsOf() {
      if (!row.doubts.length) return [];
      const listed = node("ul", { class: "fr-doubts" });
      for (const one of row.doubts) listed.append(node("li", {}, spoken({ ...one, label: null }), " ", node("bdi", {}, one.text)));
      return [node("h4", {}, w("second")), listed];
    }

    function offered(choice) {
      const select = node("select", { id: `${id}-choose-${choice.name}` });
      if (!choice.current) select.append(node("option", { value: "" }, w("pick")));
      for (const [value, label] of choice.options) {
        select.append(node("option", { value, selected: value === choice.current ? "" : null }, label));
      }
      const save = () => { if (select.value) ask("choose", { table, row_id: row.id, name: choice.name, value: select.value, reason: reasonGiven() }); };
      return node("span", {}, node("label", { for: select.id }, choice.label), select,
        node("button", { type: "button", class: "fr-save", "aria-label": `${w("choose")}: ${choice.label}`, onclick: save }, w("choose")));
    }

    function madeOf(one) {
      const moved = one.before && one.before !== one.after
        ? w("was").replace("{before}", one.before).replace("{after}", one.after) : one.after;
      return node("li", {}, `${w(one.verdict)}: `, node("bdi", {}, one.reviewer), ` (${one.at} UTC)`,
        moved ? ": " : "", node("bdi", { class: "fr-moved" }, moved), one.reason ? " – " : "", node("bdi", {}, one.reason));
    }

    const reasonGiven = () => detail.querySelector(`[id="${id}-reason"]`)?.value ?? "";

    function fill() {
      const open = model.get("unmasked");
      const facts = node("dl", { class: "fr-facts" });
      for (const [name, value] of row.facts) facts.append(node("dt", {}, name), node("dd", {}, node("bdi", {}, value)));
      const parts = [node("h3", {}, node("bdi", {}, row.title)), ...readings(), player, ...doubtsOf(), facts];
      if (!open) parts.push(node("p", { class: "fr-closed" }, w("closed")));
      const choices = node("div", { class: "fr-choices" });
      for (const choice of row.choices) choices.append(offered(choice));
      parts.push(choices);
      if (open && row.written) {
        const field = node("textarea", { id: `${id}-text`, rows: "2", spellcheck: "false", dir: "auto", onkeydown: writing });
        field.value = row.value ?? "";
        parts.push(node("label", { for: `${id}-text` }, w("correct.label")), field);
      }
      const reason = node("input", { id: `${id}-reason`, type: "text", autocomplete: "off", onkeydown: (event) => event.stopPropagation() });
      parts.push(node("label", { for: `${id}-reason` }, w("reason.label")), reason);
      const buttons = node("p", { class: "fr-buttons" });
      for (const verdict of open && row.written ? ["correct", "accept", "reject"] : ["accept", "reject"]) {
        buttons.append(node("button", { type: "button", id: `${id}-${verdict}`, class: verdict, onclick: () => decide(verdict) }, w(`do.${verdict}`)));
      }
      const made = node("ul", { class: "fr-made", "aria-label": w("made") });
      for (const one of row.decisions) made.append(madeOf(one));
      const focused = detail.getRootNode().activeElement; // a decision shows the row anew under the reader's hands
      const kept = detail.contains(focused) ? focused.id : "";
      detail.replaceChildren(...parts, buttons, made);
      putSay();
      if (kept) detail.querySelector(`[id="${kept}"]`)?.focus();
    }

    function writing(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); decide("correct"); }
      if (event.key === "Escape") list.focus();
      event.stopPropagation();
    }

    function decide(verdict) {
      if (!row) return;
      const value = verdict === "correct" ? detail.querySelector("textarea")?.value ?? null : null;
      ask("decide", { table, row_id: row.id, verdict, value, reason: reasonGiven() });
    }

    // -- sound -----------------------------------------------------------------------------------
    let wave = null;
    let stretches = null;
    let marked = null; // the stretch that is repeated
    let sounding = ""; // recording in the player
    let url = null;
    const playing = node("button", { type: "button", class: "fr-play", onclick: play }, w("play"));
    const at_ = node("output", { class: "fr-at" });
    const looping = node("button", { type: "button", class: "fr-loop", "aria-pressed": "false", onclick: turnLoop }, `↻ ${w("loop")}`);
    const rate = node("select", { id: `${id}-speed`, onchange: () => { speed = Number(rate.value); wave?.setPlaybackRate(speed, true); } });
    for (const one of SPEEDS) rate.append(node("option", { value: one, selected: one === 1 ? "" : null }, `${one} ×`));
    const picture = node("div", { class: "fr-wave", role: "img", "aria-label": w("wave") });
    player.append(picture, node("p", { class: "fr-buttons" }, playing,
      node("button", { type: "button", onclick: () => wave?.setTime(Math.max(0, wave.getCurrentTime() - 2)) }, w("back")),
      looping, node("label", { for: `${id}-speed` }, w("speed")), rate, at_),
    node("p", { class: "fr-keys" }, w("drag")));

    function listen(one) {
      asked = one;
      if (one.recording === sounding && wave) begin();
      else ask("sound", { recording_id: one.recording });
    }

    function begin() {
      stretches.clearRegions();
      marked = null;
      if (asked.at !== null && asked.at !== undefined) mark(asked.at, Math.min(asked.end ?? wave.getDuration(), wave.getDuration()));
      wave.setTime(marked ? marked.start : 0);
      wave.play().catch(() => {});
    }

    function mark(from, to) {
      if (to - from < 0.05) return;
      marked = stretches.addRegion({ start: from, end: to, color: "rgba(224, 160, 32, .28)" });
    }

    function quiet() {
      wave?.destroy();
      wave = null;
      sounding = "";
      player.hidden = true;
    }

    function sound({ recording_id: recording, peaks, seconds }, buffers) {
      quiet();
      if (url) URL.revokeObjectURL(url);
      url = URL.createObjectURL(new Blob([buffers[0]], { type: "audio/wav" }));
      sounding = recording;
      player.hidden = false;
      player.setAttribute("aria-label", w("player").replace("{what}", row?.title ?? ""));
      const look = getComputedStyle(el);
      const made = WaveSurfer.create({
        container: picture, height: 72, url, peaks: [peaks], duration: seconds, normalize: true, hideScrollbar: true,
        waveColor: "#7f93ad", progressColor: look.getPropertyValue("--accent").trim() || "#1f5fa8", cursorColor: "#b3261e",
      });
      wave = made;
      stretches = made.registerPlugin(Regions.create());
      stretches.enableDragSelection({ color: "rgba(224, 160, 32, .28)" });
      stretches.on("region-created", (region) => {
        for (const other of stretches.getRegions()) if (other !== region) other.remove();
        marked = region;
      });
      made.on("timeupdate", (second) => {
        at_.textContent = `${second.toFixed(1)} / ${seconds.toFixed(1)} s`;
        if (loop && marked && second >= marked.end) made.setTime(marked.start);
      });
      made.on("finish", () => { if (loop) { made.setTime(marked?.start ?? 0); made.play(); } });
      made.on("play", () => { playing.textContent = w("pause"); });
      made.on("pause", () => { playing.textContent = w("play"); });
      made.on("ready", () => { made.setPlaybackRate(speed, true); begin(); });
    }

    function play() {
      if (wave && row?.sentences.some((one) => one.recording === sounding)) { wave.playPause(); return; }
      const first = row?.sentences.find((one) => one.recording);
      if (first && model.get("unmasked")) listen(first);
    }

    function turnLoop() {
      loop = !loop;
      looping.setAttribute("aria-pressed", String(loop));
    }

    function setSpeed(step) {
      speed = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(speed) + step, 0), SPEEDS.length - 1)];
      rate.value = speed;
      wave?.setPlaybackRate(speed, true);
    }

    function putSay() {
      const made = detail.querySelector(".fr-made");
      if (saidAt === "top") finder.after(say);
      else if (made) made.before(say);
      else detail.append(say);
    }

    function tell(text) { say.textContent = text; putSay(); }

    function differences(sentence, tables) {
      changed.replaceChildren(node("summary", {}, w("changes")), node("p", {}, sentence));
      for (const one of tables) {
        const made = node("table", { class: "fr-readings" }, node("caption", {}, one.title),
          node("thead", {}, node("tr", {}, ...one.columns.map((name) => node("th", { scope: "col" }, name)))));
        const body = node("tbody");
        for (const cells of one.rows) body.append(node("tr", {}, ...cells.map((cell) => node("td", {}, node("bdi", {}, cell)))));
        made.append(body);
        changed.append(made);
      }
      changed.hidden = false;
      changed.open = true;
    }

    // -- what the kernel says --------------------------------------------------------------------
    const heard = {
      index: ({ table: name, items: found }) => { items[name] = found; if (name === table) arrange(shown[at]?.id ?? null); },
      row: ({ table: name, row: found }) => {
        if (name !== table || found.id !== shown[at]?.id) return;
        if (row?.id !== found.id && !found.sentences.some((one) => one.recording === sounding)) quiet();
        row = found;
        fill();
      },
      sound,
      found: ({ n, text }) => {
        finder.querySelector(".fr-clear").hidden = n === null;
        for (const name of TABLES) delete items[name];
        ask("index", { table });
        tell(text);
      },
      decided: ({ table: name, row_id: key, state }) => {
        const one = items[name]?.find((item) => item.id === key);
        if (one) one.state = state;
        const told = `${w("saved").replace("{what}", one?.no ?? "")} ${["accept", "reject"].includes(state) ? "" : w("pending")}`;
        if (name !== table) { tell(told); return; }
        const next = at + (["accept", "reject"].includes(state) ? 1 : 0);
        if (filter.value === "all") { const top = shown.length - 1; paint(); choose(Math.min(next, top)); }
        else arrange(shown[next]?.id ?? null);
        tell(told);
      },
      recomputed: ({ stages, sentence, changes }) => {
        differences(sentence, changes);
        recompute.disabled = false;
        tell(stages.length ? w("recomputed").replace("{stages}", stages.join(", ")) : w("unchanged"));
        for (const name of TABLES) delete items[name];
        ask("index", { table });
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
    for (const tab of tabs.children) tab.setAttribute("aria-selected", String(tab.dataset.table === table));
    opened();
    return () => {
      model.off("msg:custom", hear);
      model.off("change:unmasked", opened);
      quiet();
      if (url) URL.revokeObjectURL(url);
    };
  },
};
