/// What is special about an event: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Nothing special.
    pub const NONE: Self = Self(0);
    /// The last event of its depth update or snapshot: the book is whole again.
    pub const LAST: Self = Self(1);
    /// A bar that will not change any more.
    pub const CLOSED: Self = Self(1 << 1);
    /// A bar nobody traded in, made by us from the close before it.
    pub const SYNTHETIC: Self = Self(1 << 2);
    /// A bar in which minutes are missing.
    pub const GAP: Self = Self(1 << 3);
    /// A bar that was missing and came by an exact request for its range.
    pub const REPAIRED: Self = Self(1 << 4);

    const KNOWN: u8 = 0b1_1111;

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set less the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The set as bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of some bits; none when a bit has no meaning.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::KNOWN == 0 { Some(Self(bits)) } else { None }
    }
}
