/// Where a channel is meant to sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speaker {
    /// Front left.
    Left,
    /// Front right.
    Right,
    /// Front centre; also the only channel of mono.
    Centre,
    /// Low-frequency effects.
    Lfe,
    /// Left surround (side or back, whichever the layout has).
    LeftSurround,
    /// Right surround (side or back, whichever the layout has).
    RightSurround,
    /// Left rear of a 7.1 layout.
    LeftRear,
    /// Right rear of a 7.1 layout.
    RightRear,
}

/// Which speakers the channels of a [`Buffer`](crate::Buffer) feed, in the order WAVE and FLAC use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// One centre channel.
    Mono,
    /// Left, right.
    Stereo,
    /// Left, right, centre.
    Front3,
    /// Left, right, left surround, right surround.
    Quad,
    /// Left, right, centre, left surround, right surround.
    Surround50,
    /// Left, right, centre, LFE, left surround, right surround.
    Surround51,
    /// Surround51 with a rear pair before the surround pair.
    Surround71,
}

impl Layout {
    /// The usual layout for a number of channels; none for 0, 7 and more than 8.
    pub fn of_channels(channels: usize) -> Option<Self> {
        Some(match channels {
            1 => Layout::Mono,
            2 => Layout::Stereo,
            3 => Layout::Front3,
            4 => Layout::Quad,
            5 => Layout::Surround50,
            6 => Layout::Surround51,
            8 => Layout::Surround71,
            _ => return None,
        })
    }

    /// The speakers, one per channel in order.
    pub fn speakers(self) -> &'static [Speaker] {
        use Speaker::{Centre, Left, LeftRear, LeftSurround, Lfe, Right, RightRear, RightSurround};
        match self {
            Layout::Mono => &[Centre],
            Layout::Stereo => &[Left, Right],
            Layout::Front3 => &[Left, Right, Centre],
            Layout::Quad => &[Left, Right, LeftSurround, RightSurround],
            Layout::Surround50 => &[Left, Right, Centre, LeftSurround, RightSurround],
            Layout::Surround51 => &[Left, Right, Centre, Lfe, LeftSurround, RightSurround],
            Layout::Surround71 => {
                &[Left, Right, Centre, Lfe, LeftRear, RightRear, LeftSurround, RightSurround]
            }
        }
    }

    /// How many channels.
    pub fn channels(self) -> usize {
        self.speakers().len()
    }
}
