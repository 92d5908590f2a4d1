use crate::analysis::levels::Levels;
use crate::{Buffer, Layout};

/// How alike left and right are: 1 the same, 0 unrelated, -1 opposite and gone in mono. `None`
/// when there are not two channels or one of them is silent.
pub fn correlation(buffer: &Buffer) -> Option<f64> {
    (buffer.layout() == Layout::Stereo).then(|| Levels::of(buffer).correlation()).flatten()
}

#[cfg(test)]
mod tests {
    use super::correlation;
    use crate::{Buffer, SampleRate};

    #[test]
    fn the_three_landmarks() {
        let saw: Vec<f32> = (0..1_000).map(|n| (n % 17) as f32 - 8.0).collect();
        let turned: Vec<f32> = saw.iter().map(|s| -s).collect();
        let stereo = |l: &Vec<f32>, r: &Vec<f32>| {
            correlation(&Buffer::from_planes(SampleRate::CD, vec![l.clone(), r.clone()]).unwrap())
        };
        assert!((stereo(&saw, &saw).unwrap() - 1.0).abs() < 1e-12);
        assert!((stereo(&saw, &turned).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(stereo(&saw, &vec![0.0; 1_000]), None);
        assert_eq!(correlation(&Buffer::mono(SampleRate::CD, saw)), None);
    }
}
