"use strict";
// Both sounds play all the time from one clock; switching only turns one of them down and the
// other up, within 5 ms, so that nothing but the sound tells which it is.
const clips = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const FADE_S = 0.005;
let ready, context, gains, buffers, sources, started = 0, playing = false, paused = 0;
let heard = "a", secret = draw(), trials = 0, right = 0;

function draw() {
  return crypto.getRandomValues(new Uint8Array(1))[0] & 1 ? "a" : "b";
}

// The chance of so many right answers or more by guessing.
function chance(trials, right) {
  let sum = 0, ways = 1;
  for (let k = 0; k <= trials; k++) {
    if (k >= right) sum += ways;
    ways = ways * (trials - k) / (k + 1);
  }
  return Math.min(1, sum / 2 ** trials);
}

function bytes(uri) {
  const text = atob(uri.slice(uri.indexOf(",") + 1));
  return Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer;
}

// Once, however often it is asked for while the clips are decoded.
function prepare() {
  ready ??= load();
  return ready;
}

async function load() {
  context = new AudioContext();
  const decode = (uri) => context.decodeAudioData(bytes(uri));
  buffers = { a: await decode(clips.a), b: await decode(clips.b) };
  gains = {};
  for (const name of ["a", "b"]) {
    gains[name] = context.createGain();
    gains[name].connect(context.destination);
  }
}

function real() {
  return heard === "x" ? secret : heard;
}

function turn() {
  if (gains) {
    for (const name of ["a", "b"]) {
      gains[name].gain.setTargetAtTime(name === real() ? 1 : 0, context.currentTime, FADE_S / 3);
    }
  }
  for (const name of ["a", "b", "x"]) at(name).classList.toggle("on", name === heard);
}

async function play() {
  await prepare();
  if (playing) {
    paused = place();
    for (const name of ["a", "b"]) sources[name].stop();
    playing = false;
  } else {
    sources = {};
    const when = context.currentTime + 0.05;
    for (const name of ["a", "b"]) {
      const source = context.createBufferSource();
      source.buffer = buffers[name];
      source.loop = true;
      source.connect(gains[name]);
      gains[name].gain.value = name === real() ? 1 : 0;
      source.start(when, paused);
      sources[name] = source;
    }
    started = when - paused;
    playing = true;
    requestAnimationFrame(show);
  }
  at("play").textContent = playing ? "Pause" : "Play";
}

function place() {
  return Math.max(0, context.currentTime - started) % buffers.a.duration;
}

function show() {
  if (!playing) return;
  at("place").value = place() / buffers.a.duration;
  requestAnimationFrame(show);
}

function listen(name) {
  heard = name;
  turn();
}

function answer(name) {
  trials += 1;
  if (name === secret) right += 1;
  secret = draw();
  turn();
  tell();
}

function tell() {
  if (trials === 0) {
    at("score").textContent = "No trial yet.";
    return;
  }
  const p = chance(trials, right);
  const verdict = p < 0.05 ? "You hear a difference." : "Guessing does as well so far.";
  at("score").textContent =
    `${right} of ${trials} right; p = ${p.toFixed(p < 0.001 ? 5 : 3)}. ${verdict}`;
}

function again() {
  trials = right = 0;
  secret = draw();
  turn();
  tell();
}

at("play").onclick = play;
for (const name of ["a", "b", "x"]) at(name).onclick = () => listen(name);
at("is-a").onclick = () => answer("a");
at("is-b").onclick = () => answer("b");
at("again").onclick = again;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = event.key.toLowerCase();
  if (key === " ") play();
  else if (["a", "b", "x"].includes(key)) listen(key);
  else if (key === "1") answer("a");
  else if (key === "2") answer("b");
  else return;
  event.preventDefault();
});
turn();
