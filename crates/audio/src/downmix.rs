use crate::{Buffer, Layout, Speaker};

/// -3 dB, half the power.
const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;

impl Speaker {
    /// The gains with which this speaker goes into left and right when there are only two: ITU-R
    /// BS.775-4, table 2 (2/0). The centre and each surround at -3 dB, the LFE left out, as the
    /// standard leaves it to the listener and most decoders drop it. A rear pair counts as
    /// surround. The sum may exceed full scale: what is delivered needs a limiter or less gain.
    pub fn stereo_gains(self) -> [f32; 2] {
        match self {
            Speaker::Left => [1.0, 0.0],
            Speaker::Right => [0.0, 1.0],
            Speaker::Centre => [HALF_POWER, HALF_POWER],
            Speaker::Lfe => [0.0, 0.0],
            Speaker::LeftSurround | Speaker::LeftRear => [HALF_POWER, 0.0],
            Speaker::RightSurround | Speaker::RightRear => [0.0, HALF_POWER],
        }
    }
}

impl Buffer {
    /// This sound on two speakers, by [`Speaker::stereo_gains`]. Mono becomes the same on both
    /// at its own level, so that its samples stay what they are; stereo stays stereo.
    pub fn to_stereo(&self) -> Buffer {
        let blocks: Vec<&[f32]> = self.planes().iter().map(Vec::as_slice).collect();
        let mut stereo = Buffer::silent(self.rate(), Layout::Stereo, self.length());
        if let Some((left, right)) = stereo.stereo_mut() {
            stereo_into(self.layout(), &blocks, left, right);
        }
        stereo
    }
}

/// Writes the downmix of one block over `left` and `right`, which are as long as its planes.
pub fn stereo_into(layout: Layout, planes: &[&[f32]], left: &mut [f32], right: &mut [f32]) {
    if let [mono] = planes {
        left.copy_from_slice(mono);
        right.copy_from_slice(mono);
        return;
    }
    left.fill(0.0);
    right.fill(0.0);
    for (speaker, plane) in layout.speakers().iter().zip(planes) {
        let gains = speaker.stereo_gains();
        for (out, gain) in [&mut *left, &mut *right].into_iter().zip(gains) {
            if gain != 0.0 {
                for (out, sample) in out.iter_mut().zip(*plane) {
                    *out += gain * sample;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Buffer, Layout, SampleRate};

    #[test]
    fn each_speaker_of_7_1_goes_where_the_standard_sends_it() {
        let mut planes = vec![vec![0.0; 8]; 8];
        for (channel, plane) in planes.iter_mut().enumerate() {
            plane[channel] = 1.0;
        }
        let stereo = Buffer::from_planes(SampleRate::STUDIO, planes).unwrap().to_stereo();
        let h = std::f32::consts::FRAC_1_SQRT_2;
        // Left, right, centre, LFE, rear pair, surround pair.
        assert_eq!(stereo.plane(0), [1.0, 0.0, h, 0.0, h, 0.0, h, 0.0]);
        assert_eq!(stereo.plane(1), [0.0, 1.0, h, 0.0, 0.0, h, 0.0, h]);
    }

    #[test]
    fn one_and_two_channels_keep_their_samples() {
        let mono = Buffer::mono(SampleRate::CD, vec![0.5, -0.25]);
        assert_eq!(mono.to_stereo().planes(), [vec![0.5, -0.25], vec![0.5, -0.25]]);
        let planes = vec![vec![0.1, 0.2], vec![0.3, -0.4]];
        let stereo = Buffer::from_planes(SampleRate::CD, planes.clone()).unwrap().to_stereo();
        assert_eq!(stereo.planes(), planes);
        assert_eq!(stereo.layout(), Layout::Stereo);
    }
}
