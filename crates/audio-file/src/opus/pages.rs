/// The pages of one logical stream of Ogg (RFC 3533, section 6), each written once it is full. A
/// packet is never divided between two.
pub(super) struct Pages {
    sequence: u32,
    /// How the packets of the page that is filling are laced: a 255 for every so many bytes, and the
    /// rest of each.
    lacing: Vec<u8>,
    body: Vec<u8>,
    packets: usize,
    /// Where its last packet ends.
    position: u64,
}

/// Packets of a page: a second of sound, the reference encoder's choice.
const PACKETS: usize = 50;
/// What an entry of the lacing holds, and the most of them.
const LACED: usize = 255;
const MAX_LACING: usize = 255;
/// Streams in one file are told apart by it; there is but one.
const SERIAL: u32 = 0;

const BEGINS: u8 = 2;
const ENDS: u8 = 4;

impl Pages {
    /// Begins with the headers, a page of its own for each.
    pub(super) fn begin(headers: [&[u8]; 2], out: &mut Vec<u8>) -> Self {
        let (lacing, body) = (Vec::new(), Vec::new());
        let mut pages = Self { sequence: 0, lacing, body, packets: 0, position: 0 };
        for (header, kind) in headers.into_iter().zip([BEGINS, 0]) {
            pages.put(header);
            pages.write(kind, 0, out);
        }
        pages
    }

    /// Adds a packet that ends at a position; a page that has no more room goes out before.
    pub(super) fn add(&mut self, packet: &[u8], position: u64, out: &mut Vec<u8>) {
        let lacing = self.lacing.len() + packet.len() / LACED + 1;
        if self.packets == PACKETS || lacing > MAX_LACING {
            self.write(0, self.position, out);
        }
        self.put(packet);
        self.position = position;
    }

    /// Writes the last page, whose sound ends at a position within its last packet.
    pub(super) fn end(&mut self, position: u64, out: &mut Vec<u8>) {
        self.write(ENDS, position, out);
    }

    fn put(&mut self, packet: &[u8]) {
        self.lacing.resize(self.lacing.len() + packet.len() / LACED, LACED as u8);
        self.lacing.push((packet.len() % LACED) as u8);
        self.body.extend_from_slice(packet);
        self.packets += 1;
    }

    fn write(&mut self, kind: u8, position: u64, out: &mut Vec<u8>) {
        let mut head = b"OggS\0".to_vec();
        head.push(kind);
        head.extend_from_slice(&position.to_le_bytes());
        head.extend_from_slice(&SERIAL.to_le_bytes());
        head.extend_from_slice(&self.sequence.to_le_bytes());
        let mut rest = vec![self.lacing.len() as u8];
        rest.append(&mut self.lacing);
        rest.append(&mut self.body);
        // The sum is taken of the page with zeros in its place.
        let summed = head.iter().chain(&[0; 4]).chain(&rest);
        let sum = summed.fold(0, |sum, byte| step(sum, *byte));
        out.append(&mut head);
        out.extend_from_slice(&u32::to_le_bytes(sum));
        out.append(&mut rest);
        self.sequence = self.sequence.wrapping_add(1);
        self.packets = 0;
    }
}

/// The next state of the sum over a page: a CRC of 32 bits, highest bit first, begun with zero.
fn step(sum: u32, byte: u8) -> u32 {
    const POLYNOMIAL: u32 = 0x04c1_1db7;
    (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
        if sum >> 31 == 1 { sum << 1 ^ POLYNOMIAL } else { sum << 1 }
    })
}
