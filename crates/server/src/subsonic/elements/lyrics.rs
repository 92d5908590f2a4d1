use crate::subsonic::Node;
use crate::subsonic::views::{
    Agent, Cue, CueLine, Line, Lyrics, Role, Strand, StructuredLyrics, Voice,
};

/// `getLyrics`.
pub fn lyrics(view: &Lyrics) -> Node {
    let lyrics = Node::new()
        .maybe("artist", view.artist.as_ref())
        .maybe("title", view.title.as_ref())
        .text(&view.text);
    Node::new().child("lyrics", lyrics)
}

/// `getLyricsBySongId`: all lyrics of one song.
pub fn lyrics_list(all: &[StructuredLyrics]) -> Node {
    Node::new()
        .child("lyricsList", Node::new().list("structuredLyrics", all.iter().map(structured)))
}

fn structured(view: &StructuredLyrics) -> Node {
    let node = Node::new()
        .maybe("displayArtist", view.display_artist.as_ref())
        .maybe("displayTitle", view.display_title.as_ref())
        .attribute("lang", &view.lang)
        .attribute("offset", view.offset_ms)
        .attribute("synced", view.synced)
        .list("line", view.lines.iter().map(line));
    match &view.strand {
        Some(view) => node.and(strand(view)),
        None => node,
    }
}

fn line(view: &Line) -> Node {
    Node::new().maybe("start", view.start).text(&view.text)
}

/// A list of singers or of timed lines is there only where it has any: so the extension wants it.
fn strand(view: &Strand) -> Node {
    let mut node = Node::new().attribute("kind", kind(view.role));
    if !view.agents.is_empty() {
        node = node.list("agents", view.agents.iter().map(agent));
    }
    if !view.cue_lines.is_empty() {
        node = node.list("cueLine", view.cue_lines.iter().map(cue_line));
    }
    node
}

fn agent(view: &Agent) -> Node {
    Node::new()
        .attribute("id", &view.id)
        .attribute("role", voice(view.role))
        .maybe("name", view.name.as_ref())
}

fn cue_line(view: &CueLine) -> Node {
    // A line with words inside has its own text as an attribute: XML cannot tell the two apart.
    Node::new()
        .attribute("index", view.index)
        .maybe("start", view.start)
        .maybe("end", view.end)
        .attribute("value", &view.text)
        .maybe("agentId", view.agent.as_ref())
        .list("cue", view.cues.iter().map(cue))
}

fn cue(view: &Cue) -> Node {
    Node::new()
        .attribute("start", view.start)
        .maybe("end", view.end)
        .attribute("byteStart", view.byte_start)
        .attribute("byteEnd", view.byte_end)
        .text(&view.text)
}

const fn kind(role: Role) -> &'static str {
    match role {
        Role::Main => "main",
        Role::Translation => "translation",
        Role::Pronunciation => "pronunciation",
    }
}

const fn voice(voice: Voice) -> &'static str {
    match voice {
        Voice::Main => "main",
        Voice::Single => "voice",
        Voice::Background => "bg",
        Voice::Group => "group",
    }
}
