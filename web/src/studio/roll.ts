// Draws notes over time: the pitched ones in lanes by pitch, drums in a strip of their own below.
import { colourOf } from './hues';
import type { Midi, MidiTrack } from './midi';

export interface Look {
  isLight: boolean;
  edge: string;
  text: string;
  playhead: string;
  font: string;
}

interface Field {
  width: number;
  height: number;
  /** Pixels of the screen a unit has. */
  scale: number;
}

const DRUM_CHANNEL = 9;
const DRUM_SHARE = 0.22;
const RULER = 18;
const PAD = 4;
const LEAST_WIDTH = 1.5;

/** The pitches drums are struck at, from below, so that none of their lanes is empty. */
export function drumLanes(tracks: readonly MidiTrack[]): number[] {
  const struck = new Set<number>();
  for (const track of tracks) {
    if (track.channel === DRUM_CHANNEL) for (const note of track.notes) struck.add(note.pitch);
  }
  return [...struck].sort((a, b) => a - b);
}

interface Lanes {
  y: (pitch: number) => number;
  thick: number;
}

function pitchLanes(low: number, high: number, top: number, height: number): Lanes {
  const lane = height / Math.max(1, high - low + 1);
  return { y: (pitch) => top + (high - pitch) * lane, thick: Math.max(1.5, lane * 0.84) };
}

function drumStrip(lanes: readonly number[], top: number, height: number): Lanes {
  const lane = height / Math.max(1, lanes.length);
  const places = new Map(lanes.map((pitch, at) => [pitch, top + (lanes.length - 1 - at) * lane]));
  return { y: (pitch) => places.get(pitch) ?? top, thick: Math.max(1.5, lane * 0.7) };
}

function drawRuler(pen: CanvasRenderingContext2D, midi: Midi, field: Field, look: Look): void {
  pen.font = look.font;
  pen.textBaseline = 'middle';
  for (const [at, { label, start }] of midi.markers.entries()) {
    const x = (start / midi.seconds) * field.width;
    const next = midi.markers[at + 1]?.start ?? midi.seconds;
    pen.fillStyle = look.edge;
    pen.fillRect(Math.round(x), 0, 1, field.height);
    pen.fillStyle = look.text;
    const room = ((next - start) / midi.seconds) * field.width - 8;
    if (pen.measureText(label).width <= room) pen.fillText(label, x + 6, RULER / 2);
  }
}

export function drawNotes(canvas: HTMLCanvasElement, midi: Midi, field: Field, look: Look, parts: readonly number[]): void {
  const pen = sized(canvas, field);
  if (!pen || midi.seconds <= 0) return;
  drawRuler(pen, midi, field, look);
  const drums = drumLanes(midi.tracks);
  const room = field.height - RULER - 2 * PAD;
  const strip = drums.length > 0 ? (midi.range ? room * DRUM_SHARE : room) : 0;
  const pitched = pitchLanes(midi.range?.low ?? 0, midi.range?.high ?? 1, RULER + PAD, room - strip - PAD);
  const struck = drumStrip(drums, field.height - PAD - strip, strip);
  for (const [at, track] of midi.tracks.entries()) {
    const lanes = track.channel === DRUM_CHANNEL ? struck : pitched;
    pen.fillStyle = colourOf(parts[at] ?? at, look.isLight);
    for (const note of track.notes) {
      const x = (note.start / midi.seconds) * field.width;
      const width = Math.max(LEAST_WIDTH, ((note.end - note.start) / midi.seconds) * field.width - 0.5);
      pen.globalAlpha = 0.45 + 0.55 * (note.velocity / 127);
      pen.fillRect(x, lanes.y(note.pitch), width, lanes.thick);
    }
  }
  pen.globalAlpha = 1;
}

export function drawPlayhead(canvas: HTMLCanvasElement, share: number, field: Field, look: Look): void {
  const pen = sized(canvas, field);
  if (!pen) return;
  pen.fillStyle = look.playhead;
  pen.fillRect(share * field.width - 1, 0, 2, field.height);
}

/** Clears a canvas and gives it the size it is seen in. */
function sized(canvas: HTMLCanvasElement, { width, height, scale }: Field): CanvasRenderingContext2D | null {
  const across = Math.round(width * scale);
  const down = Math.round(height * scale);
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const pen = canvas.getContext('2d');
  pen?.setTransform(scale, 0, 0, scale, 0, 0);
  pen?.clearRect(0, 0, width, height);
  return pen;
}
