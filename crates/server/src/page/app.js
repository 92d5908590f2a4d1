"use strict";
(() => {
  const base = new URL(".", document.currentScript.src);
  const api = new URL("api/v1/", base);
  const $ = (id) => document.getElementById(id);
  const show = (id, yes) => { $(id).hidden = !yes; };
  const plural = (n, one, many) => `${n.toLocaleString()} ${n === 1 ? one : many}`;
  let me = null, stream = null, wasScanning = false, refresh = 0;
  let queue = [], at = 0, counted = false;

  function el(name, text, more) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    return Object.assign(made, more);
  }
  function press(text, label, act) {
    const made = el("button", text, { type: "button", className: "plain" });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", () => busy(made, act));
    return made;
  }
  function say(text) {
    $("notice").textContent = text || "";
    show("notice", Boolean(text));
  }

  // Asks the server; what goes wrong is an error in its own words.
  async function ask(method, path, body) {
    const options = { method, headers: {} };
    if (body !== undefined) {
      options.headers["content-type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    let answer;
    try {
      answer = await fetch(new URL(path, api), options);
    } catch {
      throw new Error("The server cannot be reached.");
    }
    if (answer.status === 204) return null;
    const text = await answer.text();
    let said = null;
    try { said = JSON.parse(text); } catch { /* Something between us and the server answered. */ }
    if (answer.ok) return said;
    const fields = ((said && said.errors) || []).map((one) => `${one.field}: ${one.message}`);
    const error = new Error([(said && said.detail) || `The server answered ${answer.status}.`, ...fields].join(" "));
    error.status = answer.status;
    throw error;
  }
  async function busy(button, act) {
    say("");
    if (button) button.disabled = true;
    try {
      await act();
    } catch (error) {
      if (error.status === 401 && me) leave();
      say(error.message);
    } finally {
      if (button) button.disabled = false;
    }
  }
  function form(id, act) {
    $(id).addEventListener("submit", (event) => {
      event.preventDefault();
      const sent = event.target;
      busy(sent.querySelector("button:not([type])"), () => act(sent.elements, sent));
    });
  }

  // Coming in and going.
  async function begin() {
    try {
      enter(await ask("GET", "session"));
    } catch (error) {
      if (error.status !== 401) return say(error.message);
      await door();
    }
  }
  async function door() {
    await busy(null, async () => {
      const { needed } = await ask("GET", "setup");
      show("gate", true);
      show("setup", needed);
      show("login", !needed);
      $(needed ? "setup" : "login").querySelector("input").focus();
    });
  }
  function enter(who) {
    me = who;
    say("");
    $("who").textContent = `Logged in as ${who.name}`;
    $("user").textContent = who.name;
    $("server").textContent = base.href.replace(/\/$/, "");
    for (const id of ["who", "logout", "house"]) show(id, true);
    for (const id of ["gate", "setup", "login"]) show(id, false);
    show("rescan", who.role === "admin");
    listen();
    all();
  }
  function leave() {
    me = null;
    if (stream) stream.close();
    stream = null;
    $("audio").pause();
    $("audio").removeAttribute("src");
    for (const id of ["who", "logout", "house", "player", "made"]) show(id, false);
    $("token").textContent = "";
    door();
  }
  form("setup", async (field, sent) => {
    const who = await ask("POST", "setup", { token: field.token.value.trim(), name: field.name.value, password: field.password.value });
    sent.reset();
    enter(who);
  });
  form("login", async (field, sent) => {
    const who = await ask("POST", "login", { name: field.name.value, password: field.password.value });
    sent.reset();
    enter(who);
  });
  $("logout").addEventListener("click", () => busy($("logout"), async () => {
    await ask("POST", "logout");
    leave();
  }));

  // What is here.
  const all = () => Promise.all([figures, roots, albums, jobs, keys].map((one) => busy(null, one)));
  const later = () => {
    clearTimeout(refresh);
    refresh = setTimeout(() => me && Promise.all([figures, roots, albums].map((one) => busy(null, one))), 400);
  };
  async function figures() {
    const all = await ask("GET", "statistics");
    const hours = all.duration_ms / 3600000;
    const told = [
      ["Tracks", all.tracks.toLocaleString()], ["Albums", all.albums.toLocaleString()],
      ["Artists", all.artists.toLocaleString()], ["Hours", hours < 10 ? hours.toFixed(1) : Math.round(hours).toLocaleString()],
    ];
    $("figures").replaceChildren(...told.map(([name, value]) => {
      const pair = el("div");
      pair.append(el("dt", name), el("dd", value));
      return pair;
    }));
    show("starter", all.tracks === 0);
  }
  async function roots() {
    const { items } = await ask("GET", "roots");
    $("roots").replaceChildren(...items.map((root) => {
      const line = el("li");
      line.append(el("span", root.name));
      if (root.path) line.append(el("code", root.path, { className: "quiet" }));
      return line;
    }));
    if (!items.length) $("roots").append(el("li", "None yet: name one when the server is started.", { className: "quiet" }));
  }
  function scanned(scan) {
    const seen = `${plural(scan.seen, "file", "files")} seen in ${plural(scan.folders, "folder", "folders")}, ${scan.read.toLocaleString()} read`;
    if (scan.running) $("scan").textContent = `Scanning: ${seen}.`;
    else if (scan.ended) $("scan").textContent = `Last scan ended ${new Date(scan.ended).toLocaleString()}.`;
    else $("scan").textContent = "Not scanned yet since the server was started.";
    $("rescan").disabled = scan.running;
    if (wasScanning && !scan.running) later();
    wasScanning = scan.running;
  }
  $("rescan").addEventListener("click", () => busy(null, async () => scanned(await ask("POST", "scan", {}))));

  // Albums, and a player for their tracks.
  async function albums() {
    const { items } = await ask("GET", "albums?order=added&limit=24");
    show("no-albums", items.length === 0);
    $("albums").replaceChildren(...items.map((album) => {
      const art = el("img", null, { alt: "", loading: "lazy", src: new URL(`covers/${album.id}?size=256`, api).href });
      art.addEventListener("error", () => art.replaceWith(el("div", null, { className: "none" })), { once: true });
      const button = el("button", null, { type: "button" });
      button.append(art, el("strong", album.title), el("span", album.artist, { className: "quiet" }));
      button.setAttribute("aria-label", `Play ${album.title} by ${album.artist}`);
      button.addEventListener("click", () => busy(button, () => play(album)));
      const item = el("li");
      item.append(button);
      return item;
    }));
  }
  async function play(album) {
    const { items } = await ask("GET", `albums/${album.id}/tracks`);
    if (!items.length) throw new Error("The files of this album are not there.");
    queue = items;
    go(0);
  }
  function go(place) {
    at = place;
    counted = false;
    const track = queue[at];
    $("title").textContent = track.title;
    $("by").textContent = `${track.artist} — ${track.album}, ${at + 1} of ${queue.length}`;
    $("art").hidden = false;
    $("art").src = new URL(`covers/${track.album_id}?size=128`, api).href;
    $("previous").disabled = at === 0;
    $("next").disabled = at + 1 >= queue.length;
    show("player", true);
    $("audio").src = new URL(`tracks/${track.id}/file`, api).href;
    $("audio").play().catch(() => { /* The browser waits for a press on its own button. */ });
  }
  $("art").addEventListener("error", () => { $("art").hidden = true; });
  $("audio").addEventListener("ended", () => { if (at + 1 < queue.length) go(at + 1); });
  $("audio").addEventListener("error", () => {
    if ($("audio").getAttribute("src")) say("This browser cannot play this track.");
  });
  $("audio").addEventListener("timeupdate", () => {
    const { currentTime, duration } = $("audio");
    // A play counts after half of the track, or after four minutes.
    if (counted || !(currentTime > 0) || currentTime < Math.min(240, duration / 2)) return;
    counted = true;
    busy(null, () => ask("POST", "plays", { track: queue[at].id, outcome: "played", client: "page" }));
  });
  $("previous").addEventListener("click", () => go(at - 1));
  $("next").addEventListener("click", () => go(at + 1));

  // Songs to order.
  const lines = new Map();
  const words = {
    queued: () => "waits for its turn", cancelled: () => "cancelled", altered: () => "its record was altered",
    making: (state) => `${state.stage}, ${Math.round(state.share * 100)} % of this step`,
    mastered: (state) => state.passed ? "mastered" : "mastered, but a check did not pass",
    finished: (state) => state.passed ? "ready" : "ready, but a check did not pass", failed: (state) => `failed: ${state.reason}`,
  };
  async function jobs() {
    const { items } = await ask("GET", "jobs?limit=20");
    lines.clear();
    $("jobs").replaceChildren(...items.map(line));
  }
  function line(job) {
    const item = el("li"), said = el("span", null, { className: "quiet" }), bar = el("progress", null, { max: 1 });
    const name = job.title ? `${job.title} (${job.sentence || "master"})` : job.sentence || (job.track ? "Master of a track" : `Job ${job.id}`);
    bar.setAttribute("aria-label", `Progress of ${name}`);
    const stop = press("Cancel", `Cancel ${name}`, async () => told(await ask("DELETE", `jobs/${job.id}`)));
    item.append(el("span", name), said, bar, stop);
    lines.set(job.id, { said, bar, stop });
    told(job);
    return item;
  }
  function told({ id, state }) {
    const parts = lines.get(id);
    if (!parts) return busy(null, jobs);
    parts.said.textContent = words[state.is](state);
    parts.bar.hidden = state.is !== "making";
    if (state.is === "making") parts.bar.value = state.share;
    parts.stop.hidden = state.is !== "queued" && state.is !== "making";
  }
  form("order", async (field, sent) => {
    await ask("POST", "songs", { sentence: field.sentence.value, seed: Math.floor(Math.random() * 4294967296) });
    sent.reset();
    await jobs();
  });
  $("start").addEventListener("click", () => busy($("start"), async () => {
    await ask("POST", "songs/starter");
    show("starter", false);
    await jobs();
  }));

  // Keys of other players.
  async function keys() {
    const { items } = await ask("GET", "keys");
    $("keys").replaceChildren(...items.filter((key) => key.revoked === null).map((key) => {
      const item = el("li"), used = key.last_used === null ? "never used" : `last used ${new Date(key.last_used).toLocaleDateString()}`;
      item.append(el("span", key.legacy ? `${key.name} (older player)` : key.name), el("span", used, { className: "quiet" }));
      item.append(press("Revoke", `Revoke the key ${key.name}`, async () => {
        await ask("DELETE", `keys/${key.id}`);
        await keys();
      }));
      return item;
    }));
  }
  form("make-key", async (field, sent) => {
    const { token } = await ask("POST", "keys", { name: field.name.value, legacy: field.legacy.checked });
    sent.reset();
    $("token").textContent = token;
    $("copy").textContent = "Copy";
    show("made", true);
    await keys();
  });
  $("copy").addEventListener("click", async () => {
    const key = $("token");
    try {
      await navigator.clipboard.writeText(key.textContent);
      $("copy").textContent = "Copied";
    } catch {
      // Without TLS a page may not write there: the key is selected, to be copied by hand.
      getSelection().selectAllChildren(key);
      $("copy").textContent = "Press Ctrl+C";
    }
  });

  // What happens meanwhile.
  function listen() {
    if (stream) stream.close();
    stream = new EventSource(new URL("events", api));
    stream.addEventListener("scan", (event) => scanned(JSON.parse(event.data)));
    stream.addEventListener("missed", () => busy(null, jobs));
    stream.addEventListener("job", (event) => {
      const job = JSON.parse(event.data);
      told(job);
      if (job.state.is === "finished") { busy(null, jobs); later(); }
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED && me) setTimeout(() => me && listen(), 15000);
    });
  }

  begin();
})();
