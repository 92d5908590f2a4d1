use crate::escape;

/// How values lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their ratio; both ends must be above 0.
    Logarithmic,
}

/// One axis of a [`Chart`].
#[derive(Debug, Clone)]
pub struct Axis {
    /// What is measured, with its unit.
    pub label: String,
    /// The value at the left or bottom.
    pub from: f64,
    /// The value at the right or top.
    pub to: f64,
    /// How values lie between.
    pub scale: Scale,
    /// Where lines and labels stand.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis with a labelled tick at each multiple of `step`.
    pub fn linear(label: &str, from: f64, to: f64, step: f64) -> Self {
        // As many decimals as the step has: three times 0.1 is not written as what it is in binary.
        let decimals =
            (0..9).find(|d| is_whole(step * libm::pow(10.0, f64::from(*d)))).unwrap_or(9);
        let ticks = ((from / step).ceil() as i64..=(to / step).floor() as i64)
            .map(|k| k as f64 * step)
            .map(|value| (value, format!("{value:.*}", decimals as usize)))
            .collect();
        Self { label: label.to_owned(), from, to, scale: Scale::Linear, ticks }
    }

    /// An axis of named places, each one wide.
    pub fn named(label: &str, names: &[&str]) -> Self {
        let middles = names.iter().enumerate();
        Self {
            label: label.to_owned(),
            from: 0.0,
            to: names.len() as f64,
            scale: Scale::Linear,
            ticks: middles.map(|(at, name)| (at as f64 + 0.5, (*name).to_owned())).collect(),
        }
    }

    /// A time axis in seconds with ticks in minutes and seconds.
    pub fn time(seconds: f64) -> Self {
        let step = [5.0, 10.0, 15.0, 30.0, 60.0, 120.0]
            .into_iter()
            .find(|step| seconds / step <= 12.0)
            .unwrap_or(300.0);
        let ticks = (0..=(seconds / step) as u32)
            .map(|k| f64::from(k) * step)
            .map(|at| (at, format!("{}:{:02}", at as u32 / 60, at as u32 % 60)))
            .collect();
        Self { label: "time".to_owned(), from: 0.0, to: seconds, scale: Scale::Linear, ticks }
    }

    /// Where a value lies, 0 to 1 between the ends.
    fn place(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Logarithmic => libm::log(value / self.from) / libm::log(self.to / self.from),
        }
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6
}

/// A colour of the house, chosen by meaning; the page defines both themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// What the picture is about.
    Accent,
    /// What it is compared with.
    Quiet,
    /// What must not be crossed.
    Limit,
    /// One of eight hues that tell parts apart.
    Part(u8),
}

impl Colour {
    fn class(self) -> String {
        match self {
            Colour::Accent => "accent".to_owned(),
            Colour::Quiet => "quiet".to_owned(),
            Colour::Limit => "limit".to_owned(),
            Colour::Part(index) => format!("part{}", index % 8),
        }
    }
}

/// A rectangle in the values of the axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Left and right.
    pub x: (f64, f64),
    /// Bottom and top.
    pub y: (f64, f64),
    /// Opacity, 0 to 1.
    pub strength: f64,
    /// Words inside, or none.
    pub label: String,
}

/// One thing drawn on a [`Chart`].
#[derive(Debug, Clone)]
pub enum Layer {
    /// A line through points; it breaks where a value is none.
    Line(Colour, Vec<(f64, Option<f64>)>),
    /// The space between two values at each place.
    Area(Colour, Vec<(f64, f64, f64)>),
    /// Rectangles.
    Blocks(Colour, Vec<Block>),
    /// A level line with words.
    Rule(Colour, f64, String),
}

/// A chart over two axes. It has no width of its own: the page gives it one.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Said to those who do not see the picture.
    pub description: String,
    /// Across.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// Drawn in order.
    pub layers: Vec<Layer>,
    /// Height for a width of 1000.
    pub height: u32,
}

const LEFT: f64 = 64.0;
const RIGHT: f64 = 988.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 30.0;

impl Chart {
    /// The chart as one `<svg>` element.
    pub fn svg(&self) -> String {
        let mut out = format!(
            "<svg viewBox=\"0 0 1000 {}\" role=\"img\" aria-label=\"{}\">\n",
            self.height,
            escape(&self.description)
        );
        self.axes(&mut out);
        for layer in &self.layers {
            match layer {
                Layer::Line(colour, points) => self.line(&mut out, *colour, points),
                Layer::Area(colour, spans) => self.area(&mut out, *colour, spans),
                Layer::Blocks(colour, blocks) => self.blocks(&mut out, *colour, blocks),
                Layer::Rule(colour, value, words) => self.rule(&mut out, *colour, *value, words),
            }
        }
        out.push_str("</svg>\n");
        out
    }

    fn across(&self, value: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * self.x.place(value).clamp(0.0, 1.0)
    }

    fn up(&self, value: f64) -> f64 {
        let bottom = f64::from(self.height) - BOTTOM;
        bottom - (bottom - TOP) * self.y.place(value).clamp(0.0, 1.0)
    }

    fn axes(&self, out: &mut String) {
        let bottom = f64::from(self.height) - BOTTOM;
        for (value, label) in &self.x.ticks {
            let x = self.across(*value);
            put(out, format_args!("<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom:.1}\"/>"));
            put(
                out,
                format_args!(
                    "<text class=\"x\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                    bottom + 16.0,
                    escape(label)
                ),
            );
        }
        for (value, label) in &self.y.ticks {
            let y = self.up(*value);
            put(out, format_args!("<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>"));
            put(
                out,
                format_args!(
                    "<text class=\"y\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    LEFT - 8.0,
                    y + 4.0,
                    escape(label)
                ),
            );
        }
        put(
            out,
            format_args!(
                "<text class=\"label\" transform=\"translate(14 {:.1}) rotate(-90)\">{}</text>",
                (TOP + bottom) / 2.0,
                escape(&self.y.label)
            ),
        );
    }

    fn line(&self, out: &mut String, colour: Colour, points: &[(f64, Option<f64>)]) {
        let mut path = String::new();
        let mut pen = 'M';
        for (x, y) in points {
            match y {
                Some(y) => {
                    put(&mut path, format_args!("{pen}{:.1} {:.1}", self.across(*x), self.up(*y)));
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
        put(out, format_args!("<path class=\"line {}\" d=\"{path}\"/>\n", colour.class()));
    }

    fn area(&self, out: &mut String, colour: Colour, spans: &[(f64, f64, f64)]) {
        let mut path = String::new();
        let there = spans.iter().map(|(x, _, high)| (*x, *high));
        let back = spans.iter().rev().map(|(x, low, _)| (*x, *low));
        for (n, (x, y)) in there.chain(back).enumerate() {
            let pen = if n == 0 { 'M' } else { 'L' };
            put(&mut path, format_args!("{pen}{:.1} {:.1}", self.across(x), self.up(y)));
        }
        put(out, format_args!("<path class=\"area {}\" d=\"{path}Z\"/>\n", colour.class()));
    }

    fn blocks(&self, out: &mut String, colour: Colour, blocks: &[Block]) {
        put(out, format_args!("<g class=\"{}\">\n", colour.class()));
        for block in blocks {
            let (left, right) = (self.across(block.x.0), self.across(block.x.1));
            let (bottom, top) = (self.up(block.y.0), self.up(block.y.1));
            put(
                out,
                format_args!(
                    "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" opacity=\"{:.2}\"/>",
                    (right - left).max(0.6),
                    (bottom - top).max(0.6),
                    block.strength.clamp(0.0, 1.0)
                ),
            );
            if !block.label.is_empty() {
                put(
                    out,
                    format_args!(
                        "<text class=\"in\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                        left + 5.0,
                        bottom - 6.0,
                        escape(&block.label)
                    ),
                );
            }
        }
        out.push_str("</g>\n");
    }

    fn rule(&self, out: &mut String, colour: Colour, value: f64, words: &str) {
        let y = self.up(value);
        put(
            out,
            format_args!("<path class=\"rule {}\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>", colour.class()),
        );
        put(
            out,
            format_args!(
                "<text class=\"rule {}\" x=\"{RIGHT}\" y=\"{:.1}\">{}</text>\n",
                colour.class(),
                y - 5.0,
                escape(words)
            ),
        );
    }
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.push_str(&what.to_string());
}

#[cfg(test)]
mod tests {
    use super::{Axis, Block, Chart, Colour, Layer};

    #[test]
    fn a_chart_draws_what_it_is_given() {
        let chart = Chart {
            description: "a \"test\"".to_owned(),
            x: Axis::time(30.0),
            y: Axis::linear("LUFS", -40.0, 0.0, 10.0),
            layers: vec![
                Layer::Line(
                    Colour::Accent,
                    vec![(0.0, Some(-20.0)), (10.0, None), (20.0, Some(-10.0))],
                ),
                Layer::Blocks(
                    Colour::Part(9),
                    vec![Block {
                        x: (0.0, 15.0),
                        y: (-40.0, 0.0),
                        strength: 0.5,
                        label: "A<B".to_owned(),
                    }],
                ),
                Layer::Rule(Colour::Limit, -14.0, "target".to_owned()),
            ],
            height: 200,
        };
        let svg = chart.svg();
        assert!(svg.contains("a &quot;test&quot;") && svg.contains("A&lt;B"));
        assert!(svg.contains("M64.0 90.0M680.0 50.0"), "{svg}");
        assert!(svg.contains(">0:05<") && svg.contains(">-40<"));
        assert!(svg.contains("part1"));
    }
}
