use crate::subsonic::Node;
use crate::subsonic::views::{Stream, TranscodeDecision};

/// `getTranscodeDecision`.
pub fn transcode_decision(view: &TranscodeDecision) -> Node {
    let decision = Node::new()
        .attribute("canDirectPlay", view.can_direct_play)
        .attribute("canTranscode", view.can_transcode)
        .scalars("transcodeReason", view.transcode_reasons.iter().copied())
        .maybe("errorReason", view.error_reason)
        .maybe("transcodeParams", view.transcode_params.as_ref())
        .maybe_child("sourceStream", view.source.as_ref().map(stream))
        .maybe_child("transcodeStream", view.transcoded.as_ref().map(stream));
    Node::new().child("transcodeDecision", decision)
}

fn stream(view: &Stream) -> Node {
    Node::new()
        .attribute("protocol", "http")
        .attribute("container", &view.container)
        .attribute("codec", &view.codec)
        .maybe("audioChannels", view.channels)
        .maybe("audioBitrate", view.bit_rate)
        .maybe("audioProfile", view.profile.as_ref())
        .maybe("audioSamplerate", view.sampling_rate)
        .maybe("audioBitdepth", view.bit_depth)
}
